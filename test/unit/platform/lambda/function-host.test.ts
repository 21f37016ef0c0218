import middy from "@middy/core";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import { deadline } from "@sluice/platform/lambda/deadline.ts";
import { createFunctionHost, type FunctionHost } from "@sluice/platform/lambda/function-host.ts";
import type { Context } from "aws-lambda";
import { beforeEach, describe, expect, it } from "vitest";
import { contextOf } from "../../functions/events.ts";

const START = Date.parse("2030-01-01T00:00:00Z");
let lines: string[];
let now: number;
let host: FunctionHost;
beforeEach(() => {
  lines = [];
  now = START;
  host = createFunctionHost({ functionName: "apply", clock: { now: () => epochMs(now) }, write: (line) => lines.push(line) });
});

const logged = (): readonly object[] => lines.map((line) => JSON.parse(line));

describe("an invocation", () => {
  it("is one line: how long it took, whether it was the first, what was noted", async () => {
    const handler = middy(async (event: { readonly n: number }) => {
      now += 25;
      host.note({ code: event.n });
      return event.n;
    }).use(host.middleware);
    expect(await handler({ n: 1 }, contextOf("r-1"))).toBe(1);
    now += 1000;
    expect(await handler({ n: 2 }, contextOf("r-2"))).toBe(2);
    const common = { level: "info", msg: "invocation", function: "apply", ms: 25 };
    expect(logged()).toEqual([
      { ...common, ts: "2030-01-01T00:00:00.025Z", requestId: "r-1", coldStart: true, code: 1 },
      { ...common, ts: "2030-01-01T00:00:01.050Z", requestId: "r-2", coldStart: false, code: 2 },
    ]);
  });

  it("does not inherit what the one before noted", async () => {
    let isFirst = true;
    const handler = middy(async () => {
      if (isFirst) host.note({ code: 1 });
      isFirst = false;
    }).use(host.middleware);
    await handler({}, contextOf("r-1"));
    await handler({}, contextOf("r-2"));
    expect(logged()[1]).not.toHaveProperty("code");
  });

  it("says how many messages come again", async () => {
    const handler = middy(async () => ({ batchItemFailures: [{ itemIdentifier: "m" }] })).use(host.middleware);
    await handler({}, contextOf("r-1"));
    expect(logged()).toMatchObject([{ level: "info", again: 1 }]);
  });

  it("puts its id and its cluster on each line", async () => {
    const handler = middy(async () => {
      host.log.info("a", {});
      host.logOf("prod").info("b", {});
    }).use(host.middleware);
    await handler({}, contextOf("r-1"));
    expect(logged()).toMatchObject([{ msg: "a", requestId: "r-1" }, { msg: "b", requestId: "r-1", cluster: "prod" }, { msg: "invocation" }]);
  });

  it.each<[string, () => Promise<void>]>([
    ["ends well", async () => undefined],
    [
      "breaks off",
      async () => {
        throw new Error("broken");
      },
    ],
  ])("hands out its metrics when it %s", async (_, end) => {
    const handler = middy(async () => {
      host.metrics.count("Push", 1, {});
      await end();
    }).use(host.middleware);
    await handler({}, contextOf("r-1")).catch(() => undefined);
    expect(logged()).toMatchObject([{ msg: "invocation" }, { Push: 1 }]);
  });
});

describe("an error", () => {
  const thrown = Object.assign(new TypeError("GET https://user:canary-password@host failed"), {
    $response: { headers: { authorization: "canary-header" } },
    code: "E_CANARY",
  });
  const fail = async (): Promise<unknown> => {
    const handler = middy(async () => {
      throw thrown;
    }).use(host.middleware);
    return handler({}, contextOf("r-1")).then(
      () => "answered",
      (error: unknown) => error,
    );
  };

  it("is logged with its stack, and the invocation fails", async () => {
    expect(await fail()).toBeInstanceOf(Error);
    expect(logged()).toMatchObject([{ level: "error", msg: "invocation", error: "TypeError: GET https://[secret]@host failed", coldStart: true }]);
    expect(lines[0]).toMatch(/function-host\.test\.ts/);
  });

  it("reaches Lambda's runtime without what only the SDK's errors hold, since the runtime prints all of an error", async () => {
    const error = await fail();
    expect(error).toMatchObject({ name: "TypeError", message: "GET https://[secret]@host failed" });
    const all = [...lines, String(error), ...Object.getOwnPropertyNames(error).map((name) => JSON.stringify(Reflect.get(Object(error), name)))].join();
    expect(all).not.toContain("canary");
  });
});

describe("the deadline", () => {
  it("gives a handler the time to answer for what it has done", async () => {
    const handler = middy(
      async (_event: object, _context: Context, { signal }: { readonly signal: AbortSignal }) => {
        await new Promise((aborted) => signal.addEventListener("abort", aborted));
        return "most of it";
      },
      deadline({ early: ms(10_000), grace: ms(60_000) }),
    ).use(host.middleware);
    expect(await handler({}, contextOf("r-1"))).toBe("most of it");
  });

  it("ends one that does not answer", async () => {
    const handler = middy(() => new Promise<string>(() => undefined), deadline({ early: ms(10_000), grace: ms(1) })).use(host.middleware);
    const kept = setInterval(() => undefined, 1000); // the timer of the deadline keeps no process alive
    await expect(handler({}, contextOf("r-1"))).rejects.toThrow(/out of time/);
    clearInterval(kept);
    expect(logged()).toMatchObject([{ level: "error", error: expect.stringMatching(/out of time/) }]);
  });
});
