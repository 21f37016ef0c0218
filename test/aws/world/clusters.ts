import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { FLUX_VERSION, MARKER_IMAGE } from "../../../lib/config.ts";
import { install } from "../../../lib/local/prepare-cluster.ts";
import { createSandbox, type Sandbox } from "../../../lib/local/sandbox/sandbox.ts";
import type { FakeAws } from "../../support/aws/create-aws.ts";
import { startApiServer } from "../../support/kubernetes/api-server.ts";
import type { AuthenticateToken } from "../../support/kubernetes/token-webhook.ts";
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
  /** Of the API server. */
  readonly url: string;
  /** Unless it is a real cluster. */
  readonly sandbox?: Sandbox;
  /** As administrator, beside EKS. */
  readonly admin: Cluster;
  stop(): Promise<void>;
};

/** As lib/stack/access-entries.ts has them, for a cluster with full access. */
export const ACCESS = {
  source: { groups: ["sluice:source"] },
  apply: { groups: ["sluice:apply"], policies: [{ policy: "AmazonEKSClusterAdminPolicy" }] },
  sweep: { groups: ["sluice:sweep"] },
} as const;

export const eksNameOf = ({ name, eksName }: ClusterSpec): string => eksName ?? name;

/** The role by which a function reaches a cluster: its own, or one of the cluster's account. */
export const accessRoleOf = (aws: FakeAws, spec: ClusterSpec, name: "source" | "apply" | "sweep"): string =>
  `arn:aws:iam::${spec.account ?? aws.account}:role/sluice-${name}`;

/**
 * A cluster behind EKS: its endpoint is DescribeCluster's, its tokens are IAM's, its access entries are those of lib/stack/access-entries.ts. A sandbox,
 * or with `assets` (what KUBEBUILDER_ASSETS names) a real one.
 */
export async function startCluster(aws: FakeAws, spec: ClusterSpec, assets?: string): Promise<WorldCluster> {
  const eksName = eksNameOf(spec);
  const place = { region: spec.region ?? aws.region, account: spec.account ?? aws.account };
  const authenticateToken: AuthenticateToken = async (token) => {
    const user = aws.authenticateToken(token, eksName, place);
    return user && { name: user.name, groups: user.groups, extra: { arn: [user.arn] } };
  };
  const server = assets === undefined ? await startSandbox(authenticateToken) : await startReal(assets, authenticateToken);
  const { url, certificateAuthority } = server;
  const http = createHttp(server.connection);
  const admin = createCluster(http, createKinds(http));
  aws.eks.putCluster({ name: eksName, endpoint: url, certificateAuthority }, place);
  for (const name of ["source", "apply", "sweep"] as const) aws.eks.allow(eksName, accessRoleOf(aws, spec, name), ACCESS[name], place);
  const options = { namespace: "flux-system", version: FLUX_VERSION, image: MARKER_IMAGE, cluster: { name: spec.name, region: place.region } };
  await install(admin, options);
  return {
    spec,
    url,
    ...(server.sandbox !== undefined && { sandbox: server.sandbox }),
    admin,
    stop: async () => {
      http.close();
      await server.stop();
    },
  };
}

type Server = {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly connection: Connection;
  readonly sandbox?: Sandbox;
  stop(): Promise<void>;
};

async function startSandbox(authenticateToken: AuthenticateToken): Promise<Server> {
  const sandbox = await createSandbox({ authenticateToken });
  const { url, certificateAuthority, stop } = sandbox;
  return { url, certificateAuthority, connection: connectionTo(sandbox), sandbox, stop };
}

async function startReal(assets: string, authenticateToken: AuthenticateToken): Promise<Server> {
  const { url, ca, admin, stop } = await startApiServer({ assets, authenticateToken });
  const connection = { server: url, certificateAuthority: ca, clientCertificate: Buffer.from(admin.certificate), clientKey: Buffer.from(admin.key) };
  return { url, certificateAuthority: ca, connection, stop };
}
