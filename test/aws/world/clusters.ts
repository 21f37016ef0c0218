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
import { type ApiRequests, createApiRequests } from "./api-requests.ts";
import { type Network, startNetwork } from "./network.ts";

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
  /** Of the API server, as EKS says it. */
  readonly url: string;
  /** Between that address and the server. */
  readonly network: Network;
  /** Unless it is a real cluster. */
  readonly sandbox?: Sandbox;
  /** What reaches the sandbox, and what goes wrong there. */
  readonly api?: ApiRequests;
  /** As administrator, beside EKS. */
  readonly admin: Cluster;
  stop(): Promise<void>;
};

/** As lib/stack/access-entries.ts has them, for a cluster with full access. */
export const ACCESS = {
  source: { groups: ["sluice:source"] },
  apply: { groups: ["sluice:apply"], policies: [{ policy: "AmazonEKSClusterAdminPolicy" }] },
  sweep: { groups: ["sluice:sweep"] },
  notify: { groups: ["sluice:notify"] },
  receiver: { groups: ["sluice:receiver"] },
} as const;

const FUNCTIONS = Object.keys(ACCESS) as readonly (keyof typeof ACCESS)[];

export const eksNameOf = ({ name, eksName }: ClusterSpec): string => eksName ?? name;

/** The role by which a function reaches a cluster: its own, or one of the cluster's account. */
export const accessRoleOf = (aws: FakeAws, spec: ClusterSpec, name: keyof typeof ACCESS): string =>
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
  const server = assets === undefined ? await startSandbox(authenticateToken, () => network.cut()) : await startReal(assets, authenticateToken);
  const { certificateAuthority } = server;
  const network = await startNetwork(server.url);
  const url = network.url();
  const http = createHttp(server.connection);
  const admin = createCluster(http, createKinds(http));
  aws.eks.putCluster({ name: eksName, endpoint: url, certificateAuthority }, place);
  for (const name of FUNCTIONS) aws.eks.allow(eksName, accessRoleOf(aws, spec, name), ACCESS[name], place);
  const options = { namespace: "flux-system", version: FLUX_VERSION, image: MARKER_IMAGE, cluster: { name: spec.name, region: place.region } };
  await install(admin, options);
  return {
    spec,
    url,
    network,
    ...(server.sandbox !== undefined && { sandbox: server.sandbox }),
    ...(server.api !== undefined && { api: server.api }),
    admin,
    stop: async () => {
      http.close();
      await network.stop();
      await server.stop();
    },
  };
}

type Server = {
  readonly url: string;
  readonly certificateAuthority: string;
  readonly connection: Connection;
  readonly sandbox?: Sandbox;
  readonly api?: ApiRequests;
  stop(): Promise<void>;
};

async function startSandbox(authenticateToken: AuthenticateToken, cut: () => void): Promise<Server> {
  const api = createApiRequests({
    version: () => sandbox.store.resourceVersion(),
    uid: (group, plural, namespace, name) => sandbox.store.get({ group, plural }, namespace, name)?.metadata.uid,
    cut,
  });
  const sandbox = await createSandbox({ authenticateToken, intercept: api.intercept });
  const { url, certificateAuthority, stop } = sandbox;
  return { url, certificateAuthority, connection: connectionTo(sandbox), sandbox, api, stop };
}

async function startReal(assets: string, authenticateToken: AuthenticateToken): Promise<Server> {
  const { url, ca, admin, stop } = await startApiServer({ assets, authenticateToken });
  const connection = { server: url, certificateAuthority: ca, clientCertificate: Buffer.from(admin.certificate), clientKey: Buffer.from(admin.key) };
  return { url, certificateAuthority: ca, connection, stop };
}
