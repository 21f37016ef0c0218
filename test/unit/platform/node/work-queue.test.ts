import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createWorkQueue } from "@sluice/platform/node/work-queue.ts";
import { describe, expect, it } from "vitest";

const item = (name: string, cause = "test"): WorkItem => ({
  kind: "object",
  key: { cluster: "c", group: "g", kind: "Kustomization", namespace: "n", name },
  cause,
  look: cause,
});

/** A worker that ends an item when told. */
function createWorker() {
  const started: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (given: WorkItem): Promise<void> => {
    const name = given.kind === "object" ? `${given.key.name} ${given.cause}` : given.kind;
    started.push(name);
    return new Promise((done) => ends.set(name, done));
  };
  return { started, work, end: (name: string) => ends.get(name)?.() };
}

describe("createWorkQueue", () => {
  it("runs one item of a group at a time, and what came in between once more", async () => {
    const queue = createWorkQueue({ now: () => epochMs(0) }, { parallel: 4 });
    const worker = createWorker();
    queue.start(worker.work);
    await queue.send(item("a", "1"));
    await queue.send(item("a", "2"));
    await queue.send(item("a", "3"));
    expect(worker.started).toEqual(["a 1"]);
    worker.end("a 1");
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(worker.started).toEqual(["a 1", "a 2"]);
    worker.end("a 2");
    await queue.idle();
    expect(worker.started).toEqual(["a 1", "a 2"]);
  });

  it("runs groups side by side up to its width", async () => {
    const queue = createWorkQueue({ now: () => epochMs(0) }, { parallel: 2 });
    const worker = createWorker();
    queue.start(worker.work);
    for (const name of ["a", "b", "c"]) await queue.send(item(name));
    expect(worker.started).toEqual(["a test", "b test"]);
  });

  it("keeps a delayed item until its time, and an earlier hint takes its place", async () => {
    const queue = createWorkQueue({ now: () => epochMs(1000) }, { parallel: 2 });
    const worker = createWorker();
    queue.start(worker.work);
    await queue.send(item("a", "late"), { notBefore: epochMs(100_000) });
    expect(worker.started).toEqual([]);
    await queue.send(item("a", "now"));
    expect(worker.started).toEqual(["a now"]);
    worker.end("a now");
    await queue.idle();
    expect(worker.started).toEqual(["a now"]);
  });

  it.each<{ sent: readonly (readonly [cause: string, notBefore?: number])[]; want: readonly string[]; why: string }>([
    { sent: [["generation"], ["source"]], want: ["a source"], why: "a look answers the hint" },
    { sent: [["source"], ["generation"]], want: ["a source"], why: "the hint is answered by the look before it" },
    { sent: [["generation"], ["waiting", 5]], want: ["a generation", "a waiting"], why: "a look that is owed outlives the hint" },
    { sent: [["waiting", 5], ["generation"]], want: ["a generation", "a waiting"], why: "the hint comes first" },
    { sent: [["waiting", 5], ["source"]], want: ["a source"], why: "a look at once makes a later one needless" },
    {
      sent: [
        ["waiting", 5],
        ["failed", 3],
      ],
      want: ["a failed"],
      why: "of two looks the earlier stays",
    },
    { sent: [["new"], ["generation"], ["request"]], want: ["a new"], why: "one hint is enough" },
  ])("$why", async ({ sent, want }) => {
    let now = 1;
    const queue = createWorkQueue({ now: () => epochMs(now) }, { parallel: 4 });
    const worker = createWorker();
    queue.start(worker.work);
    await queue.send(item("a", "first"));
    for (const [cause, notBefore] of sent) await queue.send(item("a", cause), notBefore === undefined ? {} : { notBefore: epochMs(notBefore) });
    now = 10;
    for (const name of ["a first", ...want]) {
      expect(worker.started.at(-1)).toBe(name);
      worker.end(name);
      for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    }
    await queue.idle();
    expect(worker.started).toEqual(["a first", ...want]);
  });

  it("takes nothing after stop", async () => {
    const queue = createWorkQueue({ now: () => epochMs(0) }, { parallel: 2 });
    const worker = createWorker();
    queue.start(worker.work);
    await queue.stop();
    await queue.send(item("a"));
    expect(worker.started).toEqual([]);
  });
});
