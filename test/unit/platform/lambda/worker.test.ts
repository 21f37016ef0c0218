import { problem, type Result } from "@sluice/engine/domain/result.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createWorker, type QueueMessage } from "@sluice/platform/lambda/worker.ts";
import { describe, expect, it } from "vitest";

const object = (name: string, look = "a"): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "apps", name },
  cause: "push",
  look,
});

const sweep = (cluster: string, minute: number): WorkItem => ({ kind: "cluster", cluster, since: epochMs(minute), until: epochMs(minute + 1) });

const push: WorkItem = { kind: "push", repository: "https://github.com/org/app.git", ref: "refs/heads/main", delivery: "d-1", cluster: "dead" };

const message = (id: string, item: WorkItem | string, receives = 1): QueueMessage => ({
  id,
  body: typeof item === "string" ? item : JSON.stringify(item),
  receipt: `receipt of ${id}`,
  receives,
});

const parse = (body: string): Result<{ readonly item: WorkItem }> =>
  body.startsWith("{") ? { ok: true, value: { item: JSON.parse(body) as WorkItem } } : problem(`expected an item, got ${body}`);

const nameOf = (item: WorkItem): string => (item.kind === "object" ? `${item.key.name} ${item.look}` : item.kind);

/** A world in which runs of objects named `bad…` break off and those named `slow…` never end. */
function createWorld() {
  const log: string[] = [];
  const patience = new AbortController();
  const worker = createWorker({
    parse,
    run: (item) => {
      log.push(`run ${nameOf(item)}`);
      if (nameOf(item).startsWith("bad") || item.kind === "push" || (item.kind === "cluster" && item.cluster !== "prod"))
        return Promise.reject(new Error("it broke"));
      return nameOf(item).startsWith("slow") ? new Promise(() => undefined) : Promise.resolve();
    },
    putAside: async ({ id }, reason) => void log.push(`aside ${id}: ${reason}`),
    postpone: async ({ id }, seconds) => void log.push(`postpone ${id} ${seconds} s`),
    carryOn: async (item, { isLast }) => {
      if (item.kind === "push") log.push(`carry on a push${isLast ? ", the last time" : ""}`);
      if (item.kind === "push") return true;
      if (item.kind !== "cluster" || !isLast) return false;
      if (item.cluster === "unsent") throw new Error("no queue");
      log.push(`carry on ${item.since}-${item.until}`);
      return true;
    },
    patience: (_, { isAlone }) => (isAlone ? undefined : patience.signal),
    lastReceive: 4,
    log: { info: () => undefined, error: (text, { error }) => void log.push(`error ${text}: ${error}`) },
  });
  return { log, patience, work: (messages: readonly QueueMessage[], signal = new AbortController().signal) => worker.work(messages, signal) };
}

describe("a batch of messages", () => {
  it.each<{ name: string; messages: readonly QueueMessage[]; again: readonly string[]; log: readonly string[] }>([
    { name: "nothing", messages: [], again: [], log: [] },
    { name: "each object is one run", messages: [message("1", object("a")), message("2", object("b"))], again: [], log: ["run a a", "run b a"] },
    {
      name: "the looks at one object are one run",
      messages: [message("1", object("a", "x")), message("2", object("a", "y")), message("3", object("a", "z"))],
      again: [],
      log: ["run a z"],
    },
    {
      name: "a malformed message is put aside at once and stops no other",
      messages: [message("1", "nonsense"), message("2", object("a"))],
      again: [],
      log: ["aside 1: expected an item, got nonsense", "run a a"],
    },
    {
      name: "a run that breaks off brings its messages back, later each time, and no other",
      messages: [message("1", object("bad")), message("2", object("bad", "b"), 3), message("3", object("a"))],
      again: ["1", "2"],
      log: ["run bad b", "run a a", "error message failed: it broke", "postpone 1 2 s", "error message failed: it broke", "postpone 2 8 s"],
    },
    {
      name: "a run that breaks off at its last receive puts its message aside with the reason",
      messages: [message("1", object("bad"), 4)],
      again: [],
      log: ["run bad a", "error message failed: it broke", "aside 1: it broke"],
    },
    {
      name: "windows of one cluster are one run",
      messages: [1, 2].map((tick) => message(String(tick), sweep("prod", tick))),
      again: [],
      log: ["run cluster"],
    },
    {
      name: "windows of a cluster that does not answer come again",
      messages: [message("1", sweep("dead", 1), 3), message("2", sweep("dead", 2), 2)],
      again: ["1", "2"],
      log: ["run cluster", "error message failed: it broke", "postpone 1 8 s", "error message failed: it broke", "postpone 2 4 s"],
    },
    {
      name: "and go on as one message once the first of them has come as often as it may",
      messages: [message("1", sweep("dead", 1), 4), message("2", sweep("dead", 2), 2)],
      again: [],
      log: ["run cluster", "carry on 1-3", "error item is carried on: it broke"],
    },
    {
      name: "what is carried on before its last time does not come again",
      messages: [message("1", push), message("2", object("a"))],
      again: [],
      log: ["run push", "run a a", "carry on a push", "error item is carried on: it broke"],
    },
    {
      name: "what cannot be carried on is put aside",
      messages: [message("1", sweep("unsent", 1), 4), message("2", sweep("unsent", 2), 1)],
      again: ["2"],
      log: [
        "run cluster",
        "error item could not be carried on: no queue",
        "error message failed: it broke",
        "aside 1: it broke",
        "error message failed: it broke",
        "postpone 2 2 s",
      ],
    },
  ])("$name", async ({ messages, again, log }) => {
    const world = createWorld();
    expect(await world.work(messages)).toEqual(again);
    expect(world.log.toSorted()).toEqual(log.toSorted());
  });

  it("gives back what still runs when the function's time is over", async () => {
    const world = createWorld();
    const stop = new AbortController();
    const working = world.work([message("1", object("slow")), message("2", object("a"))], stop.signal);
    await new Promise(setImmediate); // the other one has ended
    stop.abort();
    expect(await working).toEqual(["1"]);
    expect(world.log).toContain("error message failed: the time for it is over");
  });

  it("ends a run for which others wait, and lets one go on that is alone", async () => {
    const world = createWorld();
    const inCompany = world.work([message("1", object("slow")), message("2", object("a"))]);
    await new Promise(setImmediate); // the other one has ended
    world.patience.abort();
    expect(await inCompany).toEqual(["1"]);
    const stop = new AbortController();
    const alone = world.work([message("3", object("slow")), message("4", object("slow", "b"))], stop.signal);
    expect(await Promise.race([alone, new Promise((done) => setImmediate(() => done("goes on")))])).toBe("goes on");
    stop.abort();
    expect(await alone).toEqual(["3", "4"]);
  });

  it("leaves the queue to itself when a message can be neither put aside nor postponed", async () => {
    const broken = createWorker({
      parse,
      run: () => Promise.reject(new Error("it broke")),
      putAside: () => Promise.reject(new Error("no queue")),
      postpone: () => Promise.reject(new Error("no queue")),
      carryOn: () => Promise.reject(new Error("no queue")),
      lastReceive: 4,
      log: { info: () => undefined, error: () => undefined },
    });
    expect(await broken.work([message("1", "nonsense"), message("2", object("a")), message("3", object("b"), 4)], new AbortController().signal)).toEqual([
      "1",
      "2",
      "3",
    ]);
  });
});
