import { epochMs } from "@sluice/engine/domain/time.ts";
import type { HttpAnswer } from "@sluice/platform/http/exchange.ts";
import { createNotifier } from "@sluice/platform/notifications/notifier.ts";
import { describe, expect, it } from "vitest";
import { worldOf } from "../../../support/notifications/notification.ts";
import { sampleNotification } from "../../../support/notifications/samples.ts";
import { startNatsServer } from "./nats/nats-server.ts";

const signal = new AbortController().signal;

describe("what a notifier says of an answer", () => {
  it("ends where an answer was cut off, and not within a credential", async () => {
    const body = Buffer.from(`${"x".repeat(8180)}canary-of-token`).subarray(0, 8192);
    const answer: HttpAnswer = { kind: "answered", status: 400, headers: {}, body, url: "" };
    const { now, random, hostname, dial, aws } = worldOf();
    const notifier = createNotifier({ now, random, hostname, dial, aws, http: { send: async () => answer } });
    const said = JSON.stringify(await notifier.send(sampleNotification("slack", "https://hooks.example"), signal));
    expect(said).toContain("xxxx*****");
    expect(said).not.toContain("canary-o");
  });

  it("is bounded, and steers no terminal, whoever speaks", async () => {
    const nats = await startNatsServer({ authorize: () => `\u001b[2J\u009b${"no ".repeat(30_000)}` });
    const notifier = createNotifier({ ...worldOf(), now: () => epochMs(0) });
    const answer = await notifier.send(sampleNotification("nats", `http://127.0.0.1:${nats.port}`), signal);
    await nats.stop();
    expect(answer).toMatchObject({ kind: "refused", message: expect.stringMatching(/: nats: \[2Jno no/) });
    expect(answer.kind === "refused" ? answer.message.length : 0).toBeLessThan(20_000);
  });
});
