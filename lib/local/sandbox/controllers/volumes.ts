import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, objectAt, textAt } from "../validation/fields.ts";
import { type Context, isDeleting, MANAGER, type Reconciler, STATUS } from "./reconciler.ts";
import { CLAIMS, isSame, VOLUMES } from "./resources.ts";

const PROTECTION = "kubernetes.io/pv-protection";

/** A volume that is being deleted goes when no claim is bound to it; one whose claim is gone is deleted or released, as it says. */
export function createVolumes(context: Context): Reconciler {
  return {
    resource: VOLUMES,
    reconcile: (volume) => {
      const isBound = claimOf(context, volume) !== undefined;
      if (isDeleting(volume)) return isBound ? undefined : release(context, volume);
      if (isBound || textAt(objectAt(jsonOf(volume), "status"), "phase") !== "Bound") return;
      const policy = textAt(objectAt(jsonOf(volume), "spec"), "persistentVolumeReclaimPolicy");
      if (policy === "Delete") context.store.delete(VOLUMES, "", volume.metadata.name ?? "");
      else context.store.update(VOLUMES, { ...volume, status: { ...objectAt(jsonOf(volume), "status"), phase: "Released" } }, STATUS);
    },
    related: ({ type, resource, object }) => {
      const volume = textAt(objectAt(jsonOf(object), "spec"), "volumeName");
      return isSame(resource, CLAIMS) && type === "deleted" && volume !== "" ? [{ namespace: "", name: volume }] : [];
    },
  };
}

/** The claim that a volume is bound to, when it is still that one. */
function claimOf({ store }: Context, volume: Manifest): Manifest | undefined {
  const reference = objectAt(objectAt(jsonOf(volume), "spec"), "claimRef");
  const claim = store.get(CLAIMS, textAt(reference, "namespace"), textAt(reference, "name"));
  return claim?.metadata.uid === textAt(reference, "uid") ? claim : undefined;
}

function release({ store }: Context, volume: Manifest): void {
  const { finalizers = [] } = volume.metadata;
  if (!finalizers.includes(PROTECTION)) return;
  store.update(VOLUMES, { ...volume, metadata: { ...volume.metadata, finalizers: finalizers.filter((one) => one !== PROTECTION) } }, MANAGER);
}
