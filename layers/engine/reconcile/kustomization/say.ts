import type { Kustomization } from "../../flux/kustomization-object.ts";
import { eventMetadata, involvedObject } from "../object-status.ts";
import { CONTROLLER, type KustomizationDeps } from "./deps.ts";
import type { Saying } from "./summarise.ts";

/** Makes an Event of it, with the revision that it is about: the one given, else the last one applied. Source: reference 0.6, 2.3. */
export async function say(
  { events }: Pick<KustomizationDeps, "events">,
  object: Kustomization,
  { type, reason, message, revision, isLast }: Saying,
): Promise<void> {
  const about = revision ?? object.status.lastAppliedRevision;
  const fields = { ...(about !== undefined && { revision: about }), ...(isLast === true && { commit_status: "update" }) };
  await events.emit({ object: involvedObject(object), type, reason, message, metadata: eventMetadata(object, fields), controller: CONTROLLER });
}
