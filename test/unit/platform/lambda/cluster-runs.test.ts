import type { Http } from "@sluice/platform/kubernetes/http.ts";
import type { OpenCluster } from "@sluice/platform/lambda/cluster-access.ts";
import { createClusterRuns } from "@sluice/platform/lambda/cluster-runs.ts";
import { createFunctionHost } from "@sluice/platform/lambda/function-host.ts";
import { beforeEach, describe, expect, it } from "vitest";

/** Connections that a sandbox keeps, to a cluster `prod`. */
const sent = new Map<string, number>();
const ask = (): void => void sent.set("get", (sent.get("get") ?? 0) + 1);
let lines: string[];
beforeEach(() => {
  sent.clear();
  lines = [];
});

function createRuns() {
  const host = createFunctionHost({ functionName: "notify", write: (line) => lines.push(line) });
  const opened: AbortSignal[] = [];
  const runs = createClusterRuns({
    host,
    access: {
      open: async (name, signal) => {
        if (signal !== undefined) opened.push(signal);
        const http: Http = { sent, send: () => expect.fail(), open: () => expect.fail(), close: () => undefined };
        // What a run gets is another value each time, over the same connections.
        const cluster = { kind: "opened", config: { name, region: "r" }, http } as OpenCluster;
        return name === "prod" ? cluster : { kind: "unknown", name };
      },
    },
  });
  const counted = (): number => {
    host.metrics.flush();
    return lines.map((line) => JSON.parse(line)["ApiRequests"] ?? 0).reduce((sum, count) => sum + count, 0);
  };
  return { runs, opened, counted };
}
const { signal: never } = new AbortController();

describe("what is done in a cluster", () => {
  it("answers what it came to, or that there is no such cluster", async () => {
    const { runs } = createRuns();
    expect(await runs.within("prod", never, async ({ config }) => config.name)).toBe("prod");
    expect(await runs.within("gone", never, async () => expect.fail("there is no such cluster"))).toBeUndefined();
  });

  it("ends with itself: whatever it left goes on in no other invocation", async () => {
    const { runs, opened } = createRuns();
    await runs.within("prod", never, async (_, signal) => expect([signal.aborted, opened[0]?.aborted]).toEqual([false, false]));
    expect(opened[0]?.aborted).toBe(true);
    await expect(runs.within("prod", never, () => Promise.reject(new Error("broke off")))).rejects.toThrow("broke off");
    expect(opened[1]?.aborted).toBe(true);
  });

  it("ends with the function's time", async () => {
    const { runs } = createRuns();
    const time = new AbortController();
    await runs.within("prod", time.signal, async (_, signal) => {
      time.abort();
      expect(signal.aborted).toBe(true);
    });
  });

  it("is counted once, also side by side", async () => {
    const { runs, counted } = createRuns();
    ask(); // before anything of this
    const run = () =>
      runs.within("prod", never, async () => {
        ask();
        await Promise.resolve();
        ask();
      });
    await Promise.all([run(), run(), run()]);
    await run();
    expect(counted()).toBe(9);
  });
});
