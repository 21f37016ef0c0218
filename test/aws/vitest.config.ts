import { defineConfig } from "vitest/config";

/** `npm run test:aws`: the real bundles in the real runtime interface client, against the AWS fake. Installs that client when it is not there. */
export default defineConfig({
  test: {
    include: ["test/aws/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Each file has its own functions and cluster: two at a time is what the machine bears.
    maxWorkers: 2,
    update: "none",
  },
});
