import type { Outcome } from "../../domain/outcome.ts";
import type { EpochMs } from "../../domain/time.ts";
import { begun, suspendedStatus } from "./source-conditions.ts";
import type { SourceDeps, SourceKind, SourceObject } from "./source-object.ts";
import { announce, conclude, finalize, hold, rest, type SourceSummary } from "./source-pass.ts";

/** How the work of a pass ends, with the object as it stands by then; `outcome`: a write in between was the end of it. */
export type Worked<Object, End> =
  | { readonly kind: "end"; readonly end: End; readonly object: Object }
  | { readonly kind: "outcome"; readonly outcome: Outcome };

/** What the passes over one kind of source do differently. */
export type SourceWork<Object extends SourceObject, End> = {
  /** `wrote`: this pass has announced itself already. */
  readonly work: (object: Object, wrote: boolean) => Promise<Worked<Object, End>>;
  /** `before`: as the pass found it. */
  readonly summarise: (object: Object, before: Object, end: End, now: EpochMs) => SourceSummary<Object>;
};

/** One pass over one source, whatever its kind. Source: reference 1.1. */
export async function reconcileSource<Object extends SourceObject & { readonly spec: { readonly suspend: boolean } }, End extends { readonly kind: string }>(
  deps: SourceDeps,
  kind: SourceKind<Object>,
  object: Object,
  { work, summarise }: SourceWork<Object, End>,
): Promise<Outcome> {
  if (object.metadata.deletionTimestamp !== undefined) return finalize(deps, kind, object);
  const held = await hold(deps, kind, object);
  if (held.kind === "end") return held.outcome;
  if (object.spec.suspend) return rest(deps, kind, held.object, suspendedStatus(held.object));
  const announced = await announce(deps, kind, held.object, begun(held.object, undefined, deps.clock.now()));
  if (announced.kind === "end") return announced.outcome;
  const worked = await work(announced.object, announced.wrote);
  if (worked.kind === "outcome") return worked.outcome;
  return conclude(deps, kind, worked.object, summarise(worked.object, held.object, worked.end, deps.clock.now()), worked.end.kind);
}
