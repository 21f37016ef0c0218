import { defineConfig } from "vitest/config";

/** The command `sluice` beside the real `flux`, on a real kube-apiserver. */
export default defineConfig({
  test: { root: new URL("../..", import.meta.url).pathname, include: ["test/cli/**/*.real.ts"], testTimeout: 120_000, hookTimeout: 180_000 },
});
