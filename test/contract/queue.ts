import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

/** A queue to hold to the contract, with workers that end when they are told. */
export type QueueUnderTest = {
  readonly queue: Queue;
  readonly now: () => number;
  /** Lets begin what may begin, and says all that has begun so far, in order: `apps main@sha1:0` for a look at Kustomization apps. */
  readonly begun: () => Promise<readonly string[]>;
  readonly end: (begun: string) => Promise<void>;
  readonly pass: (milliseconds: number) => Promise<void>;
  readonly stop: () => Promise<void>;
};

export const lookAt = (name: string, look: string): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "flux-system", name },
  cause: "source",
  look,
});
export const named = (item: WorkItem): string => (item.kind === "object" ? `${item.key.name} ${item.look}` : item.kind);

/** What the engine may rely on, whoever runs its items. */
export function describeQueue(name: string, open: () => Promise<QueueUnderTest>): void {
  describe(`work in ${name}`, () => {
    let under: QueueUnderTest;
    beforeEach(async () => {
      under = await open();
    });
    afterEach(() => under.stop());
    const send = (object: string, look: string, after?: number): Promise<void> =>
      under.queue.send(lookAt(object, look), after === undefined ? {} : { notBefore: epochMs(under.now() + after) });

    it("runs one look at an object at a time, and what came in between afterwards", async () => {
      await send("a", "1");
      expect(await under.begun()).toEqual(["a 1"]);
      await send("a", "2");
      expect(await under.begun()).toEqual(["a 1"]);
      await under.end("a 1");
      expect(await under.begun()).toEqual(["a 1", "a 2"]);
      await under.end("a 2");
      expect(await under.begun()).toEqual(["a 1", "a 2"]);
    });

    it("runs looks at different objects side by side, in the order in which they came", async () => {
      for (const object of ["b", "a", "c"]) await send(object, "1");
      expect(await under.begun()).toEqual(["b 1", "a 1", "c 1"]);
    });

    it("swallows a look that waits already", async () => {
      await send("a", "1");
      await under.begun();
      for (const look of ["2", "2", "2"]) await send("a", look);
      await under.end("a 1");
      await under.begun();
      await under.end("a 2");
      expect(await under.begun()).toEqual(["a 1", "a 2"]);
    });

    it("takes looks that were sent without waiting for one another", async () => {
      await Promise.all(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"].map((object) => send(object, "1")));
      expect(await under.begun()).toHaveLength(12);
    });

    it.each<{ after: number; passes: number; begins: boolean }>([
      { after: 0, passes: 0, begins: true },
      { after: -1, passes: 0, begins: true },
      { after: 5_000, passes: 4_000, begins: false },
      { after: 5_000, passes: 5_000, begins: true },
      { after: 1_500, passes: 1_499, begins: false },
      { after: 1_500, passes: 2_000, begins: true },
      { after: 3_600_000, passes: 3_599_000, begins: false },
      { after: 3_600_000, passes: 3_600_000, begins: true },
    ])("does not begin what is due in $after ms after $passes ms: $begins", async ({ after, passes, begins }) => {
      await send("a", "later", after);
      await under.pass(passes);
      expect(await under.begun()).toEqual(begins ? ["a later"] : []);
    });

    it("does not let a look wait for one that is due later", async () => {
      await send("a", "later", 60_000);
      await send("a", "now");
      expect(await under.begun()).toEqual(["a now"]);
    });

    it("does not begin a look that came due while the object is at work", async () => {
      await send("a", "now");
      await under.begun();
      await send("a", "later", 1_000);
      await under.pass(2_000);
      expect(await under.begun()).toEqual(["a now"]);
      await under.end("a now");
      expect(await under.begun()).toEqual(["a now", "a later"]);
    });
  });
}
