import type { Manifest } from "../../domain/manifest.ts";
import { apiVersionOfKind, KINDS } from "../../flux/kinds.ts";
import { objectMetaOf, partOf } from "../../flux/object.ts";
import { createReader, ignore } from "../../flux/reader.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { isSame } from "../../receivers/constant-time.ts";
import type { ReceiverPlace } from "./deps.ts";

/**
 * The Receivers of one cluster that have that path, by a LIST: for a host that has one cluster, and no notes. Throws when they cannot be listed.
 * A path is a secret, and of some types the only one: it is compared as such.
 */
export async function findListedReceivers(cluster: Pick<Cluster, "list">, clusterName: string, path: string): Promise<readonly ReceiverPlace[]> {
  const answer = await cluster.list({ apiVersion: apiVersionOfKind(KINDS.Receiver), kind: KINDS.Receiver.kind });
  if (answer.kind === "refused") {
    if (answer.why === "unknown-kind" || answer.why === "absent") return []; // no CRD, no Receivers
    throw new Error(`Receivers cannot be listed: ${answer.message}`);
  }
  return answer.items.filter((item) => isSame(webhookPathIn(item) ?? "", path)).map((item) => placeOf(clusterName, item));
}

/** `status.webhookPath`, or undefined while it has none. */
export const webhookPathIn = (manifest: Manifest): string | undefined => createReader(partOf(manifest, "status"), "status", ignore).text("webhookPath");

const placeOf = (cluster: string, manifest: Manifest): ReceiverPlace => {
  const { namespace, name } = objectMetaOf(manifest);
  return { cluster, namespace, name };
};
