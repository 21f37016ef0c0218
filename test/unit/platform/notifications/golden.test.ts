import { createHmac } from "node:crypto";
import { PROVIDER_TYPES, type ProviderType } from "@sluice/engine/domain/provider-type.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { eventJson } from "@sluice/platform/notifications/message/go-json.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { describe, expect, it } from "vitest";
import { readRecording, recordingNames } from "../../../support/notifications/recording.ts";
import { SAMPLES, sampleNotification } from "../../../support/notifications/samples.ts";

const NOW = Date.UTC(2026, 0, 2, 3, 4, 6);
const event = sampleNotification("sqs", "").event;
const base64Event = Buffer.from(eventJson(event)).toString("base64");
const message = { version: 1, id: "event-1", cluster: "prod", severity: "error", reason: "HealthCheckFailed", controller: "kustomize-controller" };
const attributes = { cluster: "prod", kind: "Kustomization", namespace: "apps", name: "backend", severity: "error", reason: "HealthCheckFailed" };

const hub = "https%3A%2F%2Fprovider.example%2Fhub";
const expiry = NOW / 1000 + 3600;
const signature = encodeURIComponent(createHmac("sha256", "canary-of-key").update(`${hub}\n${expiry}`).digest("base64"));

/** What goes out for types of which there is no recording: Flux speaks gRPC, AMQP, or does not have them. By the services' own API references. */
const GOLDEN: { readonly [Type in ProviderType]?: readonly unknown[] } = {
  googlepubsub: [
    {
      method: "POST",
      url: "https://oauth2.googleapis.com/token",
      body: expect.stringMatching(/^grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion=eyJ/),
    },
    {
      method: "POST",
      url: "https://pubsub.googleapis.com/v1/projects/project/topics/topic:publish",
      authorization: "Bearer ya29.t",
      body: `{"messages":[{"data":"${base64Event}","attributes":{"X-Team":"canary-of-header"}}]}`,
    },
  ],
  azureeventhub: [
    {
      method: "POST",
      url: "https://provider.example/hub/messages?timeout=60&api-version=2014-01",
      authorization: `SharedAccessSignature sr=${hub}&sig=${signature}&se=${expiry}&skn=all`,
      body: eventJson(event),
    },
  ],
  sns: [
    {
      service: "sns",
      region: "eu-west-1",
      method: "POST",
      path: "/",
      fields: { Action: "Publish", TopicArn: "arn:aws:sns:eu-west-1:123456789012:alerts", Message: expect.objectContaining(message) },
      attributes,
    },
  ],
  sqs: [
    {
      service: "sqs",
      region: "eu-west-1",
      method: "POST",
      path: "/",
      target: "AmazonSQS.SendMessage",
      fields: { QueueUrl: "https://sqs.eu-west-1.amazonaws.com/123456789012/alerts", MessageBody: expect.objectContaining(message) },
      attributes,
    },
  ],
  eventbridge: [
    {
      service: "events",
      region: "eu-west-1",
      method: "POST",
      path: "/",
      target: "AWSEvents.PutEvents",
      fields: {
        EventBusName: "arn:aws:events:eu-west-1:123456789012:event-bus/alerts",
        Source: "sluice.prod",
        DetailType: "Kustomization HealthCheckFailed",
        Detail: expect.objectContaining(message),
      },
    },
  ],
};

type AwsRequest = { readonly method: string; readonly path: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array };

/** A request to AWS, of whatever protocol, by what it says. */
function awsParts(service: string, region: string, { method, path, headers = {}, body = "" }: AwsRequest): object {
  const target = headers["x-amz-target"];
  const text = Buffer.from(body).toString();
  const whole = { service, region, method, path, ...(target !== undefined && { target }) };
  if (target === undefined) {
    const { Action, TopicArn, Message = "null", ...rest } = Object.fromEntries(new URLSearchParams(text));
    const entries = Object.keys(rest).flatMap((key) => (key.endsWith(".Name") ? [[rest[key], rest[key.replace(/Name$/, "Value.StringValue")]]] : []));
    return { ...whole, fields: { Action, TopicArn, Message: JSON.parse(Message) }, attributes: Object.fromEntries(entries) };
  }
  const json = JSON.parse(text);
  if (service === "events") {
    const [{ EventBusName, Source, DetailType, Detail }] = json.Entries;
    return { ...whole, fields: { EventBusName, Source, DetailType, Detail: JSON.parse(Detail) } };
  }
  const given: readonly [string, { readonly StringValue: string }][] = Object.entries(json.MessageAttributes);
  const values = Object.fromEntries(given.map(([name, { StringValue }]) => [name, StringValue]));
  return { ...whole, fields: { QueueUrl: json.QueueUrl, MessageBody: JSON.parse(json.MessageBody) }, attributes: values };
}

async function sentBy(type: ProviderType): Promise<readonly unknown[]> {
  const sent: unknown[] = [];
  const notifier = createNotifier({
    http: {
      send: async ({ method, url, authorization, body = new Uint8Array() }) => {
        sent.push({ method, url, ...(authorization !== undefined && { authorization }), body: Buffer.from(body).toString() });
        return { kind: "answered", status: 200, headers: {}, body: Buffer.from('{"access_token":"ya29.t"}'), url };
      },
    },
    dial: () => Promise.reject(new Error("nobody is called but by HTTP")),
    aws: (service, region) => ({
      send: async (request) => {
        sent.push(awsParts(service, region, request));
        const body = '{"FailedEntryCount":0,"Entries":[{"EventId":"1"}],"MessageId":"1","MD5OfMessageBody":""}';
        return { status: 200, headers: {}, body: Buffer.from(service === "sns" ? "<MessageId>1</MessageId>" : body) };
      },
    }),
    now: () => epochMs(NOW),
    random: (bytes) => new Uint8Array(bytes),
    hostname: "host",
  });
  expect(await notifier.send(sampleNotification(type, "https://provider.example"), new AbortController().signal)).toEqual({ kind: "sent" });
  return sent;
}

describe("golden requests", () => {
  it("exist for each type: recorded, or written here", () => {
    const recorded = new Set(
      recordingNames()
        .map((name) => readRecording(name, {}))
        .flatMap(({ sent, given }) => (sent.length > 0 ? [given.provider.type] : [])),
    );
    expect(PROVIDER_TYPES.filter((type) => !recorded.has(type) && GOLDEN[type] === undefined)).toEqual([]);
    expect(Object.keys(SAMPLES)).toHaveLength(PROVIDER_TYPES.length);
  });

  it.each(PROVIDER_TYPES.filter((type) => GOLDEN[type] !== undefined))("%s", async (type) => expect(await sentBy(type)).toEqual(GOLDEN[type]));
});
