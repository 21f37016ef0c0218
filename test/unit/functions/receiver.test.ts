import middy from "@middy/core";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { ReceivedAnswer, ReceivedRequest } from "@sluice/engine/reconcile/receive/exchange.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { createReceiver } from "@sluice/platform/lambda/receiver.ts";
import { describe, expect, it } from "vitest";
import { ARRIVED, contextOf, httpEvent } from "./events.ts";

const KEY = { cluster: "prod", group: "source.toolkit.fluxcd.io", kind: "GitRepository", namespace: "apps", name: "app" };
const TAKEN: ReceivedAnswer = { code: 200, body: "", headers: {}, annotated: [KEY, { ...KEY, name: "other" }], requestedAt: "then" };
const PATH = "/hook/canary-path";

async function receive(answer: ReceivedAnswer, { body = "{}" as string | Uint8Array, query = "", isQueueBroken = false } = {}) {
  const asked: ReceivedRequest[] = [];
  const sent: WorkItem[] = [];
  const lines: string[] = [];
  const host = createFunctionHost({ functionName: "receiver", clock: { now: () => epochMs(ARRIVED) }, write: (line) => lines.push(line) });
  const receiver = createReceiver({
    host,
    receive: async (request) => {
      asked.push(request);
      return answer;
    },
    queue: {
      send: async (item) => {
        if (isQueueBroken) throw new Error("no answer");
        sent.push(item);
      },
    },
  });
  const event = { ...httpEvent(body, { "x-token": "canary-token" }), rawPath: PATH, rawQueryString: query };
  const answered = await middy(receiver).use(host.middleware)(event, contextOf("r-1"));
  return { answered, asked, sent, log: lines.join("\n"), lines: lines.map((line) => JSON.parse(line)) };
}

describe("a request to a Receiver", () => {
  it.each<{ body: string | Uint8Array; query: string; want: Partial<ReceivedRequest> }>([
    { body: "{}", query: "", want: { path: PATH, body: Buffer.from("{}") } },
    { body: Uint8Array.of(0xff, 0), query: "a=%20b&a=c", want: { path: `${PATH}?a=%20b&a=c`, body: Buffer.of(0xff, 0) } },
  ])("is passed on as it came: $query", async ({ body, query, want }) => {
    const { asked } = await receive(TAKEN, { body, query });
    expect(asked).toMatchObject([{ method: "POST", headers: { "x-token": "canary-token" }, ...want }]);
  });

  it("sends what was annotated to where it is looked at, at once", async () => {
    const { answered, sent, lines } = await receive(TAKEN);
    expect(answered).toEqual({ statusCode: 200, headers: {}, body: "" });
    expect(sent).toEqual([KEY, { ...KEY, name: "other" }].map((key) => ({ kind: "object", key, cause: "request", look: "request then" })));
    expect(lines).toMatchObject([{ msg: "invocation", code: 200, bytes: 2, annotated: 2 }, { HookTaken: 1 }]);
  });

  it("sends it also where not all could be annotated", async () => {
    const { answered, sent, lines } = await receive({ ...TAKEN, code: 500 });
    expect(answered.statusCode).toBe(500);
    expect(sent).toHaveLength(2);
    expect(lines.at(-1)).toMatchObject({ HookRefused: 1, reason: "500" });
  });

  it("is answered as it ended where the queue does not take it: the annotation is there", async () => {
    const { answered, lines } = await receive(TAKEN, { isQueueBroken: true });
    expect(answered.statusCode).toBe(200);
    expect(lines[0]).toMatchObject({ level: "error", looks: 2, error: "Error: no answer" });
  });

  it("gets the words and headers of the answer", async () => {
    const { answered } = await receive({ ...TAKEN, code: 404, body: "404 page not found\n", headers: { "x-content-type-options": "nosniff" }, annotated: [] });
    expect(answered).toEqual({ statusCode: 404, headers: { "x-content-type-options": "nosniff" }, body: "404 page not found\n" });
  });

  it("leaves nothing of itself in the log but its size", async () => {
    const { log } = await receive(TAKEN, { body: '{"canary":1}', query: "canary" });
    expect(log).toContain('"bytes":12');
    expect(log).not.toContain("canary");
  });
});
