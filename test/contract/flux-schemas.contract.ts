import { startApiServer } from "../support/kubernetes/api-server.ts";
import { createClient } from "./client.ts";
import { describeFluxSchemas } from "./flux-schemas.ts";

const assets = process.env.KUBEBUILDER_ASSETS ?? "";
if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');

describeFluxSchemas("kube-apiserver", async () => {
  const server = await startApiServer({ assets, controllers: false });
  const client = createClient({ url: server.url, ca: server.ca, admin: { cert: server.admin.certificate, key: server.admin.key } });
  return { client, stop: server.stop };
});
