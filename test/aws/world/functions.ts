import type { ClusterConfig, HostSettings } from "@sluice/platform/lambda/cluster-config.ts";
import {
  ENV_APPLY_QUEUE,
  ENV_ARTIFACT_BUCKET,
  ENV_CLUSTERS,
  ENV_DEAD_LETTER_QUEUE,
  ENV_DELIVERY_QUEUE,
  ENV_EVENT_TOPIC,
  ENV_GATE_SERVERS,
  ENV_LATER_QUEUE,
  ENV_SETTINGS,
  ENV_SOURCE_QUEUE,
  ENV_SWEEP_QUEUE,
  ENV_WEBHOOK_SECRET,
} from "@sluice/platform/lambda/environment.ts";
import { BUNDLE_HANDLER, type FunctionName } from "../../../lib/stack/bundling.ts";
import type { FakeAws } from "../../support/aws/create-aws.ts";
import type { Credentials } from "../../support/aws/identity.ts";
import { createFunction, type LambdaFunction } from "../../support/lambda/function.ts";
import type { Bundles } from "./bundles.ts";
import { ACCESS, accessRoleOf, type ClusterSpec, type WorldCluster } from "./clusters.ts";
import { deadLettersOf, nameOf, type QueueName } from "./queues.ts";

export type SharedName = Exclude<FunctionName, "gate">;
export const SHARED_NAMES = ["webhook", "source", "apply", "sweep", "relay", "notify", "receiver"] as const satisfies readonly SharedName[];

/** What is deployed, as the stack's other constructs would tell the functions. */
export type Deployed = {
  readonly aws: FakeAws;
  readonly clusters: readonly WorldCluster[];
  readonly bucket: string;
  readonly topicArn: string;
  readonly secretArn: string;
  readonly settings: HostSettings;
  /** What `notify` is told of the channels of the installation itself. */
  readonly channels?: Readonly<Record<string, string>>;
  readonly runtime: string;
  readonly bundles: Bundles;
  /** Instead of the stack's time limits. */
  readonly timeoutMs?: number;
  readonly concurrency: number;
  /** Given to functions, by their names. */
  readonly credentials: Map<string, Credentials>;
};

export const gateNameOf = (cluster: string): string => `sluice-gate-${cluster}`;
const roleOf = (aws: FakeAws, name: string): string => `arn:aws:iam::${aws.account}:role/sluice-${name}`;

type Size = { readonly seconds: number; readonly memoryMb: number };
/** As lib/stack/functions.ts has them. */
export const SIZES: { readonly [Name in FunctionName]: Size } = {
  webhook: { seconds: 10, memoryMb: 1024 },
  source: { seconds: 180, memoryMb: 1769 },
  apply: { seconds: 300, memoryMb: 1769 },
  sweep: { seconds: 120, memoryMb: 1769 },
  relay: { seconds: 30, memoryMb: 512 },
  notify: { seconds: 90, memoryMb: 512 },
  receiver: { seconds: 29, memoryMb: 1024 },
  gate: { seconds: 120, memoryMb: 1024 },
};

export function createShared(deployed: Deployed, name: SharedName): LambdaFunction {
  return create(deployed, name, `sluice-${name}`, environmentOf(deployed, name));
}

export function createGate(deployed: Deployed, { spec, url }: WorldCluster): LambdaFunction {
  return create(deployed, "gate", gateNameOf(spec.name), gateEnvironment(deployed.bucket, url));
}

export const gateEnvironment = (bucket: string, url: string): Readonly<Record<string, string>> => ({
  [ENV_ARTIFACT_BUCKET]: bucket,
  [ENV_GATE_SERVERS]: new URL(url).host,
});

function create(deployed: Deployed, name: FunctionName, functionName: string, own: Readonly<Record<string, string>>): LambdaFunction {
  const { aws, runtime, concurrency } = deployed;
  const { seconds, memoryMb } = SIZES[name];
  const credentials = aws.credentialsOf(roleOf(aws, name), functionName, 12 * 3600);
  deployed.credentials.set(functionName, credentials);
  return createFunction({
    name: functionName,
    bundle: deployed.bundles.of(name),
    handler: BUNDLE_HANDLER,
    environment: { ...own, AWS_ENDPOINT_URL: aws.url, NODE_OPTIONS: "--enable-source-maps" },
    timeoutMs: Math.min(deployed.timeoutMs ?? Number.POSITIVE_INFINITY, seconds * 1000),
    memoryMb,
    concurrency,
    region: aws.region,
    account: aws.account,
    credentials,
    runtime,
  });
}

/** Who is told of what: the `grant…` lines of lib/stack/sluice-stack.ts and lib/stack/queues.ts. */
export function environmentOf(
  deployed: Pick<Deployed, "aws" | "clusters" | "bucket" | "topicArn" | "secretArn" | "settings" | "channels">,
  name: SharedName,
): Readonly<Record<string, string>> {
  const { aws, bucket, topicArn, secretArn, channels = {} } = deployed;
  const url = (queue: QueueName): string => aws.sqs.url(nameOf(queue));
  const reads = (queue: QueueName) => ({ [ENV_DEAD_LETTER_QUEUE]: aws.sqs.url(deadLettersOf(queue)) });
  const sends = { [ENV_SOURCE_QUEUE]: url("source"), [ENV_APPLY_QUEUE]: url("apply"), [ENV_LATER_QUEUE]: url("later") };
  const engine = { ...sends, ...baked(deployed, name), [ENV_ARTIFACT_BUCKET]: bucket, [ENV_EVENT_TOPIC]: topicArn };
  switch (name) {
    case "webhook":
      return { [ENV_SOURCE_QUEUE]: url("source"), [ENV_WEBHOOK_SECRET]: secretArn };
    case "source":
      return { ...engine, ...reads("source") };
    case "apply":
      return { ...engine, ...reads("apply") };
    case "sweep":
      return { ...engine, ...reads("sweep"), [ENV_SWEEP_QUEUE]: url("sweep") };
    case "relay":
      return { ...sends, ...reads("later") };
    case "notify":
      return { ...baked(deployed, name), ...reads("deliveries"), [ENV_DELIVERY_QUEUE]: url("deliveries"), [ENV_ARTIFACT_BUCKET]: bucket, ...channels };
    case "receiver":
      return { ...baked(deployed, name), [ENV_SOURCE_QUEUE]: url("source"), [ENV_APPLY_QUEUE]: url("apply"), [ENV_ARTIFACT_BUCKET]: bucket };
  }
}

/** What the stack bakes into the bundles. */
function baked({ aws, clusters, settings }: Pick<Deployed, "aws" | "clusters" | "settings">, name: SharedName): Readonly<Record<string, string>> {
  return { [ENV_CLUSTERS]: JSON.stringify(clusters.map(({ spec }) => configOf(aws, spec, name))), [ENV_SETTINGS]: JSON.stringify(settings) };
}

const isClusterFunction = (name: SharedName): name is keyof typeof ACCESS => name in ACCESS;

function configOf(aws: FakeAws, spec: ClusterSpec, name: SharedName): ClusterConfig {
  const { name: cluster, eksName, region = aws.region, account } = spec;
  return {
    name: cluster,
    region,
    ...(eksName !== undefined && { eksName }),
    ...(account !== undefined && isClusterFunction(name) && { roleArn: accessRoleOf(aws, spec, name) }),
    ...(spec.private && { gate: gateNameOf(cluster) }),
  };
}
