import { KINDS } from "../../flux/kinds.ts";
import { objectMetaOf } from "../../flux/object.ts";
import type { Log } from "../../ports/log.ts";
import { inParallel } from "../in-parallel.ts";
import { answered } from "../receive/answered.ts";
import { webhookPathIn } from "../receive/listed-receivers.ts";
import type { ReceiverIndex } from "../receive/receiver-index.ts";
import type { Settings } from "../settings.ts";
import type { FluxObjects } from "./flux-objects.ts";

export type NoteReceiversDeps = {
  readonly receiverIndex?: ReceiverIndex;
  readonly log: Log;
  readonly settings: Settings;
  readonly clusterName: string;
};

/** Notes whose each path is, also of Receivers that are at rest, since notes are forgotten. Notes that cannot be written keep no object from being looked after. */
export async function noteReceivers({ receiverIndex, log, settings, clusterName }: NoteReceiversDeps, { all }: FluxObjects): Promise<void> {
  if (receiverIndex === undefined) return;
  const receivers = all.filter(({ kind }) => kind.kind === KINDS.Receiver.kind);
  await inParallel(receivers, settings.parallel, async ({ manifest }) => {
    const path = webhookPathIn(manifest);
    const { namespace, name } = objectMetaOf(manifest);
    if (path === undefined) return;
    await answered(log, `Receiver/${namespace}/${name}`, () => receiverIndex.keep(path, { cluster: clusterName, namespace, name }));
  });
}
