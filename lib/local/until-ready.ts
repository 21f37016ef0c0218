import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import { apiVersionOfKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { inParallel } from "@sluice/engine/reconcile/in-parallel.ts";
import type { Host } from "./host.ts";
import { nameOf, type Readiness, readinessOf } from "./readiness.ts";
import type { Story } from "./story.ts";

export type Settled = { readonly kind: "ready" } | { readonly kind: "failed"; readonly reason: string };

const LOOK_MS = 25;
const WORD_EVERY_MS = 2000;
const SAME_WORD_EVERY_MS = 10_000;

/**
 * Waits until every Flux object is Ready, or something has failed and nothing else moves any more. Says what it waits for as that changes,
 * after two seconds at the earliest.
 */
export async function untilReady(host: Host, story: Story, limit: Milliseconds, signal: AbortSignal): Promise<Settled> {
  const started = Date.now();
  let said = "";
  let saidAt = started;
  for (;;) {
    if (signal.aborted) return { kind: "failed", reason: "stopped before everything was Ready" };
    const settled = await lookAll(host);
    if (settled !== undefined) return settled;
    const open = openOf(host.watches()?.objects() ?? []);
    const waiting = open.length === 0 ? "the first look at each object" : open.map(({ object }) => nameOf(object)).join(", ");
    if (Date.now() - started > limit) return { kind: "failed", reason: `not everything is Ready after ${limit / 1000} s: still waiting for ${waiting}` };
    if (Date.now() - saidAt > (waiting === said ? SAME_WORD_EVERY_MS : WORD_EVERY_MS)) {
      story.waiting(`waiting for ${waiting}`);
      said = waiting;
      saidAt = Date.now();
    }
    await pause();
  }
}

/**
 * How it ended, or undefined while something moves. What stands in the cluster from earlier counts for nothing before it was looked at: an object
 * that was seen when the queue still ran, and is asked for after the queue has come to rest, shows what its look has left.
 */
async function lookAll(host: Host): Promise<Settled | undefined> {
  const seen = host.watches()?.objects() ?? [];
  if (seen.some((object) => readinessOf(object).kind === "working")) return undefined;
  const uids = new Set(seen.map(({ metadata }) => metadata.uid));
  const isAtRest = await Promise.race([host.queue.idle().then(() => true), pause().then(() => false)]);
  if (!isAtRest) return undefined;
  const objects = await listAll(host);
  if (!objects.every(({ metadata }) => uids.has(metadata.uid))) return undefined;
  const open = openOf(objects);
  if (open.length === 0) return { kind: "ready" };
  return isStuck(open) ? { kind: "failed", reason: reasonOf(open) } : undefined;
}

/** Every Flux object, as the server has it now. */
async function listAll({ cluster }: Host): Promise<readonly Manifest[]> {
  const kinds = Object.values(KINDS).filter(({ hasStatus }) => hasStatus);
  const answers = await inParallel(kinds, 4, (kind) => cluster.list({ apiVersion: apiVersionOfKind(kind), kind: kind.kind }));
  return answers.flatMap((answer) => (answer.kind === "listed" ? answer.items : []));
}

const pause = (): Promise<void> => new Promise((done) => setTimeout(done, LOOK_MS));

const openOf = (objects: readonly Manifest[]): readonly Open[] =>
  objects.map((object) => ({ object, state: readinessOf(object) })).filter(({ state }) => state.kind !== "ready");

type Open = { readonly object: Manifest; readonly state: Readiness };

/** Something has failed, and all else that is not ready waits for others. */
const isStuck = (open: readonly Open[]): boolean => open.some(({ state }) => state.kind === "failed") && open.every(({ state }) => state.kind !== "working");

/** The first failure, on one line: it is the last that a person sees. */
function reasonOf(open: readonly Open[]): string {
  for (const { object, state } of open)
    if (state.kind === "failed") return `${nameOf(object)}: ${state.reason}: ${state.message.trim().replaceAll(/\s*\n\s*/g, "; ")}`;
  return "";
}
