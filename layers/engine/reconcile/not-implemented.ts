import { isTrue, setCondition, withoutCondition } from "../domain/condition.ts";
import { groupOf, type Manifest } from "../domain/manifest.ts";
import type { Outcome } from "../domain/outcome.ts";
import { findKind } from "../flux/kinds.ts";
import { conditionsOf, objectMetaOf } from "../flux/object.ts";
import type { Clock } from "../ports/clock.ts";
import type { Cluster } from "../ports/cluster.ts";
import type { EventSink } from "../ports/event-sink.ts";
import { eventMetadata, handledRequest, involvedObject, type ReconciledObject, writeStatus } from "./object-status.ts";

/** An object of a kind that Sluice does not work on yet says so: it is Stalled. Nothing is ever left to wait in silence. */
export async function sayNotImplemented(
  deps: { readonly cluster: Cluster; readonly events: EventSink; readonly clock: Clock },
  manifest: Manifest,
): Promise<Outcome> {
  const kind = findKind(groupOf(manifest.apiVersion), manifest.kind);
  const cause = { reason: "UnsupportedKind", message: `${manifest.kind} is not implemented yet: Sluice does nothing with this object` };
  if (kind === undefined || kind.kind === "ExternalArtifact" || manifest.metadata.deletionTimestamp !== undefined)
    return { kind: "skipped", why: "not implemented" };
  const object = reconciled(manifest);
  const { generation } = objectMetaOf(manifest);
  const stalled = setCondition(
    withoutCondition(conditionsOf(manifest), "Reconciling"),
    { type: "Stalled", status: "True", ...cause, observedGeneration: generation },
    deps.clock.now(),
  );
  const conditions = setCondition(stalled, { type: "Ready", status: "False", ...cause, observedGeneration: generation }, deps.clock.now());
  const next = { ...object.status, conditions, observedGeneration: generation, ...handledRequest(object) };
  const written = await writeStatus(deps.cluster, object, next, { manager: kind.controller, owned: ["Ready", "Stalled", "Reconciling"] });
  if (written.kind === "written" && !isTrue(conditionsOf(manifest), "Stalled")) {
    await deps.events.emit({ object: involvedObject(object), type: "Warning", ...cause, metadata: eventMetadata(object), controller: kind.controller });
  }
  return { kind: "stalled", cause };
}

const reconciled = ({ apiVersion, kind, metadata, status }: Manifest): ReconciledObject => ({
  apiVersion,
  kind,
  metadata,
  status: status as ReconciledObject["status"],
}); // the server's own answer
