import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { CLIENT_OPTIONS } from "@sluice/platform/aws/client-options.ts";
import { endpointOf } from "@sluice/platform/aws/endpoint.ts";
import { createSignedRequests, type SignedService } from "@sluice/platform/aws/signed-requests.ts";
import { readEndpoint } from "@sluice/platform/eks/endpoint.ts";
import { createRoleCredentials } from "@sluice/platform/eks/role-credentials.ts";
import { createInvokeGate } from "@sluice/platform/gate/invoke.ts";
import { sendToSqs } from "@sluice/platform/notifications/aws/sqs.ts";
import { writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { createSnsEventSink } from "@sluice/platform/sns/event-sink.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { aNotification, worldOf } from "../../../support/notifications/notification.ts";

/** What we send in place of the SDK's clients, held against what those send. */

type Seen = { readonly method: string; readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

let server: Server;
let endpoint: string;
let seen: Seen[];
let answer: string;
beforeEach(async () => {
  seen = [];
  server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body: Buffer.concat(parts).toString() });
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  endpoint = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const credentials = { accessKeyId: "AKIA", secretAccessKey: "secret", sessionToken: "token/+=" };
const NAME = "a name/with (odd) letters: ä*'!~";
const ROLE = "arn:aws:iam::111111111111:role/path/sluice+=,.@-";
const NOW = epochMs(1_000_000_000_000);
const EVENT: FluxEvent = {
  object: { apiVersion: "v1", kind: "Kustomization", namespace: "flux-system", name: "apps", uid: "u", resourceVersion: "1" },
  type: "Warning",
  reason: "BuildFailed",
  message: "a=b&c d+e (ä) \u{1F600} *!'~",
  metadata: {},
  controller: "kustomize-controller",
};
const XML_CREDENTIALS = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>
<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::1:assumed-role/a/s</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>s/&amp;&#43;&#x2B;&lt;</SecretAccessKey><SessionToken>t==</SessionToken>
<Expiration>2026-01-01T01:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`;

const NOTIFIED = notifiedEvent(EVENT, { cluster: "prod", now: NOW }) ?? aNotification({}).event;
const QUEUE = "https://sqs.eu-west-3.amazonaws.com/111111111111/alerts";
const TEXTS = { cluster: "prod", kind: EVENT.object.kind, namespace: EVENT.object.namespace, name: EVENT.object.name, severity: "error", reason: EVENT.reason };
const ATTRIBUTES = Object.fromEntries(Object.entries(TEXTS).map(([key, text]) => [key, { DataType: "String", StringValue: text }]));

type Case = { readonly operation: string; readonly answer: string; readonly ours: () => Promise<unknown>; readonly theirs: () => Promise<unknown> };

const client = () => ({ ...CLIENT_OPTIONS, endpoint, region: "eu-west-3", credentials });
const requests = (service: SignedService) => createSignedRequests(service, { endpoint, region: "eu-west-3", credentials });

const CASES: readonly Case[] = [
  {
    operation: "eks DescribeCluster",
    answer: '{"cluster":{"endpoint":"https://x","certificateAuthority":{"data":"b25l"},"status":"ACTIVE"}}',
    ours: () => readEndpoint(requests("eks"), NAME),
    theirs: async () => {
      const { cluster } = await new EKSClient(client()).send(new DescribeClusterCommand({ name: NAME }));
      return { server: cluster?.endpoint, certificateAuthority: Buffer.from(cluster?.certificateAuthority?.data ?? "", "base64").toString() };
    },
  },
  {
    operation: "sts AssumeRole",
    answer: XML_CREDENTIALS,
    ours: () => createRoleCredentials({ sts: requests("sts"), now: () => NOW, sessionName: "sluice prod" })(ROLE).get(),
    theirs: async () => {
      const { Credentials: given } = await new STSClient(client()).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "sluice-prod" }));
      return { accessKeyId: given?.AccessKeyId, secretAccessKey: given?.SecretAccessKey, sessionToken: given?.SessionToken, expiration: given?.Expiration };
    },
  },
  {
    operation: "sns Publish",
    answer: "<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>",
    ours: () =>
      createSnsEventSink({ sns: requests("sns"), topicArn: "arn:aws:sns:eu-west-3:1:events", clusterName: "prod", clock: { now: () => NOW } }).emit(EVENT),
    theirs: async () => {
      const Message = writeEventMessage(NOTIFIED, "prod");
      const TopicArn = "arn:aws:sns:eu-west-3:1:events";
      await new SNSClient(client()).send(new PublishCommand({ TopicArn, Message, MessageAttributes: ATTRIBUTES }));
    },
  },
  {
    operation: "sqs SendMessage",
    answer: '{"MessageId":"1"}',
    ours: async () => {
      const { provider, ...others } = aNotification({ provider: { type: "sqs", address: QUEUE } });
      const answer = await sendToSqs({ ...others, provider, event: NOTIFIED }, worldOf({ aws: () => requests("sqs") }));
      expect(answer).toEqual({ kind: "sent" });
    },
    theirs: async () => {
      const input = { QueueUrl: QUEUE, MessageBody: writeEventMessage(NOTIFIED, "prod"), MessageAttributes: ATTRIBUTES };
      await new SQSClient({ ...client(), useQueueUrlAsEndpoint: false, md5: false }).send(new SendMessageCommand(input));
    },
  },
  {
    operation: "lambda Invoke",
    answer: '{"responses":["ä"]}',
    ours: () => createInvokeGate(requests("lambda"), "arn:aws:lambda:eu-west-3:1:function:gate:live")('{"ä":1}', new AbortController().signal),
    theirs: async () => {
      const input = { FunctionName: "arn:aws:lambda:eu-west-3:1:function:gate:live", InvocationType: "RequestResponse" } as const;
      const { Payload } = await new LambdaClient(client()).send(new InvokeCommand({ ...input, Payload: Buffer.from('{"ä":1}') }));
      return Buffer.from(Payload ?? []).toString();
    },
  },
];

describe.each(CASES)("$operation", (one) => {
  it("is the same request, and the same is read of its answer", async () => {
    answer = one.answer;
    const [read, theirs] = [await one.ours(), await one.theirs()];
    expect(read).toEqual(theirs);
    expect(seen).toHaveLength(2);
    const [our, their] = seen.map(shown);
    expect(our).toEqual(their);
    expect(our?.signature).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIA\/\d{8}\/eu-west-3\/(eks|sts|sns|sqs|lambda)\/aws4_request$/);
  });
});

/** All but who says it: the SDK names itself, numbers its attempts, and signs that, too. */
function shown({ method, path, headers, body }: Seen) {
  const { host, authorization = "", "x-amz-security-token": session, "x-amz-content-sha256": hash, "x-amz-invocation-type": invocation } = headers;
  const fields = headers["content-type"]?.includes("urlencoded") === true ? [...new URLSearchParams(body)].map((pair) => pair.join("=")).toSorted() : body;
  const length = method === "GET" ? undefined : headers["content-length"];
  return {
    method,
    path,
    host,
    type: headers["content-type"],
    length,
    invocation,
    session,
    hashed: hash !== undefined && method,
    fields,
    signature: authorization.split(",")[0],
  };
}

describe("where services are", () => {
  const REGIONS = [
    "eu-central-1",
    "us-east-1",
    "cn-north-1",
    "us-gov-west-1",
    "us-iso-east-1",
    "us-isob-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
    "eusc-de-east-1",
  ];
  // Clients of EventBridge and ECR are not among our dependencies; the hosts of the former are named like all others', those of the latter stand in platform/helm/ecr-user.ts. Source: AWS General Reference, "Amazon EventBridge endpoints".
  const hosts: { readonly [service in Exclude<SignedService, "events" | "ecr" | "ecr-public">]: (region: string) => Promise<string> } = {
    eks: (region) => hostOf((requestHandler) => new EKSClient({ region, credentials, requestHandler }).send(new DescribeClusterCommand({ name: "a" }))),
    sts: (region) =>
      hostOf((requestHandler) => new STSClient({ region, credentials, requestHandler }).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "a" }))),
    sns: (region) => hostOf((requestHandler) => new SNSClient({ region, credentials, requestHandler }).send(new PublishCommand({ Message: "a" }))),
    lambda: (region) => hostOf((requestHandler) => new LambdaClient({ region, credentials, requestHandler }).send(new InvokeCommand({ FunctionName: "a" }))),
    sqs: (region) => hostOf((requestHandler) => new SQSClient({ region, credentials, requestHandler }).send(new ListQueuesCommand({}))),
  };
  it.each(REGIONS)("is as in the SDK in %s", async (region) => {
    for (const service of ["eks", "sts", "sns", "lambda", "sqs"] as const) expect(endpointOf(service, region, {})).toBe(await hosts[service](region));
  });

  it.each<{ environment: Record<string, string>; want: string }>([
    { environment: { AWS_ENDPOINT_URL: "http://all" }, want: "http://all" },
    { environment: { AWS_ENDPOINT_URL: "http://all", AWS_ENDPOINT_URL_SNS: "http://sns" }, want: "http://sns" },
    { environment: { AWS_ENDPOINT_URL_EKS: "http://eks" }, want: "https://sns.eu-west-1.amazonaws.com" },
    { environment: { AWS_ENDPOINT_URL: "", AWS_ENDPOINT_URL_SNS: "" }, want: "https://sns.eu-west-1.amazonaws.com" },
  ])("is $want with $environment", ({ environment, want }) => expect(endpointOf("sns", "eu-west-1", environment)).toBe(want));

  it("is EventBridge's own by its name, not by that of its hosts", () => {
    expect(endpointOf("events", "eu-west-1", {})).toBe("https://events.eu-west-1.amazonaws.com");
    expect(endpointOf("events", "eu-west-1", { AWS_ENDPOINT_URL_EVENTBRIDGE: "http://here", AWS_ENDPOINT_URL_EVENTS: "http://not-here" })).toBe("http://here");
  });
});

type Handler = { handle(request: { readonly protocol: string; readonly hostname: string }): Promise<never> };

/** The address that a client would have sent its request to. */
async function hostOf(send: (requestHandler: Handler) => Promise<unknown>): Promise<string> {
  let found = "";
  const handle = async ({ protocol, hostname }: { readonly protocol: string; readonly hostname: string }): Promise<never> => {
    found = `${protocol}//${hostname}`;
    throw new Error("not sent");
  };
  await send({ handle }).catch(() => {});
  return found;
}
