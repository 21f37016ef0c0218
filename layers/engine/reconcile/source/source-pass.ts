import type { Outcome } from "../../domain/outcome.ts";
import { isInstalled } from "../installed.ts";
import { addFinalizer, eventMetadata, FINALIZER, involvedObject, type ObjectWrite, removeFinalizer, writeStatus } from "../object-status.ts";
import { CONTROLLER, type Saying, type SourceDeps, type SourceKind, type SourceObject } from "./source-object.ts";

/** What every pass over a source begins and ends with. Source: reference 1.1. */

export type Held<Object> = { readonly kind: "held"; readonly object: Object } | { readonly kind: "end"; readonly outcome: Outcome };

/** Nothing is begun before the finalizer is there, and it is not added to a cluster that Sluice is leaving. Source: reference 0.4, 6.14. */
export async function hold<Object extends SourceObject>(deps: SourceDeps, kind: SourceKind<Object>, object: Object): Promise<Held<Object>> {
  if (object.metadata.finalizers.includes(FINALIZER)) return { kind: "held", object };
  if (!(await isInstalled(deps.cluster, deps.settings, kind.crd)))
    return { kind: "end", outcome: { kind: "skipped", why: "sluice is not installed in this cluster" } };
  const read = readWritten(kind, await addFinalizer(deps.cluster, object, CONTROLLER), object);
  return read.kind === "go" ? { kind: "held", object: read.object } : read;
}

export type Read<Object> = { readonly kind: "go"; readonly object: Object } | { readonly kind: "end"; readonly outcome: Outcome };

/** The object as it stands after a write, or how the pass ends because of it. A refusal is a bug or a missing right: it throws. */
function readWritten<Object extends SourceObject>(kind: SourceKind<Object>, answer: ObjectWrite, object: Object): Read<Object> {
  switch (answer.kind) {
    case "unchanged":
      return { kind: "go", object };
    case "moved":
      return { kind: "end", outcome: { kind: "skipped", why: "the object has moved on", again: true } };
    case "gone":
      return { kind: "end", outcome: { kind: "skipped", why: "gone" } };
    case "refused":
      throw new Error(`the write to ${object.kind} ${object.metadata.namespace}/${object.metadata.name} was refused: ${answer.message}`);
    case "written": {
      const parsed = kind.parse(answer.object);
      return parsed.ok ? { kind: "go", object: parsed.value } : { kind: "end", outcome: { kind: "skipped", why: parsed.problem } };
    }
  }
}

export type Announced<Object> = { readonly kind: "go"; readonly object: Object; readonly wrote: boolean } | { readonly kind: "end"; readonly outcome: Outcome };

/** Writes that work has begun, where `status` says so. */
export async function announce<Object extends SourceObject>(
  deps: SourceDeps,
  kind: SourceKind<Object>,
  object: Object,
  status: Object["status"] | undefined,
): Promise<Announced<Object>> {
  if (status === undefined) return { kind: "go", object, wrote: false };
  const read = await writeSource(deps, kind, object, status);
  return read.kind === "end" ? read : { ...read, wrote: true };
}

async function writeSource<Object extends SourceObject>(
  deps: SourceDeps,
  kind: SourceKind<Object>,
  object: Object,
  status: Object["status"],
): Promise<Read<Object>> {
  return readWritten(kind, await writeStatus(deps.cluster, object, status, { manager: CONTROLLER, owned: kind.owned }), object);
}

export type SourceSummary<Object extends SourceObject> = {
  readonly status: Object["status"];
  readonly sayings: readonly Saying[];
  readonly outcome: Outcome;
};

/** Tells of the end, then writes it down: a crash in between tells twice, which folds into one, and never keeps silent. */
export async function conclude<Object extends SourceObject>(
  deps: SourceDeps,
  kind: SourceKind<Object>,
  object: Object,
  { status, sayings, outcome }: SourceSummary<Object>,
  stage: string,
): Promise<Outcome> {
  for (const saying of sayings) await say(deps, object, saying);
  const read = await writeSource(deps, kind, object, status);
  deps.log.info("reconciled", {
    object: `${object.kind}/${object.metadata.namespace}/${object.metadata.name}`,
    stage,
    outcome: outcome.kind,
    ...(outcome.kind === "succeeded" && outcome.revision !== undefined && { revision: outcome.revision }),
  });
  return read.kind === "end" ? read.outcome : outcome;
}

export const say = ({ events }: Pick<SourceDeps, "events">, object: SourceObject, { fields, ...saying }: Saying): Promise<void> =>
  events.emit({ ...saying, object: involvedObject(object), metadata: eventMetadata(object, fields), controller: CONTROLLER });

/** What a pass over a suspended object writes. */
export async function rest<Object extends SourceObject>(
  deps: SourceDeps,
  kind: SourceKind<Object>,
  object: Object,
  status: Object["status"],
): Promise<Outcome> {
  const read = await writeSource(deps, kind, object, status);
  return read.kind === "end" ? read.outcome : { kind: "skipped", why: "suspended" };
}

/** The bytes of its artifacts go with the next sweep of the store: they may be another source's too. Source: reference 1.1 step 1. */
export async function finalize<Object extends SourceObject>(deps: SourceDeps, kind: SourceKind<Object>, object: Object): Promise<Outcome> {
  if (!object.metadata.finalizers.includes(FINALIZER)) return { kind: "skipped", why: "deleted" };
  if (object.status.artifact !== undefined) await say(deps, object, COLLECTED);
  const read = readWritten(kind, await removeFinalizer(deps.cluster, object, CONTROLLER), object);
  return read.kind === "end" && read.outcome.kind === "skipped" && read.outcome.again === true ? read.outcome : { kind: "skipped", why: "deleted" };
}

export const COLLECTED: Saying = {
  type: "Normal",
  reason: "GarbageCollectionSucceeded",
  message: "garbage collected artifacts for deleted resource",
  fields: {},
};
