import { defineConfig } from "vitest/config";

/** `npm run test:mutation`: every mutation of the corpus, on the API server that KUBECONFIG names. Takes minutes. */
export default defineConfig({
  test: {
    include: ["test/mutation/mutation.test.ts"],
    maxConcurrency: 4,
    testTimeout: 1_200_000,
    hookTimeout: 120_000,
    update: "none",
    fileParallelism: false,
  },
});
