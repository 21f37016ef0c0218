import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Host } from "./host.ts";
import { nameOf, type Readiness, readinessOf } from "./readiness.ts";
import type { Story } from "./story.ts";

export type Settled = { readonly kind: "ready" } | { readonly kind: "failed"; readonly reason: string };

const LOOK_MS = 50;
const WORD_EVERY_MS = 2000;

/**
 * Waits until every Flux object is Ready, or something has failed and nothing else moves any more. Says what it waits for as that changes,
 * and at least every two seconds.
 */
export async function untilReady(host: Host, story: Story, limit: Milliseconds, signal: AbortSignal): Promise<Settled> {
  const started = Date.now();
  let said = "";
  let saidAt = started;
  for (;;) {
    const states = (host.watches()?.objects() ?? []).map((object) => ({ object, state: readinessOf(object) }));
    const open = states.filter(({ state }) => state.kind !== "ready");
    if (states.length > 0 && open.length === 0) return { kind: "ready" };
    if (isStuck(open)) return { kind: "failed", reason: reasonOf(open) };
    if (Date.now() - started > limit) return { kind: "failed", reason: `not everything is Ready after ${limit / 1000} s: ${waitingFor(open)}` };
    if (signal.aborted) return { kind: "failed", reason: "stopped" };
    const waiting = waitingFor(open);
    if (waiting !== "" && Date.now() - saidAt > WORD_EVERY_MS && (waiting !== said || Date.now() - saidAt > 5 * WORD_EVERY_MS)) {
      story.waiting(`waiting for ${waiting}`);
      said = waiting;
      saidAt = Date.now();
    }
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

type Open = { readonly object: Manifest; readonly state: Readiness };

/** Something has failed, and all else that is not ready waits for others. */
const isStuck = (open: readonly Open[]): boolean => open.some(({ state }) => state.kind === "failed") && open.every(({ state }) => state.kind !== "working");

function reasonOf(open: readonly Open[]): string {
  const failed = open.find(({ state }) => state.kind === "failed");
  if (failed === undefined || failed.state.kind !== "failed") return "";
  return `${nameOf(failed.object)}: ${failed.state.reason}: ${failed.state.message.trim()}`;
}

const waitingFor = (open: readonly Open[]): string => open.map(({ object }) => nameOf(object)).join(", ");
