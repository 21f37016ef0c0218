import { type Health, healthWord } from "../domain/health.ts";
import { groupOf, type Manifest, type ObjectRef, subjectOf } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import { at } from "./fields.ts";

/** One object whose health is waited for. */
export type Watched = {
  readonly ref: ObjectRef;
  readonly health: Health;
  /** The manifest is a Job with `ttlSecondsAfterFinished`: that it is gone means that it has finished. */
  readonly goneIsDone?: boolean;
};

export type AwaitOptions = {
  /** The deadline has passed. */
  readonly timedOut: boolean;
  /** One failed object ends the wait, though others may still come. Flux's default. */
  readonly failFast: boolean;
};

export type Awaited =
  | { readonly kind: "done" }
  | { readonly kind: "waiting"; readonly pending: readonly ObjectRef[] }
  /** `message` is Flux's: `timeout waiting for: [...]` or `failed early due to stalled resources: [...]`. */
  | { readonly kind: "failed"; readonly early: boolean; readonly message: string };

/** True for a Job that deletes itself once it has finished. Source: reference 2.8. */
export const goneIsDone = (manifest: Manifest): boolean =>
  manifest.kind === "Job" && groupOf(manifest.apiVersion) === "batch" && typeof at(jsonOf(manifest), "spec.ttlSecondsAfterFinished") === "number";

/**
 * Where waiting for many objects stands. Objects are named in the given order, where Flux's is random.
 * Source: reference 2.8; Flux, ssa WaitForSet.
 */
export function awaited(watched: readonly Watched[], { timedOut, failFast }: AwaitOptions): Awaited {
  const pending = watched.filter((one) => !isDone(one));
  if (pending.length === 0) return { kind: "done" };
  if (timedOut) return { kind: "failed", early: false, message: `timeout waiting for: [${pending.map(line).join(", ")}]` };
  const lost = pending.filter(({ health }) => health.kind === "failed");
  const ends = lost.length > 0 && (failFast || lost.length === pending.length);
  if (ends) return { kind: "failed", early: true, message: `failed early due to stalled resources: [${lost.map(line).join(", ")}]` };
  return { kind: "waiting", pending: pending.map(({ ref }) => ref) };
}

const isDone = ({ health, goneIsDone: ends = false }: Watched): boolean => health.kind === "current" || (health.kind === "absent" && ends);

/** `Deployment/apps/web status: 'InProgress'`; only what could not be found out says why. */
function line({ ref, health }: Watched): string {
  const status = `${subjectOf(ref)} status: '${healthWord(health.kind)}'`;
  return health.kind === "unknown" ? `${status}: ${health.message}` : status;
}

/** Where waiting for the disappearance of deleted objects stands; `left` are those that the cluster still has. Source: reference 2.6.5. */
export function terminated(left: readonly ObjectRef[], timedOut: boolean): Awaited {
  const [first] = left;
  if (first === undefined) return { kind: "done" };
  return timedOut
    ? { kind: "failed", early: false, message: `${subjectOf(first)} termination timeout: context deadline exceeded` }
    : { kind: "waiting", pending: left };
}
