import { defineConfig } from "vitest/config";

/** `npm run test:e2e:real`: KUBEBUILDER_ASSETS names a folder with kube-apiserver, etcd and kube-controller-manager, FLUX the real flux command. */
export default defineConfig({
  test: { root: new URL("../..", import.meta.url).pathname, include: ["test/e2e/**/*.e2e.ts"], testTimeout: 120_000, hookTimeout: 180_000 },
});
