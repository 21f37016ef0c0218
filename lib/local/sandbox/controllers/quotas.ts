import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, listAt, objectAt } from "../validation/fields.ts";
import { parseQuantity } from "../validation/quantity.ts";
import { isActive } from "./pods.ts";
import { type Context, isDeleting, keyOf, type Reconciler, STATUS } from "./reconciler.ts";
import { PODS, QUOTAS } from "./resources.ts";

/** What is used of a quota: objects counted, requests and limits of Pods added up. Nothing is refused for it. */
export function createQuotas(context: Context): Reconciler {
  return {
    resource: QUOTAS,
    reconcile: (object) => {
      if (isDeleting(object)) return;
      const hard = objectAt(objectAt(jsonOf(object), "spec"), "hard");
      const used = Object.fromEntries(Object.keys(hard).map((name) => [name, usedOf(context, object.metadata.namespace ?? "", name)]));
      context.store.update(QUOTAS, { ...object, status: { hard, used } }, STATUS);
    },
    related: ({ object, type, resource }) => {
      const { namespace } = object.metadata;
      if (namespace === undefined || (type === "updated" && resource.plural !== PODS.plural)) return [];
      return context.store.list(QUOTAS, namespace).map(keyOf);
    },
  };
}

function usedOf({ store }: Context, namespace: string, name: string): string {
  const pods = store.list(PODS, namespace).filter(isActive);
  if (name === "pods") return String(pods.length);
  const amount = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(name);
  if (amount !== null) return quantity(pods, amount[1] ?? "requests", amount[2] ?? "");
  const [plural = "", ...group] = name.replace(/^count\//, "").split(".");
  return String(store.list({ group: group.join("."), plural }, namespace).length);
}

function quantity(pods: readonly Manifest[], part: string, resource: string): string {
  const total = pods
    .flatMap((pod) => listAt(objectAt(jsonOf(pod), "spec"), "containers"))
    .reduce((sum: number, container) => sum + (parseQuantity(objectAt(objectAt(container, "resources"), part)[resource]) ?? 0), 0);
  return Number.isInteger(total) ? String(total) : `${Math.ceil(total * 1000)}m`;
}
