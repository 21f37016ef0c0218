import { Duration } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { FunctionName } from "./bundling.ts";
import { bakedFor } from "./cluster-configs.ts";
import { CLUSTER_FUNCTIONS, type ClusterFunction } from "./cluster-plan.ts";
import { SluiceFunction, type SluiceFunctionProps } from "./sluice-function.ts";
import type { Installation } from "./stack-config.ts";

/** The functions that there is one of; gates are made for their clusters. */
export type SharedFunctionName = Exclude<FunctionName, "gate">;
export type SharedFunctions = { readonly [Name in SharedFunctionName]: SluiceFunction };

type Size = Pick<SluiceFunctionProps, "description" | "memoryMb" | "timeout" | "reservedConcurrency" | "isPartOfLoop">;

/** Lambda gives one whole processor for so much memory, and less for less. Source: Lambda, "Configure memory". */
const ONE_PROCESSOR_MB = 1769;
/** Invocations that send notifications at the same time: as many providers as that may be silent before others wait for them. */
export const DELIVERING_AT_ONCE = 20;
/**
 * Those, and as many again for events as fast as clusters make them; a storm of them waits in SNS instead of taking the account's concurrency from everything
 * else. Were it no more than what is delivered at once, events could keep messages from being taken until they are dead letters.
 */
const NOTIFY_CONCURRENCY = 2 * DELIVERING_AT_ONCE;

/** How long a run may take is how long a function that hangs keeps its group, so the time limits are what the largest runs need a few times over. */
const sizeOf = (name: SharedFunctionName): Size => {
  switch (name) {
    case "webhook":
      // A signature and a message; the memory is for the processor that a cold start needs. GitHub waits ten seconds.
      return { description: "Takes GitHub's pushes", memoryMb: 1024, timeout: Duration.seconds(10) };
    case "source":
      // Unpacking and packing a repository is one processor's work: a second for 40 MB of files (platform-facts.md §7).
      return { description: "Fetches sources into artifacts", memoryMb: ONE_PROCESSOR_MB, timeout: Duration.minutes(3), isPartOfLoop: true };
    case "apply":
      // A build and an apply of 1,000 objects take seconds; a slow API server takes the rest.
      return { description: "Builds, plans and applies", memoryMb: ONE_PROCESSOR_MB, timeout: Duration.minutes(5), isPartOfLoop: true };
    case "sweep":
      // LISTs of a whole cluster are held in memory. A cluster that does not answer costs its own minute and nobody else's; its windows are sent on meanwhile.
      return { description: "Finds what is due", memoryMb: ONE_PROCESSOR_MB, timeout: Duration.minutes(2), isPartOfLoop: true };
    case "relay":
      return { description: "Hands on delayed looks", memoryMb: 512, timeout: Duration.seconds(30), isPartOfLoop: true };
    case "notify":
      // An attempt at a provider takes a minute at most, and reading who wants the event seconds more. It waits rather than works.
      return { description: "Sends notifications", memoryMb: 512, timeout: Duration.seconds(90), reservedConcurrency: NOTIFY_CONCURRENCY, isPartOfLoop: true };
    case "receiver":
      // Who sends webhooks waits for ten seconds, some for more; the HTTP API for no more than this.
      return { description: "Answers the webhooks of Receivers", memoryMb: 1024, timeout: Duration.seconds(29) };
  }
};

const isClusterFunction = (name: SharedFunctionName): name is ClusterFunction => CLUSTER_FUNCTIONS.some((one) => one === name);

export function createFunctions(scope: Construct, installation: Installation): SharedFunctions {
  const create = (name: SharedFunctionName): SluiceFunction => {
    const { reservedConcurrency, ...size } = sizeOf(name);
    return new SluiceFunction(scope, name, {
      installation,
      name,
      ...size,
      ...(installation.reserveConcurrency && reservedConcurrency !== undefined && { reservedConcurrency }),
      ...(isClusterFunction(name) && { define: bakedFor(installation, name) }),
    });
  };
  return {
    webhook: create("webhook"),
    source: create("source"),
    apply: create("apply"),
    sweep: create("sweep"),
    relay: create("relay"),
    notify: create("notify"),
    receiver: create("receiver"),
  };
}
