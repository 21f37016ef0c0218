import { epochMs } from "@sluice/engine/domain/time.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createNotify } from "@sluice/platform/lambda/notify.ts";
import { writeEventMessage } from "@sluice/platform/sns/event-message.ts";
import { describe, expect, it } from "vitest";
import { ARRIVED, topicEvent } from "./events.ts";

const clock = { now: () => epochMs(ARRIVED) };
const event = (parts: Partial<FluxEvent>): string =>
  writeEventMessage(
    {
      object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "n", name: "a", uid: "u", resourceVersion: "1" },
      type: "Normal",
      reason: "ReconciliationSucceeded",
      message: "Reconciliation finished",
      metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:1" },
      controller: "kustomize-controller",
      ...parts,
    },
    "prod",
    clock.now(),
  );

async function notify(...messages: readonly string[]): Promise<{ readonly lines: readonly object[]; readonly metrics: readonly object[] }> {
  const lines: string[] = [];
  const host = createFunctionHost({ functionName: "notify", clock, write: (line) => lines.push(line) });
  await createNotify({ host })(topicEvent(...messages));
  const count = lines.length;
  host.metrics.flush();
  const parsed: readonly Readonly<Record<string, unknown>>[] = lines.map((line) => JSON.parse(line));
  return { lines: parsed.slice(0, count), metrics: parsed.slice(count).map(({ _aws, ...values }) => values) };
}

const NAMED = { controller: "kustomization", controllerKind: "Kustomization", namespace: "n", name: "a", cluster: "prod", function: "notify" };

describe("an event of the topic", () => {
  it("that informs", async () => {
    const { lines, metrics } = await notify(event({}));
    expect(lines).toMatchObject([{ level: "info", msg: "Reconciliation finished", reason: "ReconciliationSucceeded", revision: "main@sha1:1", ...NAMED }]);
    expect(metrics).toEqual([{ EventInfo: 1, cluster: "prod" }]);
  });
  it("that warns", async () => {
    const { lines, metrics } = await notify(event({ type: "Warning", reason: "BuildFailed", message: "no such file", metadata: {} }));
    expect(lines).toMatchObject([{ level: "error", msg: "BuildFailed", error: "no such file", ...NAMED }]);
    expect(lines[0]).not.toHaveProperty("revision");
    expect(metrics).toEqual([{ EventError: 1, cluster: "prod" }]);
  });
  it("that is for the cluster alone", async () => expect(await notify(event({ type: "Trace" }))).toEqual({ lines: [], metrics: [] }));
});

describe("a message that is no event", () => {
  it.each([
    "",
    "{",
    "null",
    "[]",
    "{}",
    event({}).replace('"version":1', '"version":2'),
    event({}).replace('"info"', '"loud"'),
  ])("is logged and counted, and does not come again: %s", async (message) => {
    const { lines, metrics } = await notify(message);
    expect(lines).toMatchObject([{ level: "error", msg: "message is no event", message: "m-1" }]);
    expect(metrics).toEqual([{ EventMalformed: 1 }]);
  });
  it("does not stop its neighbours", async () => {
    const { metrics } = await notify("{", event({}));
    expect(metrics).toEqual([{ EventMalformed: 1 }, { EventInfo: 1, cluster: "prod" }]);
  });
});
