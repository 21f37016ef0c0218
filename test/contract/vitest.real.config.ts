import { defineConfig } from "vitest/config";

/** The contract suite against a real kube-apiserver; `npm run test:contract:real -- --update` records its answers anew. */
export default defineConfig({
  test: { root: new URL("../..", import.meta.url).pathname, include: ["test/contract/**/*.contract.ts"], testTimeout: 30_000, hookTimeout: 90_000 },
});
