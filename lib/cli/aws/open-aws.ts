import type { Clock } from "@sluice/engine/ports/clock.ts";
import { CLIENT_OPTIONS } from "@sluice/platform/aws/client-options.ts";
import type { Aws, Trouble } from "./aws.ts";

export type AwsOptions = {
  readonly region: string;
  readonly clock: Clock;
  /** Where tests have their AWS. */
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
};

/** Somebody is waiting at a terminal: a service that is down is told of sooner than a function would. */
const ATTEMPTS = 3;

/** AWS with the credentials that every tool of AWS on this machine uses. A client is loaded when it is asked for something. */
export function openAws({ region, clock, endpoint, credentials }: AwsOptions): Aws {
  const options = {
    ...CLIENT_OPTIONS,
    maxAttempts: ATTEMPTS,
    region,
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
  };
  return {
    readInstallation: (cluster) =>
      answered(async () => {
        const [{ SSMClient }, { readInstallation }] = await Promise.all([import("@aws-sdk/client-ssm"), import("@sluice/platform/ssm/read-installation.ts")]);
        return readInstallation(new SSMClient(options), cluster);
      }),
    send: ({ queues }, item) =>
      answered(async () => {
        const [{ SQSClient }, { createSqsQueue }] = await Promise.all([import("@aws-sdk/client-sqs"), import("@sluice/platform/sqs/queue.ts")]);
        // Nothing of ours is due later: the queue for that is never written to.
        await createSqsQueue({ client: new SQSClient(options), urls: { ...queues, later: queues.apply }, clock }).send(item);
        return { kind: "sent" };
      }),
    countWaiting: (queueUrl) =>
      answered(async () => {
        const [{ SQSClient }, { countWaiting }] = await Promise.all([import("@aws-sdk/client-sqs"), import("@sluice/platform/sqs/probe-queue.ts")]);
        return { kind: "counted", messages: await countWaiting(new SQSClient(options), queueUrl) };
      }),
    readArtifact: (bucket, key) =>
      answered(async () => {
        const [{ S3Client }, { readObject }] = await Promise.all([import("@aws-sdk/client-s3"), import("@sluice/platform/s3/read-object.ts")]);
        const found = await readObject(new S3Client(options), bucket, key);
        return found === undefined ? { kind: "absent" } : { kind: "read", bytes: found.bytes };
      }),
    readSecret: (id) =>
      answered(async () => {
        const [{ SecretsManagerClient }, { readCurrentSecret }] = await Promise.all([
          import("@aws-sdk/client-secrets-manager"),
          import("@sluice/platform/secrets/read-current.ts"),
        ]);
        return { kind: "read", secret: await readCurrentSecret(new SecretsManagerClient(options), id) };
      }),
    readLines: ({ groups, from, until }) =>
      answered(async () => {
        const [{ CloudWatchLogsClient }, { byTime, readLines }] = await Promise.all([
          import("@aws-sdk/client-cloudwatch-logs"),
          import("@sluice/platform/cloudwatch-logs/read-lines.ts"),
        ]);
        const client = new CloudWatchLogsClient(options);
        const lines = await Promise.all(groups.map((group) => readLines(client, { group, from, until })));
        return { kind: "lines", lines: lines.flat().toSorted(byTime) };
      }),
  };
}

/** Whatever AWS has against it is an answer: the person at the terminal is the one to mend it. */
async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer | Trouble> {
  try {
    return await ask();
  } catch (error) {
    return { kind: "trouble", message: wordsOf(error) };
  }
}

/** `AccessDeniedException: User … is not authorized to perform: ssm:GetParameter …` */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0].message : "";
  const message = error.message || cause || "no answer";
  return error.name === "Error" || message.startsWith(error.name) ? message : `${error.name}: ${message}`;
}
