import { defineConfig } from "vitest/config";

/** `npm run test:helm:real`: KUBEBUILDER_ASSETS names a folder with kube-apiserver, etcd and kube-controller-manager, FLUX the real flux command. */
export default defineConfig({
  test: {
    root: new URL("../../..", import.meta.url).pathname,
    include: ["test/helm/real/**/*.real.ts"],
    // Each has a cluster of its own, and mostly waits for it.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
