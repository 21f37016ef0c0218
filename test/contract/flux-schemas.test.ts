import { createSandbox } from "../../lib/local/sandbox/sandbox.ts";
import { createClient } from "./client.ts";
import { describeFluxSchemas } from "./flux-schemas.ts";
import { clientOf } from "./sandbox-admin.ts";

describeFluxSchemas("the sandbox", async () => {
  const sandbox = await createSandbox({ nodes: false });
  const { certificate, key } = clientOf(sandbox.kubeconfig());
  return { client: createClient({ url: sandbox.url, ca: sandbox.certificateAuthority, admin: { cert: certificate, key } }), stop: sandbox.stop };
});
