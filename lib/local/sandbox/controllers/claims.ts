import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { jsonOf, listAt, objectAt, textAt, valueAt } from "../validation/fields.ts";
import { type Context, isDeleting, MANAGER, type Reconciler, STATUS } from "./reconciler.ts";
import { CLAIMS, isSame, PODS, VOLUMES } from "./resources.ts";

const PROTECTION = "kubernetes.io/pvc-protection";
const BIND_AFTER = ms(50);

/** A claim goes when no Pod uses it; with storage there, it is bound to a volume made for it. */
export function createClaims(context: Context): Reconciler {
  return {
    resource: CLAIMS,
    reconcile: (object) => {
      if (isDeleting(object)) return release(context, object);
      const { namespace = "", name = "", uid } = object.metadata;
      if (!context.nodes || textAt(objectAt(jsonOf(object), "status"), "phase") === "Bound") return;
      context.after(BIND_AFTER, () => {
        const now = context.store.get(CLAIMS, namespace, name);
        if (now !== undefined && now.metadata.uid === uid && textAt(objectAt(jsonOf(now), "status"), "phase") !== "Bound") bind(context, now);
      });
    },
    related: ({ type, resource, object }) =>
      isSame(resource, PODS) && type === "deleted" ? claimsOf(object).map((name) => ({ namespace: object.metadata.namespace ?? "", name })) : [],
  };
}

const claimsOf = (pod: Manifest): readonly string[] =>
  listAt(objectAt(jsonOf(pod), "spec"), "volumes")
    .map((volume) => textAt(objectAt(volume, "persistentVolumeClaim"), "claimName"))
    .filter((name) => name !== "");

function release(context: Context, object: Manifest): void {
  const { namespace, name = "", finalizers = [] } = object.metadata;
  const used = context.store.list(PODS, namespace).some((pod) => claimsOf(pod).includes(name));
  if (used || !finalizers.includes(PROTECTION)) return;
  context.store.update(CLAIMS, { ...object, metadata: { ...object.metadata, finalizers: finalizers.filter((one) => one !== PROTECTION) } }, MANAGER);
}

function bind(context: Context, claim: Manifest): void {
  const spec = objectAt(jsonOf(claim), "spec");
  const { namespace = "", name = "", uid = "" } = claim.metadata;
  const volume = textAt(spec, "volumeName") || `pvc-${uid}`;
  const capacity = { storage: valueAt(objectAt(objectAt(spec, "resources"), "requests"), "storage") ?? "0" };
  const accessModes = listAt(spec, "accessModes");
  const claimRef = { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid };
  const storageClassName = textAt(spec, "storageClassName");
  const made: Manifest = {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume },
    spec: { accessModes, capacity, claimRef, hostPath: { path: `/var/sandbox/${volume}` }, persistentVolumeReclaimPolicy: "Delete", storageClassName },
  };
  const created = context.store.get(VOLUMES, "", volume) === undefined ? context.store.create(VOLUMES, made, MANAGER) : undefined;
  if (created !== undefined) context.store.update(VOLUMES, { ...created, status: { ...objectAt(jsonOf(created), "status"), phase: "Bound" } }, STATUS);
  const bound = context.store.update(CLAIMS, { ...claim, spec: { ...spec, volumeName: volume } }, MANAGER);
  if (bound !== undefined) context.store.update(CLAIMS, { ...bound, status: { accessModes, capacity, phase: "Bound" } }, STATUS);
}
