import { isEqual, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, numberAt, objectAt } from "../validation/fields.ts";
import { controlledBy } from "./owners.ts";
import { type Context, MANAGER } from "./reconciler.ts";
import { REVISIONS } from "./resources.ts";
import { templateHash } from "./template-hash.ts";

export type Revision = { readonly name: string; readonly hash: string };

/** The ControllerRevision of the object's template, made when it is a new one. `label`: under which the hash stands. */
export function currentRevision(context: Context, object: Manifest, label: string): Revision {
  const template = objectAt(objectAt(jsonOf(object), "spec"), "template");
  const data: JsonObject = { spec: { template: { ...template, $patch: "replace" } } };
  const known = context.owners.controlled(object, REVISIONS);
  const found = known.find((one) => isEqual(jsonOf(one).data, data));
  const hash = found?.metadata.labels?.[label] ?? templateHash(template, numberAt(objectAt(jsonOf(object), "status"), "collisionCount") ?? 0);
  const name = `${object.metadata.name}-${hash}`;
  if (found !== undefined) return { name, hash };
  const revision = Math.max(0, ...known.map((one) => numberAt(jsonOf(one), "revision") ?? 0)) + 1;
  const labels = { ...stringLabels(objectAt(objectAt(template, "metadata"), "labels")), [label]: hash };
  const made: Manifest = {
    apiVersion: "apps/v1",
    kind: "ControllerRevision",
    metadata: { name, namespace: object.metadata.namespace ?? "", labels, ownerReferences: [controlledBy(object)] },
    data,
    revision,
  };
  context.store.create(REVISIONS, made, MANAGER);
  return { name, hash };
}

const stringLabels = (map: JsonObject): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));
