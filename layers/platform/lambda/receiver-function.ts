import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { ms } from "@sluice/engine/domain/time.ts";
import { createReceive } from "@sluice/engine/reconcile/receive/receive.ts";
import { createReceiverIndex } from "@sluice/engine/reconcile/receive/receiver-index.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { CLIENT_OPTIONS } from "../aws/client-options.ts";
import { createJsonDocuments } from "../json-documents/json-documents.ts";
import { S3_CLIENT_OPTIONS } from "../s3/client-options.ts";
import { createS3Notes } from "../s3/notes.ts";
import { createSqsQueue } from "../sqs/queue.ts";
import type { OpenCluster } from "./cluster-access.ts";
import { deadline } from "./deadline.ts";
import { ENV_APPLY_QUEUE, ENV_ARTIFACT_BUCKET, ENV_SOURCE_QUEUE } from "./environment.ts";
import { createFunctionClusters } from "./function-clusters.ts";
import { createFunctionHost, type HostOptions } from "./function-host.ts";
import { clustersOf, settingsOf } from "./read-environment.ts";
import { readVariable } from "./read-variable.ts";
import { createReceiver } from "./receiver.ts";
import { createRequestCounts } from "./request-counts.ts";
import { createTenantHttp } from "./tenant-access.ts";

/** The HTTP API waits no longer than the function's own time limit. */
const DEADLINE = deadline({ early: ms(3_000), grace: ms(2_000) });
/** For the keys of an issuer: whoever sends a webhook waits for ten seconds in all. */
const DOCUMENT_PATIENCE_MS = 5_000;

/** Composition root of `receiver`: /hook/… of the HTTP API. */
export function createReceiverFunction(environment: NodeJS.ProcessEnv, options: Partial<HostOptions> = {}) {
  const host = createFunctionHost({ functionName: "receiver", ...options });
  const { clock, log } = host;
  const s3 = new S3Client({ ...S3_CLIENT_OPTIONS });
  const bucket = readVariable(environment, ENV_ARTIFACT_BUCKET);
  const [source, apply] = [readVariable(environment, ENV_SOURCE_QUEUE), readVariable(environment, ENV_APPLY_QUEUE)];
  const settings = settingsOf(environment);
  const access = createFunctionClusters({ configs: clustersOf(environment), s3, bucket, host });
  const countRequests = createRequestCounts(host);
  /** One invocation at a time runs in a sandbox: what it opened, and what ends it. */
  let opened: OpenCluster[] = [];
  let invocation = new AbortController().signal;

  const receive = createReceive({
    findReceivers: createReceiverIndex({ notes: createS3Notes({ client: s3, bucket, unique: randomUUID }), clock }).find,
    clusterNamed: async (name) => {
      const one = await access.open(name, invocation);
      if (one.kind === "unknown") return undefined;
      opened.push(one);
      return one.cluster;
    },
    documents: createJsonDocuments({
      http: createTenantHttp(settings),
      clock,
      patience: () => AbortSignal.any([invocation, AbortSignal.timeout(DOCUMENT_PATIENCE_MS)]),
    }),
    clock,
    log,
    settings: { noCrossNamespaceRefs: settings.noCrossNamespaceRefs ?? false, parallel: DEFAULT_SETTINGS.parallel },
  });
  // Nothing is put off here, so `later` is never sent to.
  const queue = createSqsQueue({ client: new SQSClient({ ...CLIENT_OPTIONS }), urls: { source, apply, later: apply }, clock });
  const answerTo = createReceiver({ host, receive, queue });

  return {
    answer: async (event: APIGatewayProxyEventV2, _: unknown, { signal }: { readonly signal: AbortSignal }): Promise<APIGatewayProxyStructuredResultV2> => {
      const over = new AbortController();
      [opened, invocation] = [[], AbortSignal.any([signal, over.signal])];
      try {
        return await answerTo(event);
      } finally {
        over.abort();
        for (const one of opened) countRequests(one);
      }
    },
    middleware: host.middleware,
    deadline: DEADLINE,
  };
}
