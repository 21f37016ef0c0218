import type { NotifiedEvent } from "@sluice/engine/domain/notified-event.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { NotifierAnswer } from "@sluice/engine/ports/notifier.ts";
import type { Notifications } from "@sluice/engine/reconcile/notify/notifications.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, earliest, providerOf, type World } from "../../../../support/notify/world.ts";
import { type Calls, type Cut, CutOff, createCalls, type Interference } from "../../../../support/reconcile/calls.ts";

/** Without an address there is nothing to mask, which takes most of the time otherwise. */
const SLACK = { slack: { address: async () => secret("") } };
/** After so long a queue brings a message again that nobody has finished. */
const VISIBILITY_MS = 30_000;
const MANY = 400;

const objects = [
  ...["one", "two"].flatMap((name) => [
    alertOf({ name, namespace: "apps", spec: { eventSources: [{ kind: "Kustomization", name: "*" }] } }),
    providerOf(name, "apps", { type: "generic", address: "http://127.0.0.1:9/hook" }),
  ]),
];

const eventOf = (id: string, uid: string, change: Partial<NotifiedEvent> = {}): NotifiedEvent => ({
  ...notified(id, {
    involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: uid, uid },
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    reason: "Progressing",
    message: `message of ${id}`,
    reportingController: "kustomize-controller",
  }),
  ...change,
});

type Answer = (of: { readonly event: string; readonly to: string; readonly nth: number; readonly at: number }) => NotifierAnswer;

const SENT: NotifierAnswer = { kind: "sent" };
const REFUSED: NotifierAnswer = { kind: "refused", message: "no" };
const UNAVAILABLE: NotifierAnswer = { kind: "unavailable", prefix: "failed: ", request: "POST x", why: "status 500", done: 0 };

/** A world whose providers answer by a script, and take `patience` to be silent, and the book of who took what. */
function createBook(answer: Answer, channels = {}, patience = 0) {
  const asked = new Map<string, number>();
  /** `<event> <provider>`, as often as it was taken. */
  const taken: string[] = [];
  /** Sendings whose answer nobody could write down any more: each may come once more. */
  const excused: string[] = [];
  const world = createWorld({
    objects,
    channels,
    answer: ({ event, provider }) => {
      const what = `${event.id} ${provider.name}`;
      const nth = asked.get(what) ?? 0;
      asked.set(what, nth + 1);
      const given = answer({ event: event.id, to: provider.name, nth, at: world.now() });
      if (given.kind === "sent" || given.kind === "refused") taken.push(what);
      else world.wait(patience);
      return given;
    },
  });
  return { world, taken, excused };
}

type Book = ReturnType<typeof createBook>;

/** As a host does it: what breaks off is brought again. True when it came to an end. */
async function bring({ world, taken, excused }: Book, interference: Interference, run: (notifications: Notifications) => Promise<unknown>): Promise<boolean> {
  const calls = createCalls(interference);
  const before = taken.length;
  try {
    await run(world.notifications(calls));
    return true;
  } catch (error) {
    if (!(error instanceof CutOff) && !(error instanceof Lost)) throw error;
    if (!wasWrittenDown(calls, error)) excused.push(...taken.slice(before));
    return false;
  }
}

/** A port that fails: its call has no effect, and throws. */
class Lost extends Error {}

/** Whether the note that says what the provider answered was written before the end. */
function wasWrittenDown({ lines }: Calls, error: Error): boolean {
  const sending = lines.findLastIndex((line) => line.startsWith("send to"));
  const writing = lines.indexOf("write delivered", sending);
  return writing > sending && !(error instanceof Lost && writing === lines.length - 1);
}

async function dispatchAll(book: Book, events: readonly NotifiedEvent[], interferences: () => Interference): Promise<void> {
  for (const event of events) {
    for (let tries = 0; !(await bring(book, interferences(), ({ dispatch }) => dispatch(event))); tries++) {
      if (tries > MANY) throw new Error("it never ends");
      book.world.wait(VISIBILITY_MS);
    }
  }
}

async function deliverAll(book: Book, interferences: () => Interference, isDouble: () => boolean = () => false): Promise<void> {
  const { world } = book;
  for (let tries = 0; ; tries++) {
    if (tries > MANY) throw new Error("it never ends");
    const next = earliest(world.queue);
    if (next === undefined) return;
    world.queue.splice(world.queue.indexOf(next), 1);
    world.wait(Math.max(0, next.notBefore - world.now() - START_OF(world)));
    // The same message twice, at the same time or one after the other.
    if (isDouble()) world.queue.push({ ...next, notBefore: START_OF(world) + world.now() + (tries % 2) * VISIBILITY_MS });
    const twin = earliest(world.queue);
    const together = twin !== undefined && twin.notBefore <= START_OF(world) + world.now() ? [next, twin] : [next];
    if (together.length === 2 && twin !== undefined) world.queue.splice(world.queue.indexOf(twin), 1);
    await Promise.all(
      together.map(async (each) => {
        const isDone = await bring(book, interferences(), ({ deliver }) => deliver(each.delivery));
        if (!isDone) world.queue.push({ ...each, notBefore: START_OF(world) + world.now() + VISIBILITY_MS });
      }),
    );
  }
}

const START_OF = (world: World): number => world.started;

const count = (texts: readonly string[], text: string): number => texts.filter((each) => each === text).length;

/** Everybody who was to hear of it did, once; or once more for each sending that nobody could write down. */
function checkBook({ taken, excused }: Book, wanted: readonly string[]): void {
  expect([...new Set(taken)].toSorted()).toEqual(wanted.toSorted());
  for (const what of wanted) expect(count(taken, what), what).toBeLessThanOrEqual(1 + count(excused, what));
}

const FAILURE = eventOf("e1", "web", { severity: "error", reason: "HealthCheckFailed" });
const RECOVERY = eventOf("e2", "web", { reason: "ReconciliationSucceeded", timestamp: "2026-01-02T03:05:05Z" });
const WANTED = ["e1 one", "e1 two", "e1 slack", "e2 one", "e2 two", "e2 slack"];

/** The interference at the n-th call of all that are made, and none after it. */
function once(interference: (n: number) => Interference, n: number): () => Interference {
  let left = n;
  return () => {
    if (left <= 0) return {};
    let made = 0;
    const here = interference(left);
    return {
      ...here,
      hold: async () => {
        made++;
        left--;
        if (made > MANY) throw new Error("it never ends");
      },
    };
  };
}

describe("wherever a run is cut off, everybody hears of it once", () => {
  const scripts: readonly { readonly name: string; readonly answer: Answer; readonly patience?: number }[] = [
    { name: "everything is taken", answer: () => SENT },
    { name: "everything is refused", answer: () => REFUSED },
    { name: "the first attempts get no answer", answer: ({ nth }) => (nth < 2 ? UNAVAILABLE : SENT) },
    { name: "Flux would have given up", answer: ({ at }) => (at < 200_000 ? UNAVAILABLE : SENT) },
    { name: "nobody waits for what another has waited for", answer: ({ at }) => (at < 100_000 ? UNAVAILABLE : SENT), patience: 4_000 },
  ];
  const ways: readonly { readonly way: string; readonly at: (n: number) => Interference }[] = [
    { way: "killed before", at: (n) => ({ cut: { n, when: "before" } satisfies Cut }) },
    { way: "killed after", at: (n) => ({ cut: { n, when: "after" } satisfies Cut }) },
  ];

  it.each(scripts.flatMap((script) => ways.map((way) => ({ ...script, ...way }))))("$name, $way", async ({ name, answer, at, patience }) => {
    let isReached = true;
    for (let n = 1; isReached && n < MANY; n++) {
      const book = createBook(answer, SLACK, patience);
      const interferences = once(at, n);
      await dispatchAll(book, [FAILURE, RECOVERY], interferences);
      await deliverAll(book, interferences);
      checkBook(book, WANTED);
      if (name === "everything is refused") expect(new Set(book.world.told.map(({ object }) => object.name))).toEqual(new Set(["one", "two"]));
      isReached = interferences().hold === undefined;
    }
    expect(isReached).toBe(false);
  });
});

describe("under any mixture of faults", () => {
  it.each(Array.from({ length: 100 }, (_, index) => index + 1))("seed %i", async (seed) => {
    const random = createRandom(seed);
    const script = new Map<string, number>();
    const book = createBook(({ event, to, nth }) => {
      const what = `${event} ${to}`;
      if (!script.has(what)) script.set(what, Math.floor(random() * 4));
      return nth < (script.get(what) ?? 0) ? UNAVAILABLE : SENT;
    }, SLACK);
    const interferences = (): Interference => {
      const kind = random();
      const n = 1 + Math.floor(random() * 8);
      if (kind < 0.15) return { cut: { n, when: random() < 0.5 ? "before" : "after" } };
      if (kind > 0.3) return {};
      let made = 0;
      return { instead: (line) => (!line.startsWith("send to") && ++made === n ? new Lost("nobody answered") : undefined) };
    };
    const events = [FAILURE, RECOVERY, eventOf("e3", "db"), FAILURE, eventOf("e3", "db")];
    await dispatchAll(book, events, interferences);
    await deliverAll(book, interferences, () => random() < 0.3);
    checkBook(book, [...WANTED, "e3 one", "e3 two"]);
  });
});

/** Numbers from 0 to 1, the same for the same seed. */
function createRandom(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}
