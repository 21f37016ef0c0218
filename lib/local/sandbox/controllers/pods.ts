import { isObject, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, listAt, objectAt, textAt } from "../validation/fields.ts";
import { controlledBy } from "./owners.ts";
import { type Context, isDeleting, MANAGER } from "./reconciler.ts";
import { PODS } from "./resources.ts";

const textMap = (map: JsonObject): { readonly [key: string]: string } =>
  Object.fromEntries(Object.entries(map).flatMap(([key, value]) => (typeof value === "string" ? [[key, value]] : [])));

export type PodWishes = {
  readonly name?: string;
  readonly generateName?: string;
  readonly labels?: { readonly [key: string]: string };
  readonly spec?: JsonObject;
};

/** Makes a Pod of `template` that `owner` controls. */
export function createPod(context: Context, owner: Manifest, template: JsonObject, wishes: PodWishes): void {
  const metadata = objectAt(template, "metadata");
  const annotations = textMap(objectAt(metadata, "annotations"));
  const pod: Manifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...(wishes.name !== undefined && { name: wishes.name }),
      ...(wishes.generateName !== undefined && { generateName: wishes.generateName }),
      namespace: owner.metadata.namespace ?? "",
      labels: { ...textMap(objectAt(metadata, "labels")), ...wishes.labels },
      ...(Object.keys(annotations).length > 0 && { annotations }),
      ownerReferences: [controlledBy(owner)],
    },
    spec: { serviceAccountName: "default", ...objectAt(template, "spec"), ...wishes.spec },
    status: { phase: "Pending", qosClass: "BestEffort" },
  };
  context.store.create(PODS, pod, MANAGER);
}

const statusOf = (pod: Manifest): JsonObject => objectAt(jsonOf(pod), "status");

export const isReady = (pod: Manifest): boolean =>
  listAt(statusOf(pod), "conditions").some((condition) => isObject(condition) && condition.type === "Ready" && condition.status === "True");
export const phaseOf = (pod: Manifest): string => textAt(statusOf(pod), "phase");
/** Counts among the Pods of its owner. */
export const isActive = (pod: Manifest): boolean => !isDeleting(pod) && phaseOf(pod) !== "Succeeded" && phaseOf(pod) !== "Failed";

export const deletePod = (context: Context, { metadata }: Manifest): void =>
  void context.store.delete(PODS, metadata.namespace ?? "", metadata.name ?? "", { propagationPolicy: "Background" });
