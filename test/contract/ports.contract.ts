import { loadConnection } from "../../lib/kubeconfig.ts";
import { createGateWorld, tokenConnection } from "../support/gate-world.ts";
import { startApiServer } from "../support/kubernetes/api-server.ts";
import { describePorts } from "./ports.ts";

const assets = process.env.KUBEBUILDER_ASSETS ?? "";
if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');

describePorts("kube-apiserver", async () => {
  const server = await startApiServer({ assets });
  const { connection } = await loadConnection({ kubeconfig: server.kubeconfig });
  return { connection, stop: server.stop };
});

describePorts(
  "kube-apiserver, through a gate",
  async () => {
    const server = await startApiServer({ assets });
    const connection = await tokenConnection((await loadConnection({ kubeconfig: server.kubeconfig })).connection);
    const world = createGateWorld(connection);
    const stop = async (): Promise<void> => {
      world.close();
      await server.stop();
    };
    return { connection, http: world.http, stop };
  },
  { watch: "refused" },
);
