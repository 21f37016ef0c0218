import { spawn } from "node:child_process";
import { once } from "node:events";
import { startApiServer } from "./api-server.ts";

/**
 * Runs a command with KUBECONFIG naming a fresh real API server, and ends as it ends:
 * `node test/support/kubernetes/with-api-server.ts npm run test:mutation`. Fails when KUBEBUILDER_ASSETS names no folder.
 */
const [program, ...words] = process.argv.slice(2);
const assets = process.env.KUBEBUILDER_ASSETS;
if (program === undefined) throw new Error("usage: with-api-server.ts COMMAND [ARGUMENT ...]");
if (assets === undefined || assets === "") throw new Error("KUBEBUILDER_ASSETS must name a folder with kube-apiserver, etcd and kube-controller-manager");

const server = await startApiServer({ assets, controllers: true });
try {
  const child = spawn(program, words, { stdio: "inherit", env: { ...process.env, KUBECONFIG: server.kubeconfig } });
  const [code] = await once(child, "exit");
  process.exitCode = typeof code === "number" ? code : 1;
} finally {
  await server.stop();
}
