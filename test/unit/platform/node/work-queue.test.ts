import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createWorkQueue } from "@sluice/platform/node/work-queue.ts";
import { describe, expect, it } from "vitest";

const item = (name: string, cause = "test"): WorkItem => ({
  kind: "object",
  key: { cluster: "c", group: "g", kind: "Kustomization", namespace: "n", name },
  cause,
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

  it("takes nothing after stop", async () => {
    const queue = createWorkQueue({ now: () => epochMs(0) }, { parallel: 2 });
    const worker = createWorker();
    queue.start(worker.work);
    await queue.stop();
    await queue.send(item("a"));
    expect(worker.started).toEqual([]);
  });
});
