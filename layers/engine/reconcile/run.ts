import type { Manifest } from "../domain/manifest.ts";
import { keyText } from "../domain/object-key.ts";
import type { Outcome } from "../domain/outcome.ts";
import { epochMs, ms } from "../domain/time.ts";
import { type ClusterItem, isHint, isSwept, type ObjectItem, type PushItem, type WorkItem } from "../domain/work-item.ts";
import { apiVersionOfKind, findKind } from "../flux/kinds.ts";
import { type DueCause, isDue } from "../plan/due.ts";
import type { Notes } from "../ports/notes.ts";
import { dueInputOf } from "./due-input.ts";
import { guarded } from "./guarded.ts";
import { createOpenArtifacts, type OpenArtifacts } from "./kustomization/open-artifacts.ts";
import { nextLook } from "./next-look.ts";
import type { PassDeps } from "./passes/pass.ts";
import { PASSES } from "./passes.ts";
import { sendPushed } from "./push.ts";
import { createReceiverIndex, type ReceiverIndex } from "./receive/receiver-index.ts";
import { type SweepReport, sweep } from "./sweep.ts";

/** Everything that runs need of the world. */
export type EngineDeps = Omit<PassDeps, "openArtifacts"> & {
  /** Shared by the engines of a host that makes one for each run; else each engine has its own. */
  readonly openArtifacts?: OpenArtifacts;
  /** Where the paths of Receivers are noted; a host that has one cluster, and asks it, needs none. */
  readonly notes?: Notes;
  /** Over the same notes, shared by the engines of a host that makes one for each run: what it has noted once it does not ask for again. */
  readonly receiverIndex?: ReceiverIndex;
};

/** What a run came to, for whoever counts. */
export type RunEnd =
  | { readonly kind: "object"; readonly outcome: Outcome }
  /** How many sources a push may concern. */
  | { readonly kind: "push"; readonly concerned: number }
  | { readonly kind: "cluster"; readonly report: SweepReport };

export type Engine = {
  /** One pass over what the item names. It sends on whatever follows from it, and when to look again; it throws for nothing that one object can cause. */
  run(item: WorkItem): Promise<RunEnd>;
  /** As `run` does it, with what it saw and did. Throws when the cluster does not answer. */
  sweep(item: ClusterItem): Promise<SweepReport>;
};

export function createEngine(given: EngineDeps): Engine {
  const receiverIndex = given.receiverIndex ?? (given.notes === undefined ? undefined : createReceiverIndex({ notes: given.notes, clock: given.clock }));
  const deps = {
    ...given,
    openArtifacts: given.openArtifacts ?? createOpenArtifacts(given.artifacts),
    helm: given.helm ?? {},
    ...(receiverIndex !== undefined && { receiverIndex }),
  };

  async function runObject(object: ObjectItem): Promise<RunEnd> {
    const { key, cause, attempt = 0 } = object;
    const started = deps.clock.now();
    let brokeOff = true;
    const outcome = await guarded(deps.log, key, async () => {
      const ended = await pass(deps, object);
      brokeOff = false;
      return ended;
    });
    const took = ms(deps.clock.now() - started);
    deps.log.info(lineOf(outcome), { object: keyText(key), cause, outcome: outcome.kind, ms: took, ...saidOf(outcome) });
    const next = nextLook(outcome, attempt);
    if (next === undefined || comesAgain(object, outcome, brokeOff)) return { kind: "object", outcome };
    const notBefore = epochMs(deps.clock.now() + next.in);
    await deps.queue.send({ kind: "object", key, cause: outcome.kind, look: String(notBefore), attempt: next.attempt }, { notBefore });
    return { kind: "object", outcome };
  }

  async function runPush(item: PushItem): Promise<RunEnd> {
    const concerned = await sendPushed(deps, item);
    deps.log.info("push", { repository: item.repository, ref: item.ref, concerned });
    return { kind: "push", concerned };
  }

  async function runSweep(item: ClusterItem): Promise<SweepReport> {
    const started = deps.clock.now();
    const { sent, ...counts } = await sweep(deps, item);
    deps.log.info("sweep", { cluster: item.cluster, ...counts, ...sent, ms: ms(deps.clock.now() - started) });
    return { sent, ...counts };
  }

  return {
    run: async (item) => {
      switch (item.kind) {
        case "object":
          return runObject(item);
        case "push":
          return runPush(item);
        case "cluster":
          return { kind: "cluster", report: await runSweep(item) };
      }
    },
    sweep: runSweep,
  };
}

/**
 * A sweep sends it again, minute after minute or at its next retry, because this run has left it as it was. Were it also tried again on its own account,
 * each sweep would begin one more chain of delayed looks at an object that goes on to fail.
 *
 * What was due by the clock alone is another matter when the run breaks off: the object says nowhere that it is owed a look, and its next turn may be hours away.
 */
const comesAgain = (item: ObjectItem, { kind }: Outcome, brokeOff: boolean): boolean =>
  isSwept(item) && (kind === "failed" || kind === "waiting") && (brokeOff ? !BY_THE_CLOCK.has(item.cause) : FAILED_ALREADY.has(item.cause));

const BY_THE_CLOCK = new Set<string>(["interval", "retry"] satisfies readonly DueCause[]);

/** Causes of a sweep that say of the object that it had failed before. */
const FAILED_ALREADY = new Set<string>(["retry", "deletion"] satisfies readonly DueCause[]);

/** A pass in the log: how it ended and, in a word, why. */
const lineOf = (outcome: Outcome): string => {
  const { reason } = saidOf(outcome);
  return reason === undefined ? `pass ${outcome.kind}` : `pass ${outcome.kind}: ${reason}`;
};

const saidOf = (outcome: Outcome): { readonly [field: string]: string | number | undefined } => {
  switch (outcome.kind) {
    case "succeeded":
      return outcome.revision === undefined ? {} : { revision: outcome.revision };
    case "skipped":
      return { why: outcome.why };
    case "failed":
      return { reason: outcome.cause.reason, message: outcome.cause.message, ...outcome.at };
    case "progressing":
    case "waiting":
    case "stalled":
      return { reason: outcome.cause.reason, message: outcome.cause.message };
  }
};

function isAsking({ clock }: PassDeps, manifest: Manifest): boolean {
  const now = clock.now();
  return isDue(dueInputOf(manifest), { from: now, to: now }).kind === "due";
}

/** Reads the object and gives it to whoever works on its kind. */
async function pass(deps: PassDeps, item: ObjectItem): Promise<Outcome> {
  const { key, cause } = item;
  const kind = findKind(key.group, key.kind);
  if (kind === undefined) return { kind: "skipped", why: `no kind of Flux: ${key.group}/${key.kind}` };
  const answer = await deps.cluster.get({ apiVersion: apiVersionOfKind(kind), kind: kind.kind, namespace: key.namespace, name: key.name });
  if (answer.kind === "absent") return { kind: "skipped", why: "gone" };
  if (answer.kind === "refused") return { kind: "failed", cause: { reason: answer.reason, message: answer.message } };
  if (isHint(item) && !isAsking(deps, answer.object)) return { kind: "skipped", why: "answered already" };
  const end = await PASSES[kind.kind](deps, answer.object, cause);
  if (end.kind !== "malformed") return end;
  deps.log.error("malformed", { object: keyText(key), error: end.problem });
  return { kind: "stalled", cause: { reason: "InvalidSpec", message: end.problem } };
}
