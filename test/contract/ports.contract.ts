import { loadConnection } from "../../lib/kubeconfig.ts";
import { startApiServer } from "../support/kubernetes/api-server.ts";
import { describePorts } from "./ports.ts";

const assets = process.env.KUBEBUILDER_ASSETS ?? "";
if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');

describePorts("kube-apiserver", async () => {
  const server = await startApiServer({ assets });
  const { connection } = await loadConnection({ kubeconfig: server.kubeconfig });
  return { connection, stop: server.stop };
});
