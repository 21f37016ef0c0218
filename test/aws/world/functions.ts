import type { ClusterConfig, HostSettings } from "@sluice/platform/lambda/cluster-config.ts";
import {
  ENV_APPLY_QUEUE,
  ENV_ARTIFACT_BUCKET,
  ENV_CLUSTERS,
  ENV_DEAD_LETTER_QUEUE,
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
import { createFunction, type LambdaFunction } from "../../support/lambda/function.ts";
import { bundleOf } from "./bundles.ts";
import { accessRoleOf, type ClusterSpec, type WorldCluster } from "./clusters.ts";
import { deadLettersOf, nameOf, type QueueName } from "./queues.ts";

export type SharedName = Exclude<FunctionName, "gate">;
export const SHARED_NAMES = ["webhook", "source", "apply", "sweep", "relay", "notify"] as const satisfies readonly SharedName[];

/** What is deployed, as the stack's other constructs would tell the functions. */
export type Deployed = {
  readonly aws: FakeAws;
  readonly clusters: readonly WorldCluster[];
  readonly bucket: string;
  readonly topicArn: string;
  readonly secretArn: string;
  readonly settings: HostSettings;
  readonly runtime: string;
  /** Instead of the stack's time limits. */
  readonly timeoutMs?: number;
  readonly concurrency: number;
};

export const gateNameOf = (cluster: string): string => `sluice-gate-${cluster}`;
const roleOf = (aws: FakeAws, name: string): string => `arn:aws:iam::${aws.account}:role/sluice-${name}`;

/** As lib/stack/functions.ts has them, in seconds. */
const TIMEOUTS: { readonly [Name in FunctionName]: number } = { webhook: 10, source: 180, apply: 300, sweep: 120, relay: 30, notify: 30, gate: 120 };
export const timeoutSeconds = (name: FunctionName): number => TIMEOUTS[name];
const MEMORY: { readonly [Name in FunctionName]: number } = { webhook: 1024, source: 1769, apply: 1769, sweep: 1769, relay: 512, notify: 512, gate: 1024 };

export function createShared(deployed: Deployed, name: SharedName): LambdaFunction {
  return create(deployed, name, `sluice-${name}`, environmentOf(deployed, name));
}

export function createGate(deployed: Deployed, { spec, url }: WorldCluster): LambdaFunction {
  const environment = { [ENV_ARTIFACT_BUCKET]: deployed.bucket, [ENV_GATE_SERVERS]: new URL(url).host };
  return create(deployed, "gate", gateNameOf(spec.name), environment);
}

function create(deployed: Deployed, name: FunctionName, functionName: string, own: Readonly<Record<string, string>>): LambdaFunction {
  const { aws, runtime, timeoutMs = TIMEOUTS[name] * 1000, concurrency } = deployed;
  return createFunction({
    name: functionName,
    bundle: bundleOf(name),
    handler: BUNDLE_HANDLER,
    environment: { ...own, AWS_ENDPOINT_URL: aws.url, NODE_OPTIONS: "--enable-source-maps" },
    timeoutMs: Math.min(timeoutMs, TIMEOUTS[name] * 1000),
    memoryMb: MEMORY[name],
    concurrency,
    region: aws.region,
    account: aws.account,
    credentials: aws.credentialsOf(roleOf(aws, name), functionName, 12 * 3600),
    runtime,
  });
}

/** Who is told of what: the `grant…` lines of lib/stack/sluice-stack.ts and lib/stack/queues.ts. */
function environmentOf(deployed: Deployed, name: SharedName): Readonly<Record<string, string>> {
  const { aws, bucket, topicArn, secretArn } = deployed;
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
      return {};
  }
}

/** What the stack bakes into the bundles. */
function baked({ aws, clusters, settings }: Deployed, name: SharedName): Readonly<Record<string, string>> {
  return { [ENV_CLUSTERS]: JSON.stringify(clusters.map(({ spec }) => configOf(aws, spec, name))), [ENV_SETTINGS]: JSON.stringify(settings) };
}

function configOf(aws: FakeAws, spec: ClusterSpec, name: SharedName): ClusterConfig {
  const { name: cluster, eksName, region = aws.region, account } = spec;
  return {
    name: cluster,
    region,
    ...(eksName !== undefined && { eksName }),
    ...(account !== undefined && (name === "source" || name === "apply" || name === "sweep") && { roleArn: accessRoleOf(aws, spec, name) }),
    ...(spec.private && { gate: gateNameOf(cluster) }),
  };
}
