import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { FLUX_VERSION, MARKER_IMAGE } from "../../../lib/config.ts";
import { install } from "../../../lib/local/prepare-cluster.ts";
import { createSandbox, type Sandbox } from "../../../lib/local/sandbox/sandbox.ts";
import type { FakeAws } from "../../support/aws/create-aws.ts";
import { connectionTo } from "../../support/reconcile/connection.ts";

export type ClusterSpec = {
  readonly name: string;
  readonly eksName?: string;
  readonly region?: string;
  /** Reached through a gate, as if its endpoint were in a VPC. */
  readonly private?: true;
  /** Another account's; reached by a role of it. */
  readonly account?: string;
};

export type WorldCluster = {
  readonly spec: ClusterSpec;
  readonly sandbox: Sandbox;
  /** As administrator, beside EKS. */
  readonly admin: Cluster;
  stop(): Promise<void>;
};

const POLICY = "AmazonEKSClusterAdminPolicy";

export const eksNameOf = ({ name, eksName }: ClusterSpec): string => eksName ?? name;

/** The role by which a function reaches a cluster: its own, or one of the cluster's account. */
export const accessRoleOf = (aws: FakeAws, spec: ClusterSpec, name: "source" | "apply" | "sweep"): string =>
  `arn:aws:iam::${spec.account ?? aws.account}:role/sluice-${name}`;

/** A sandbox behind EKS: its endpoint is DescribeCluster's, its tokens are IAM's, its access entries are those of lib/stack/access-entries.ts. */
export async function startCluster(aws: FakeAws, spec: ClusterSpec): Promise<WorldCluster> {
  const eksName = eksNameOf(spec);
  const place = { region: spec.region ?? aws.region, account: spec.account ?? aws.account };
  const sandbox = await createSandbox({
    authenticateToken: async (token) => {
      const user = aws.authenticateToken(token, eksName, place);
      return user && { name: user.name, groups: user.groups, extra: { arn: [user.arn] } };
    },
  });
  const http = createHttp(connectionTo(sandbox));
  const admin = createCluster(http, createKinds(http));
  aws.eks.putCluster({ name: eksName, endpoint: sandbox.url, certificateAuthority: sandbox.certificateAuthority }, place);
  for (const name of ["source", "apply", "sweep"] as const) {
    const access = { groups: [`sluice:${name}`], ...(name === "apply" && { policies: [{ policy: POLICY }] }) };
    aws.eks.allow(eksName, accessRoleOf(aws, spec, name), access, place);
  }
  const options = { namespace: "flux-system", version: FLUX_VERSION, image: MARKER_IMAGE, cluster: { name: spec.name, region: place.region } };
  await install(admin, options);
  return {
    spec,
    sandbox,
    admin,
    stop: async () => {
      http.close();
      await sandbox.stop();
    },
  };
}
