import type { Delivery } from "@sluice/engine/domain/delivery.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createTurns, type Owed } from "@sluice/engine/reconcile/notify/turn.ts";
import { createMemoryNotes } from "@sluice/platform/memory/notes.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";

const EVENT = notified("e1", { involvedObject: {}, severity: "info", timestamp: "", reason: "", message: "", reportingController: "" });
const ALERT = { namespace: "apps", name: "a", uid: "u" };
const FIRST: Delivery = { cluster: "test", event: EVENT, target: { kind: "provider", alert: ALERT, provider: "p" }, attempt: 0, done: 0 };
const SECOND: Delivery = { ...FIRST, attempt: 1 };
const THIRD: Delivery = { ...FIRST, attempt: 2 };
const NEXT: Owed = { next: { attempt: 1, since: epochMs(7), done: 0, notBefore: epochMs(9) } };
const LEASE_MS = 90_000;

function createBook() {
  const time = { now: 1_000 };
  const clock = { now: () => epochMs(time.now) };
  const notes = createMemoryNotes({ clock });
  const wait = (milliseconds: number): void => {
    time.now += milliseconds;
  };
  return { turns: createTurns(notes, clock), wait };
}

describe("whose turn it is", () => {
  it("the first to ask, and nobody else while he may be at it", async () => {
    const { turns, wait } = createBook();
    expect(await turns.take(FIRST)).toEqual({ kind: "ours" });
    wait(LEASE_MS - 1);
    expect(await turns.take(FIRST)).toEqual({ kind: "busy", since: 1_000, until: 1_000 + LEASE_MS });
    wait(1);
    expect(await turns.take(FIRST)).toEqual({ kind: "ours" });
    expect((await turns.take(FIRST)).kind).toBe("busy");
  });

  it("of two who ask at once, one", async () => {
    const { turns } = createBook();
    const kinds = (await Promise.all([turns.take(FIRST), turns.take(FIRST)])).map(({ kind }) => kind);
    expect(kinds).toEqual(["ours", "busy"]);
    await turns.end(FIRST, NEXT);
    await turns.settle(FIRST, NEXT);
    expect((await Promise.all([turns.take(SECOND), turns.take(SECOND)])).map(({ kind }) => kind)).toEqual(["ours", "busy"]);
  });

  it("nobody's once it is done, whatever attempt he brings", async () => {
    const { turns } = createBook();
    await turns.take(FIRST);
    await turns.end(FIRST);
    for (const delivery of [FIRST, SECOND, THIRD]) expect(await turns.take(delivery)).toEqual({ kind: "over" });
  });

  it("what is owed is handed on until it is settled; the next attempt is another's", async () => {
    const { turns } = createBook();
    await turns.take(FIRST);
    await turns.end(FIRST, NEXT);
    expect(await turns.take(FIRST)).toEqual({ kind: "owed", owed: NEXT });
    await turns.settle(FIRST, NEXT);
    expect(await turns.take(FIRST)).toEqual({ kind: "over" });
    expect(await turns.take(SECOND)).toEqual({ kind: "ours" });
  });

  it("an attempt that others have left behind is over, also while they are at theirs", async () => {
    const { turns } = createBook();
    await turns.take(THIRD);
    expect(await turns.take(FIRST)).toEqual({ kind: "over" });
    await turns.end(THIRD, NEXT);
    expect(await turns.take(SECOND)).toEqual({ kind: "over" });
  });

  it("done when all that was owed is an Event", async () => {
    const { turns } = createBook();
    await turns.take(FIRST);
    await turns.end(FIRST, { say: "failed" });
    expect(await turns.take(FIRST)).toEqual({ kind: "owed", owed: { say: "failed" } });
    await turns.settle(FIRST, { say: "failed" });
    expect(await turns.take(SECOND)).toEqual({ kind: "over" });
  });
});

describe("who was taken for lost, and comes late", () => {
  it("changes nothing that others have done", async () => {
    const { turns, wait } = createBook();
    await turns.take(FIRST);
    wait(LEASE_MS);
    await turns.take(FIRST);
    await turns.end(FIRST);
    await turns.end(FIRST, NEXT);
    expect(await turns.take(FIRST)).toEqual({ kind: "over" });
    await turns.end(THIRD, NEXT);
    expect(await turns.take(THIRD)).toEqual({ kind: "over" });
  });
});

describe("a delivery of its own", () => {
  it.each<{ what: string; other: Delivery }>([
    { what: "of another cluster", other: { ...FIRST, cluster: "prod" } },
    { what: "of another event", other: { ...FIRST, event: { ...EVENT, id: "e2" } } },
    { what: "of another Alert", other: { ...FIRST, target: { kind: "provider", alert: { ...ALERT, name: "b" }, provider: "p" } } },
    { what: "of an Alert that was made anew", other: { ...FIRST, target: { kind: "provider", alert: { ...ALERT, uid: "v" }, provider: "p" } } },
    { what: "to another Provider", other: { ...FIRST, target: { kind: "provider", alert: ALERT, provider: "q" } } },
    { what: "to a channel", other: { ...FIRST, target: { kind: "channel", name: "slack" } } },
  ])("$what", async ({ other }) => {
    const { turns } = createBook();
    await turns.take(FIRST);
    expect(await turns.take(other)).toEqual({ kind: "ours" });
  });
});
