import { readFileSync } from "node:fs";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { createSignedRequests, type SignedRequests } from "@sluice/platform/aws/signed-requests.ts";
import { parseEventMessage } from "@sluice/platform/sns/event-message.ts";
import { createSnsEventSink } from "@sluice/platform/sns/event-sink.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createVirtualClock, type VirtualClock } from "../../../support/aws/clock.ts";
import { createAws, type FakeAws } from "../../../support/aws/create-aws.ts";

const event: FluxEvent = {
  object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "flux-system", name: "apps", uid: "u", resourceVersion: "1" },
  type: "Warning",
  reason: "BuildFailed",
  message: "kustomize build failed",
  metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:0" },
  controller: "kustomize-controller",
};

let aws: FakeAws;
let sns: SignedRequests;
let topicArn: string;
let clock: VirtualClock;
beforeEach(async () => {
  clock = createVirtualClock();
  aws = await createAws({ clock });
  topicArn = aws.sns.createTopic("events");
  sns = createSignedRequests("sns", aws.client);
});
afterEach(async () => {
  sns.close();
  await aws.stop();
});
const emit = (changes: Partial<FluxEvent>, clusterName = "prod"): Promise<void> =>
  createSnsEventSink({ sns, topicArn, clusterName, clock: { now: () => epochMs(aws.clock.now()) } }).emit({ ...event, ...changes });
const published = () =>
  aws.sns.published(topicArn).map(({ message, attributes }) => {
    const parsed = parseEventMessage(message);
    const texts = Object.fromEntries(Object.entries(attributes).map(([name, { StringValue }]) => [name, StringValue]));
    return { event: parsed.ok ? parsed.value : parsed.problem, attributes: texts };
  });

describe("createSnsEventSink", () => {
  it("publishes an event with what filter policies go by", async () => {
    await emit({});
    expect(published()).toEqual([
      {
        event: expect.objectContaining({ cluster: "prod", severity: "error", reason: "BuildFailed", revision: "main@sha1:0", time: "2026-01-01T00:00:00Z" }),
        attributes: { cluster: "prod", kind: "Kustomization", namespace: "flux-system", name: "apps", severity: "error", reason: "BuildFailed" },
      },
    ]);
  });

  it("publishes nothing of what is for the cluster only", async () => {
    await emit({ type: "Trace" });
    expect(aws.calls.count("sns", "Publish")).toBe(0);
  });

  it.each<{ why: string; changes: Partial<FluxEvent>; want: object }>([
    { why: "a message of any size", changes: { message: "\u{1F600}".repeat(200_000) }, want: { severity: "error" } },
    { why: "metadata of any size", changes: { metadata: { a: "x".repeat(400_000) } }, want: { severity: "error" } },
    { why: "no reason", changes: { reason: "" }, want: { kind: "Kustomization" } },
    { why: "a reason of any size", changes: { reason: "r".repeat(10_000) }, want: { reason: "r".repeat(512) } },
    { why: "letters that attributes do not take", changes: { reason: "a\u0000\uFFFFb\uD800" }, want: { reason: "a\uFFFD\uFFFDb\uFFFD" } },
  ])("is not refused for $why", async ({ changes, want }) => {
    await emit(changes);
    expect(published()).toMatchObject([{ event: { object: { name: "apps" } }, attributes: want }]);
  });

  it.each<{ cluster: string; changes: Partial<FluxEvent>; passes: boolean }>([
    { cluster: "prod-eu", changes: {}, passes: true },
    { cluster: "dev", changes: {}, passes: false },
    { cluster: "prod", changes: { type: "Normal" }, passes: false },
    { cluster: "prod", changes: { reason: "DependencyNotReady" }, passes: false },
    { cluster: "prod", changes: { object: { ...event.object, kind: "GitRepository" } }, passes: false },
  ])("is filtered as docs/events.md says: $changes of $cluster", async ({ cluster, changes, passes }) => {
    const policy = /```json filter-policy\n(.*?)```/s.exec(readFileSync("docs/events.md", "utf8"))?.[1] ?? "";
    aws.sqs.createQueue("subscriber");
    aws.sns.subscribe(topicArn, "sqs", aws.sqs.arn("subscriber"), { FilterPolicy: policy, RawMessageDelivery: "true" });
    await emit(changes, cluster);
    await aws.settled();
    expect(aws.sqs.messages("subscriber").map(({ body }) => parseEventMessage(body).ok)).toEqual(passes ? [true] : []);
  });

  it("two that say the same are two; one that is published twice, since its answer was lost, is one", async () => {
    await emit({});
    await clock.advance(1000);
    aws.faults.add({ service: "sns", operation: "Publish", times: 1, effect: { kind: "drop", when: "after" } });
    await emit({});
    const ids = published().map(({ event: told }) => (typeof told === "string" ? told : told.id));
    expect([ids.length, new Set(ids).size]).toEqual([3, 2]);
  });

  it("is published when SNS throttles or breaks off once", async () => {
    for (const effect of [{ kind: "throttle" } as const, { kind: "drop", when: "before" } as const]) {
      aws.faults.add({ service: "sns", operation: "Publish", times: 1, effect });
      await emit({});
    }
    expect(published()).toHaveLength(2);
  });

  it("throws when SNS does not take it: whoever runs it decides that an event stops no work", async () => {
    aws.faults.add({ service: "sns", operation: "Publish", effect: { kind: "fail", status: 403, code: "AuthorizationError", message: "not allowed" } });
    await expect(emit({})).rejects.toThrow("not allowed");
  });
});
