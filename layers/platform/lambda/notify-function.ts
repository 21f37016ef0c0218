import { randomBytes, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ms } from "@sluice/engine/domain/time.ts";
import type { Deliveries } from "@sluice/engine/ports/deliveries.ts";
import type { Notes } from "@sluice/engine/ports/notes.ts";
import type { Notifier } from "@sluice/engine/ports/notifier.ts";
import type { Channels } from "@sluice/engine/reconcile/notify/deps.ts";
import { createNotifications, type Notifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { createSilences, type Silences } from "@sluice/engine/reconcile/notify/silence.ts";
import type { SNSEvent, SQSEvent } from "aws-lambda";
import { CLIENT_OPTIONS } from "../aws/client-options.ts";
import { createEventSink } from "../kubernetes/events.ts";
import { createAwsRequests } from "../notifications/aws/aws-requests.ts";
import { createNotifier } from "../notifications/notifier.ts";
import { S3_CLIENT_OPTIONS } from "../s3/client-options.ts";
import { createS3Notes } from "../s3/notes.ts";
import { createSecretCache } from "../secrets/secrets.ts";
import { postpone, putAside } from "../sqs/dead-letters.ts";
import { createSqsDeliveries } from "../sqs/deliveries.ts";
import type { OpenCluster } from "./cluster-access.ts";
import type { HostSettings } from "./cluster-config.ts";
import { createClusterRuns } from "./cluster-runs.ts";
import { deadline } from "./deadline.ts";
import { createDeliveryWorker } from "./delivery-worker.ts";
import {
  ENV_AMAZON_Q_TOPIC,
  ENV_AMAZON_Q_WANTS,
  ENV_ARTIFACT_BUCKET,
  ENV_DEAD_LETTER_QUEUE,
  ENV_DELIVERY_QUEUE,
  ENV_SLACK_SECRET,
  MAX_RECEIVES,
} from "./environment.ts";
import { type BatchAnswer, batchAnswer, parseNotifyEvent } from "./events.ts";
import { createFunctionClusters } from "./function-clusters.ts";
import { createFunctionHost, type FunctionHost, type HostOptions } from "./function-host.ts";
import { createNotify } from "./notify.ts";
import { clustersOf, settingsOf } from "./read-environment.ts";
import { readVariable } from "./read-variable.ts";
import { createTenantDial, createTenantHttp } from "./tenant-access.ts";

/** An attempt that the function's time ends is one that nobody answered; there is time left to say so. */
const DEADLINE = deadline({ early: ms(10_000), grace: ms(8_000) });

/** Composition root of `notify`: the topic of events, and the queue of deliveries that it fills. */
export function createNotifyFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "notify", ...options });
  const s3 = new S3Client({ ...S3_CLIENT_OPTIONS });
  const sqs = new SQSClient({ ...CLIENT_OPTIONS });
  const bucket = readVariable(environment, ENV_ARTIFACT_BUCKET);
  const queueUrl = readVariable(environment, ENV_DELIVERY_QUEUE);
  const deadLetterUrl = readVariable(environment, ENV_DEAD_LETTER_QUEUE);
  const settings = settingsOf(environment);
  const deliveries = createSqsDeliveries({ client: sqs, url: queueUrl, clock: host.clock });
  const made: Made = {
    host,
    settings,
    deliveries,
    notes: createS3Notes({ client: s3, bucket, unique: randomUUID }),
    notifier: createSettingsNotifier(settings, host, [queueUrl, deadLetterUrl]),
    channels: channelsOf(environment, host),
    silences: createSilences(),
  };
  const runs = createClusterRuns({ access: createFunctionClusters({ configs: clustersOf(environment), s3, bucket, host }), host });
  const notify = createNotify({
    host,
    inCluster: (name, signal, use) => runs.within(name, signal, (opened, within) => use(notificationsOf(made, opened, within))),
  });
  const work = createDeliveryWorker({
    deliver: notify.deliver,
    deliveries,
    putAside: async (message, reason) => {
      await putAside(sqs, { queueUrl, deadLetterUrl, message, reason });
      host.metrics.count("MessageAside", 1, { function: "notify", reason });
    },
    postpone: (message, seconds) => postpone(sqs, queueUrl, message.receipt, seconds),
    lastReceive: MAX_RECEIVES,
    clock: host.clock,
    log: host.log,
  });

  return {
    answer: async (event: SNSEvent | SQSEvent, _: unknown, { signal }: { readonly signal: AbortSignal }): Promise<BatchAnswer | undefined> => {
      const parsed = parseNotifyEvent(event);
      switch (parsed.kind) {
        case "topic":
          await notify.hear(parsed.messages, signal);
          return undefined;
        case "queue":
          return batchAnswer(await work(parsed.messages, signal));
      }
    },
    middleware: host.middleware,
    deadline: DEADLINE,
  };
}

type Made = {
  readonly host: FunctionHost;
  readonly settings: HostSettings;
  readonly deliveries: Deliveries;
  readonly notes: Notes;
  readonly notifier: Notifier;
  readonly channels: Channels;
  readonly silences: Silences;
};

/** For one run: what it asks of the cluster, and of a provider, ends with the run's time. */
function notificationsOf({ host, settings, ...made }: Made, { config, cluster, http }: OpenCluster, signal: AbortSignal): Notifications {
  return createNotifications({
    ...made,
    clusterName: config.name,
    cluster,
    // Not to the topic: whoever is told that nobody could be told would be told of that, too.
    events: createEventSink(http, host.clock),
    clock: host.clock,
    log: host.logOf(config.name),
    settings: { noCrossNamespaceRefs: settings.noCrossNamespaceRefs ?? false },
    signalAfter: (after) => AbortSignal.any([signal, AbortSignal.timeout(after)]),
  });
}

const createSettingsNotifier = (settings: HostSettings, { clock }: FunctionHost, ownQueues: readonly string[]): Notifier =>
  createNotifier({
    http: createTenantHttp(settings),
    dial: createTenantDial(settings),
    aws: createAwsRequests(),
    ownQueues,
    now: clock.now,
    random: randomBytes,
    hostname: hostname(),
  });

/** What the stack was configured with, beside what Alerts say. */
function channelsOf(environment: NodeJS.ProcessEnv, { clock }: FunctionHost): Channels {
  const { [ENV_SLACK_SECRET]: slack, [ENV_AMAZON_Q_TOPIC]: topicArn, [ENV_AMAZON_Q_WANTS]: wants } = environment;
  const secrets = createSecretCache({ client: new SecretsManagerClient({ ...CLIENT_OPTIONS }), now: clock.now });
  return {
    ...(slack !== undefined && {
      slack: {
        address: async () => {
          const [current] = await secrets.live(slack);
          if (current === undefined) throw new Error(`secret ${slack} has no text`);
          return current;
        },
      },
    }),
    ...(topicArn !== undefined && { amazonQ: { topicArn, wants: wants === "all" ? "all" : "failures" } }),
  };
}
