import { sendToPagerDuty } from "@sluice/platform/notifications/operations/pagerduty.ts";
import { afterEach, describe, expect, it } from "vitest";
import { aNotification, worldOf } from "../../../../support/notifications/notification.ts";
import { type RecordingServer, type ScriptedAnswer, startRecordingServer } from "../recording-server.ts";

let server: RecordingServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

type Given = { readonly severity?: "info" | "error" | "trace"; readonly done?: number; readonly address?: string };
const notification = ({ severity = "info", done = 0, address = "https://ada:pw@events.pagerduty.com:8443/any/where?a=b" }: Given) =>
  aNotification({ provider: { type: "pagerduty", address, channel: "key-1" }, event: { severity }, done });
async function send(given: Given = {}, answers: { readonly [path: string]: ScriptedAnswer } = {}) {
  server = await startRecordingServer(({ path }) => answers[path] ?? { status: 202 });
  return sendToPagerDuty(notification(given), worldOf({ http: server.http }));
}
const [EVENT, CHANGE] = ["/v2/enqueue", "/v2/change/enqueue"];
const paths = () => server?.seen.map(({ path }) => path);

describe("sendToPagerDuty", () => {
  it.each<{ severity: "info" | "error" | "trace"; want: readonly string[] }>([
    { severity: "info", want: [EVENT, CHANGE] },
    { severity: "error", want: [EVENT] },
    { severity: "trace", want: [EVENT] },
  ])("sends for $severity: $want", async ({ severity, want }) => {
    expect(await send({ severity })).toEqual({ kind: "sent" });
    expect(paths()).toEqual(want);
  });

  it("goes to the address's scheme and host, and shows nobody its user", async () => {
    await send();
    expect(server?.seen.map(({ host, headers }) => [host, headers.authorization])).toEqual([
      ["https://events.pagerduty.com:8443", undefined],
      ["https://events.pagerduty.com:8443", undefined],
    ]);
  });

  it("goes on behind what was done", async () => {
    expect(await send({ done: 1 })).toEqual({ kind: "sent" });
    expect(paths()).toEqual([CHANGE]);
  });

  it.each<{ why: string; given?: Given; answers: { readonly [path: string]: ScriptedAnswer }; want: object }>([
    {
      why: "the event is not taken",
      answers: { [EVENT]: { status: 400, body: "invalid key" } },
      want: { kind: "refused", message: "failed sending event: postMessage failed: request failed: request failed with status code 400: invalid key" },
    },
    {
      why: "the change is not taken",
      answers: { [CHANGE]: { status: 400, body: "invalid key" } },
      want: { kind: "refused", message: "failed sending change event: postMessage failed: request failed: request failed with status code 400: invalid key" },
    },
    {
      why: "nobody takes the event now",
      answers: { [EVENT]: { status: 503 } },
      want: {
        kind: "unavailable",
        prefix: "failed sending event: postMessage failed: failed to execute request: ",
        request: `POST https://events.pagerduty.com:8443${EVENT}`,
        done: 0,
      },
    },
    {
      why: "nobody takes the change now: the event is done",
      answers: { [CHANGE]: { status: 429, headers: { "retry-after": "3" } } },
      want: { kind: "unavailable", prefix: "failed sending change event: postMessage failed: failed to execute request: ", done: 1, retryAfter: 3000 },
    },
    { why: "nobody takes the change again", given: { done: 1 }, answers: { [CHANGE]: { status: 500 } }, want: { kind: "unavailable", done: 1 } },
  ])("says so when $why", async ({ given, answers, want }) => expect(await send(given, answers)).toMatchObject(want));
});
