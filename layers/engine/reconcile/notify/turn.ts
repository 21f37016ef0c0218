import { createHash } from "node:crypto";
import type { Delivery } from "../../domain/delivery.ts";
import { isObject, type Json } from "../../domain/json.ts";
import { type EpochMs, epochMs, seconds } from "../../domain/time.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Note, Notes } from "../../ports/notes.ts";
import { jsonIn } from "./note-json.ts";
import { LONGEST_ATTEMPT } from "./schedule.ts";

/** What is left to do when an attempt has ended: it is written down before it is done, so that it is done once the attempt was made. */
export type Owed = {
  /** For an Event on the Alert. Nothing in it is secret. */
  readonly say?: string;
  readonly next?: NextTurn;
};
export type NextTurn = { readonly attempt: number; readonly since: EpochMs; readonly done: number; readonly notBefore: EpochMs };

/** Who may go on with a delivery. */
export type Turn =
  /** Whoever asked, alone. */
  | { readonly kind: "ours" }
  /** This attempt was made, and this much of what follows from it may not be done yet. */
  | { readonly kind: "owed"; readonly owed: Owed }
  /** There is nothing left to do. */
  | { readonly kind: "over" }
  /** Somebody else is at it, since then, or was when he was lost. */
  | { readonly kind: "busy"; readonly since: EpochMs; readonly until: EpochMs };

/** Longer than an attempt with all that is written before and after it. Who is silent for so long is lost. */
const LEASE = seconds(LONGEST_ATTEMPT / 1000 + 30);

/** One note for each event and target. `over` speaks of all attempts up to the one that it names, `done` of all that there could be. */
type State =
  | { readonly state: "trying" | "over" | "done"; readonly attempt: number }
  | { readonly state: "owed"; readonly attempt: number; readonly owed: Owed };

/** How often somebody else may come in between. */
const TRIES = 4;

export type Turns = {
  take(delivery: Delivery): Promise<Turn>;
  /** The attempt has ended; without `owed` there is nothing left to do. */
  end(delivery: Delivery, owed?: Owed): Promise<void>;
  /** What was owed is done. */
  settle(delivery: Delivery, owed: Owed): Promise<void>;
};

/**
 * Sees to it that each attempt of a delivery is made once, whoever brings it, how often, and wherever he is cut off: only an attempt whose maker is lost is made
 * again, since nobody knows how far it came.
 */
export function createTurns(notes: Notes, clock: Clock): Turns {
  async function take(delivery: Delivery): Promise<Turn> {
    const key = keyOf(delivery);
    const trying = textOf({ state: "trying", attempt: delivery.attempt });
    if (delivery.attempt === 0 && (await notes.write(key, trying))) return { kind: "ours" };
    const note = await notes.read(key);
    const turn = whoseTurn(note, delivery.attempt, clock.now());
    if (turn.kind !== "ours" || (await notes.write(key, trying, note))) return turn;
    return { kind: "busy", since: clock.now(), until: epochMs(clock.now() + LEASE) };
  }

  /** Others who make the same attempt, after the first was taken for lost, may have come further: what they wrote counts. */
  async function advance(delivery: Delivery, state: State): Promise<void> {
    const key = keyOf(delivery);
    for (let tries = 0; tries < TRIES; tries++) {
      const note = await notes.read(key);
      const before = stateIn(note);
      if (before !== undefined && !isFurther(state, before)) return;
      if (await notes.write(key, textOf(state), note)) return;
    }
    throw new Error("the note of a delivery is written by too many at once");
  }

  return {
    take,
    end: (delivery, owed) =>
      advance(delivery, owed === undefined ? { state: "done", attempt: delivery.attempt } : { state: "owed", attempt: delivery.attempt, owed }),
    settle: (delivery, { next }) => advance(delivery, { state: next === undefined ? "done" : "over", attempt: delivery.attempt }),
  };
}

const ORDER = ["trying", "owed", "over", "done"] satisfies readonly State["state"][];

const isFurther = (state: State, before: State): boolean =>
  before.state !== "done" && (state.attempt > before.attempt || (state.attempt === before.attempt && ORDER.indexOf(state.state) > ORDER.indexOf(before.state)));

function whoseTurn(note: Note | undefined, attempt: number, now: EpochMs): Turn {
  const state = stateIn(note);
  if (note === undefined || state === undefined) return { kind: "ours" };
  if (state.state === "done" || state.attempt > attempt) return { kind: "over" };
  if (state.attempt < attempt) return { kind: "ours" };
  switch (state.state) {
    case "over":
      return { kind: "over" };
    case "owed":
      return { kind: "owed", owed: state.owed };
    case "trying": {
      const until = epochMs(note.at + LEASE);
      return now >= until ? { kind: "ours" } : { kind: "busy", since: note.at, until };
    }
  }
}

function keyOf({ cluster, event, target }: Delivery): string {
  const place =
    target.kind === "channel" ? ["channel", target.name] : ["provider", target.alert.namespace, target.alert.name, target.alert.uid, target.provider];
  return `delivered/${createHash("sha256")
    .update(JSON.stringify([cluster, event.id, ...place]))
    .digest("hex")}`;
}

const textOf = (state: State): string => JSON.stringify(state);

/** What a note says; undefined when it is not there, or says nothing that we wrote. */
function stateIn(note: Note | undefined): State | undefined {
  const found = jsonIn(note);
  if (!isObject(found) || typeof found.attempt !== "number") return undefined;
  const { state, attempt } = found;
  if (state === "trying" || state === "over" || state === "done") return { state, attempt };
  return state === "owed" ? { state, attempt, owed: owedIn(found.owed) } : undefined;
}

function owedIn(value: Json | undefined): Owed {
  if (!isObject(value)) return {};
  const next = nextIn(value.next);
  return { ...(typeof value.say === "string" && { say: value.say }), ...(next !== undefined && { next }) };
}

function nextIn(value: Json | undefined): NextTurn | undefined {
  if (!isObject(value)) return undefined;
  const { attempt, since, done, notBefore } = value;
  if (typeof attempt !== "number" || typeof since !== "number" || typeof done !== "number" || typeof notBefore !== "number") return undefined;
  return { attempt, since: epochMs(since), done, notBefore: epochMs(notBefore) };
}
