import type { Outcome } from "../domain/outcome.ts";
import { parseReceiver, type Receiver, type ReceiverStatus } from "../flux/receiver-object.ts";
import { receiverSecretOf } from "../receivers/receiver-secret.ts";
import { webhookPathOf } from "../receivers/webhook-path.ts";
import { isInstalled } from "./installed.ts";
import { addFinalizer, eventMetadata, FINALIZER, involvedObject, type ObjectWrite, removeFinalizer, writeStatus } from "./object-status.ts";
import { answered } from "./receive/answered.ts";
import { CONTROLLER, CRD, OWNED_CONDITIONS, type ReceiverDeps } from "./receiver/deps.ts";
import type { End } from "./receiver/end.ts";
import { summarise, suspendedStatus } from "./receiver/summarise.ts";

export type { ReceiverDeps } from "./receiver/deps.ts";

/** One pass over one Receiver: the path that its token gives goes into its status. Source: reference 4.4. */
export async function reconcileReceiver(deps: ReceiverDeps, object: Receiver): Promise<Outcome> {
  if (object.metadata.deletionTimestamp !== undefined) return finalize(deps, object);
  const held = await hold(deps, object);
  if (held.kind === "end") return held.outcome;
  if (object.spec.suspend) return rest(deps, held.object);
  return conclude(deps, held.object, await work(deps, held.object));
}

/** What a request would not be able to use stalls it before anything is asked of its Secret. */
async function work({ cluster }: ReceiverDeps, { metadata, spec }: Receiver): Promise<End> {
  const { findSpecProblem } = await import("../receivers/filters.ts"); // and with it CEL, which a cold start does not wait for
  const wrong = findSpecProblem(spec);
  if (wrong !== undefined) return { kind: "stalled", cause: wrong };
  if (spec.secretRef === undefined) return { kind: "initialised", webhookPath: webhookPathOf(new Uint8Array(), metadata) };
  const place = `${metadata.namespace}/${spec.secretRef}`;
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace: metadata.namespace, name: spec.secretRef });
  if (answer.kind !== "found") return { kind: "no-token", message: `unable to read token from secret '${place}' error: ${answer.message}` };
  const token = receiverSecretOf(answer.object).reveal("token");
  if (token === undefined) return { kind: "no-token", message: `invalid '${place}' secret data: required fields 'token'` };
  return { kind: "initialised", webhookPath: webhookPathOf(token, metadata) };
}

/** Tells of the end, then writes it down: a crash in between tells twice, which folds into one, and never keeps silent. */
async function conclude(deps: ReceiverDeps, object: Receiver, end: End): Promise<Outcome> {
  const { status, saying, outcome } = summarise(object, end, deps.clock.now());
  if (saying !== undefined) {
    await deps.events.emit({ ...saying, object: involvedObject(object), metadata: eventMetadata(object), controller: CONTROLLER });
  }
  const read = readWritten(await write(deps, object, status), object);
  if (read.kind === "end") return read.outcome;
  if (end.kind === "initialised") await note(deps, object, end.webhookPath);
  return outcome;
}

/** Without the note a webhook finds no way here, and the next sweep makes it good: it is no failure of the Receiver. */
const note = async ({ receiverIndex, log, clusterName }: ReceiverDeps, { metadata }: Receiver, webhookPath: string): Promise<void> => {
  const { namespace, name } = metadata;
  if (receiverIndex === undefined) return;
  await answered(log, `Receiver/${namespace}/${name}`, () => receiverIndex.keep(webhookPath, { cluster: clusterName, namespace, name }));
};

type Held = { readonly kind: "held"; readonly object: Receiver } | { readonly kind: "end"; readonly outcome: Outcome };

/** Nothing is begun before the finalizer is there, and it is not added to a cluster that Sluice is leaving. Source: reference 0.4, 6.14. */
async function hold(deps: ReceiverDeps, object: Receiver): Promise<Held> {
  if (object.metadata.finalizers.includes(FINALIZER)) return { kind: "held", object };
  if (!(await isInstalled(deps.cluster, deps.settings, CRD)))
    return { kind: "end", outcome: { kind: "skipped", why: "sluice is not installed in this cluster" } };
  return readWritten(await addFinalizer(deps.cluster, object, CONTROLLER), object);
}

/** The object as it stands after a write, or how the pass ends because of it. A refusal is a bug or a missing right: it throws. */
function readWritten(answer: ObjectWrite, object: Receiver): Held {
  switch (answer.kind) {
    case "unchanged":
      return { kind: "held", object };
    case "moved":
      return { kind: "end", outcome: { kind: "skipped", why: "the object has moved on", again: true } };
    case "gone":
      return { kind: "end", outcome: { kind: "skipped", why: "gone" } };
    case "refused":
      throw new Error(`the write to Receiver ${object.metadata.namespace}/${object.metadata.name} was refused: ${answer.message}`);
    case "written": {
      const parsed = parseReceiver(answer.object);
      return parsed.ok ? { kind: "held", object: parsed.value } : { kind: "end", outcome: { kind: "skipped", why: parsed.problem } };
    }
  }
}

const write = (deps: ReceiverDeps, object: Receiver, status: ReceiverStatus): Promise<ObjectWrite> =>
  writeStatus(deps.cluster, object, status, { manager: CONTROLLER, owned: OWNED_CONDITIONS });

async function rest(deps: ReceiverDeps, object: Receiver): Promise<Outcome> {
  const read = readWritten(await write(deps, object, suspendedStatus(object)), object);
  return read.kind === "end" ? read.outcome : { kind: "skipped", why: "suspended" };
}

async function finalize(deps: ReceiverDeps, object: Receiver): Promise<Outcome> {
  const read = readWritten(await removeFinalizer(deps.cluster, object, CONTROLLER), object);
  return read.kind === "end" && read.outcome.kind === "skipped" && read.outcome.again === true ? read.outcome : { kind: "skipped", why: "deleted" };
}
