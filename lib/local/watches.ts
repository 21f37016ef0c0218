import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { keyText, type ObjectKey } from "@sluice/engine/domain/object-key.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { isHint, type WorkItem } from "@sluice/engine/domain/work-item.ts";
import { apiVersionOfKind, type FluxKind, KINDS } from "@sluice/engine/flux/kinds.ts";
import { isDue } from "@sluice/engine/plan/due.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import type { Queue } from "@sluice/engine/ports/queue.ts";
import { dueInputOf } from "@sluice/engine/reconcile/due-input.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { watchKind } from "@sluice/platform/kubernetes/watch.ts";
import { refersTo, watchReferences } from "./reference-watch.ts";

export type WatchDeps = {
  readonly http: Http;
  readonly kinds: Kinds;
  readonly queue: Queue;
  readonly clock: Clock;
  readonly log: Log;
  readonly clusterName: string;
};

export type Watches = {
  /** Every Flux object, as it was last seen. */
  objects(): readonly Manifest[];
  /** The object, as it was last seen, asks for nothing that the hint is about. Should it be behind: what comes next tells, and sends another. */
  hasAnswered(item: WorkItem): boolean;
  stop(): void;
};

const TICK_MS = 1000;

/** Of these a look comes at once; the clock brings the others. */
const AT_ONCE = new Set(["deletion", "request", "new", "generation"]);

/**
 * Watches every Flux object of the cluster: a new or changed one, or a request by annotation, is acted on at once, and all that is due by
 * its interval when its turn comes. What stands there at the start is looked at once, as Flux does when it starts.
 */
export async function startWatches(deps: WatchDeps): Promise<Watches> {
  const seen = new Map<string, Manifest>();
  const latest = new Map<string, Manifest>();
  const stopping = new AbortController();

  const send = (kind: FluxKind, { metadata }: Manifest, cause: string): void => {
    const key = keyOf(deps.clusterName, kind, metadata.namespace ?? "", metadata.name ?? "");
    void deps.queue.send({ kind: "object", key, cause, look: String(deps.clock.now()) });
  };
  const onEvent =
    (kind: FluxKind) =>
    ({ type, object }: { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Manifest }): void => {
      const id = object.metadata.uid ?? "";
      const key = keyText(keyOf(deps.clusterName, kind, object.metadata.namespace ?? "", object.metadata.name ?? ""));
      if (type === "DELETED") {
        seen.delete(id);
        latest.delete(key);
        return;
      }
      const isFirst = !seen.has(id);
      seen.set(id, object);
      latest.set(key, object);
      const state = isDue(dueInputOf(object), { from: deps.clock.now(), to: deps.clock.now() });
      if (isFirst || (state.kind === "due" && AT_ONCE.has(state.cause))) send(kind, object, state.kind === "due" ? state.cause : "start");
    };

  for (const kind of Object.values(KINDS)) {
    const facts = await deps.kinds.find(apiVersionOfKind(kind), kind.kind);
    if (facts === undefined) continue;
    const trouble = (text: string): void => deps.log.error("watch broke off", { kind: kind.kind, error: text });
    void watchKind(deps.http, { kind: facts, onEvent: onEvent(kind), onTrouble: trouble, signal: stopping.signal });
  }

  await watchReferences(deps, stopping.signal, (changed) => {
    for (const object of seen.values()) {
      const kind = KINDS_BY_NAME.get(object.kind);
      if (kind !== undefined && refersTo(object, changed)) send(kind, object, "reference");
    }
  });

  let from: EpochMs = deps.clock.now();
  const tick = setInterval(() => {
    // A clock that jumped back makes an empty window; one that jumped ahead makes a long one: nothing is missed, nothing runs twice.
    const to = deps.clock.now();
    for (const object of seen.values()) {
      const kind = KINDS_BY_NAME.get(object.kind);
      const state = isDue(dueInputOf(object), { from, to });
      if (kind !== undefined && state.kind === "due" && (state.cause === "interval" || state.cause === "retry")) send(kind, object, state.cause);
    }
    from = to;
  }, TICK_MS);

  return {
    objects: () => [...seen.values()],
    hasAnswered: (item) => item.kind === "object" && isAnswered(item, latest.get(keyText(item.key)), deps.clock.now()),
    stop: () => {
      clearInterval(tick);
      stopping.abort();
    },
  };
}

/** A hint about an object that stands there as `object` and asks for nothing. */
export const isAnswered = (item: WorkItem, object: Manifest | undefined, now: EpochMs): boolean =>
  isHint(item) && object !== undefined && isDue(dueInputOf(object), { from: now, to: now }).kind !== "due";

const KINDS_BY_NAME: ReadonlyMap<string, FluxKind> = new Map(Object.values(KINDS).map((kind) => [kind.kind, kind]));

export const keyOf = (cluster: string, { group, kind }: FluxKind, namespace: string, name: string): ObjectKey => ({ cluster, group, kind, namespace, name });
