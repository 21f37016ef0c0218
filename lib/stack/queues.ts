import { ENV_APPLY_QUEUE, ENV_DELIVERY_QUEUE, ENV_LATER_QUEUE, ENV_SOURCE_QUEUE, ENV_SWEEP_QUEUE } from "@sluice/platform/lambda/environment.ts";
import type { Construct } from "constructs";
import type { Alarms } from "./alarms.ts";
import { DELIVERING_AT_ONCE, type SharedFunctions } from "./functions.ts";
import { type ConsumerOptions, WorkQueue } from "./work-queue.ts";

export type Queues = {
  readonly source: WorkQueue;
  readonly apply: WorkQueue;
  readonly sweep: WorkQueue;
  readonly later: WorkQueue;
  readonly deliveries: WorkQueue;
};

/** How much is done at once. FIFO queues give each group's messages to one at a time; these limits are for storms, over all groups. */
const CONSUMERS: { readonly [Name in keyof Queues]: ConsumerOptions } = {
  // Looks at one object that came together are one run. Git servers count requests: 20 at once is a storm for them already.
  source: { batchSize: 10, maxConcurrency: 20 },
  // A run that fails, or is killed, takes no other object with it. 50 at once leave most of an account's 1,000 to others.
  apply: { batchSize: 1, maxConcurrency: 50 },
  // The windows of a cluster that piled up are one run. A hundred clusters within their minute, a few of them dead for two.
  sweep: { batchSize: 10, maxConcurrency: 50 },
  later: { batchSize: 10, maxConcurrency: 5 },
  // Those of a batch go out side by side; one to a provider that is silent keeps its invocation for as long as its timeout, and what is received meanwhile goes to another.
  deliveries: { batchSize: 5, maxConcurrency: DELIVERING_AT_ONCE },
};

/** The queues between the functions, who reads each, and who sends to it. */
export function createQueues(scope: Construct, functions: SharedFunctions, alarms: Alarms): Queues {
  const { webhook, source, apply, sweep, relay, notify, receiver } = functions;
  const queues: Queues = {
    source: new WorkQueue(scope, "SourceQueue", { name: "source", variable: ENV_SOURCE_QUEUE, fifo: true, reader: source, alarms }),
    apply: new WorkQueue(scope, "ApplyQueue", { name: "apply", variable: ENV_APPLY_QUEUE, fifo: true, reader: apply, alarms }),
    sweep: new WorkQueue(scope, "SweepQueue", { name: "sweep", variable: ENV_SWEEP_QUEUE, fifo: true, reader: sweep, alarms }),
    later: new WorkQueue(scope, "LaterQueue", { name: "later", variable: ENV_LATER_QUEUE, fifo: false, reader: relay, alarms }),
    deliveries: new WorkQueue(scope, "DeliveryQueue", { name: "deliveries", variable: ENV_DELIVERY_QUEUE, fifo: false, reader: notify, alarms }),
  };
  queues.source.grantConsume(source, CONSUMERS.source);
  queues.apply.grantConsume(apply, CONSUMERS.apply);
  queues.sweep.grantConsume(sweep, CONSUMERS.sweep);
  queues.later.grantConsume(relay, CONSUMERS.later);
  queues.deliveries.grantConsume(notify, CONSUMERS.deliveries);

  for (const sender of [webhook, source, apply, sweep, relay, receiver]) queues.source.grantSend(sender);
  for (const sender of [source, apply, sweep, relay, receiver]) queues.apply.grantSend(sender);
  for (const sender of [source, apply, sweep, relay]) queues.later.grantSend(sender);
  queues.sweep.grantSend(sweep);
  queues.deliveries.grantSend(notify);
  return queues;
}
