import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createRelay } from "@sluice/platform/lambda/relay.ts";
import type { Forwarded } from "@sluice/platform/sqs/forward.ts";
import { describe, expect, it } from "vitest";
import { queueEvent } from "./events.ts";

const MALFORMED: Forwarded = { kind: "malformed", problem: "item.kind: expected" };
const FAILED: Forwarded = { kind: "failed", error: new Error("throttled") };

async function relay(ends: readonly Forwarded[], canPutAside = true) {
  const lines: string[] = [];
  const aside: string[] = [];
  const host = createFunctionHost({ functionName: "relay", write: (line) => lines.push(line) });
  const handOn = createRelay({
    host,
    forward: async (bodies) => bodies.flatMap((body) => ends[Number(body)] ?? []),
    putAside: async ({ id }, reason) => {
      if (!canPutAside) throw new Error("no answer");
      aside.push(`${id} ${reason}`);
    },
  });
  const { batchItemFailures } = await handOn(queueEvent(ends.map((_, index) => String(index))));
  host.metrics.flush();
  const counts = lines.map((line) => JSON.parse(line)).filter((line) => "_aws" in line);
  const sum = (name: string): number => counts.reduce((all, line) => all + (line[name] ?? 0), 0);
  return {
    again: batchItemFailures.map(({ itemIdentifier }) => itemIdentifier),
    aside,
    relayed: sum("Relayed"),
    asides: sum("MessageAside"),
    log: lines.join("\n"),
  };
}

describe("a batch of what came due", () => {
  it.each<[string, readonly Forwarded[], object]>([
    ["handed on", [{ kind: "sent" }, { kind: "sent" }], { again: [], aside: [], relayed: 2, asides: 0 }],
    ["one that was not taken comes again, alone", [{ kind: "sent" }, FAILED, { kind: "sent" }], { again: ["m-2"], aside: [], relayed: 2, asides: 0 }],
    [
      "one that cannot be read is put aside, with the reason",
      [MALFORMED, { kind: "sent" }],
      { again: [], aside: ["m-1 item.kind: expected"], relayed: 1, asides: 1 },
    ],
    ["each ends for itself", [MALFORMED, FAILED, { kind: "sent" }], { again: ["m-2"], aside: ["m-1 item.kind: expected"], relayed: 1, asides: 1 }],
  ])("%s", async (_, ends, want) => expect(await relay(ends)).toMatchObject(want));

  it("what could not even be put aside comes again, and is not counted", async () => {
    expect(await relay([MALFORMED, { kind: "sent" }], false)).toMatchObject({ again: ["m-1"], relayed: 1, asides: 0 });
  });
  it("failures are in the log", async () => {
    const { log } = await relay([MALFORMED, FAILED]);
    expect(log).toMatch(/"msg":"message was put aside".*"error":"item.kind: expected"/);
    expect(log).toMatch(/"msg":"message was not handed on".*"error":"Error: throttled"/);
  });
});
