import { createSandbox } from "../../lib/local/sandbox/sandbox.ts";
import { describeCluster } from "./describe-cluster.ts";
import { clientOf } from "./sandbox-admin.ts";

describeCluster("sandbox", async () => {
  const sandbox = await createSandbox({ nodes: false });
  return {
    url: sandbox.url,
    ca: sandbox.certificateAuthority,
    admin: clientOf(sandbox.kubeconfig()),
    issue: (user, groups) => clientOf(sandbox.kubeconfigFor(user, groups)),
    stop: sandbox.stop,
  };
});
