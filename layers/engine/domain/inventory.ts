import { apiVersionOf, groupOf, type ObjectRef, versionOf } from "./manifest.ts";

/** One line of `status.inventory.entries`: `id` = `<namespace>_<name>_<group>_<Kind>`, `v` = the version. */
export type InventoryEntry = { readonly id: string; readonly v: string };

/** RBAC object names may hold a colon; it is written `__`. Source: reference 2.2. */
const RBAC = "rbac.authorization.k8s.io";

/** `apps_web_apps_Deployment` + `v1`. */
export function entryOf(ref: ObjectRef): InventoryEntry {
  const group = groupOf(ref.apiVersion);
  const name = group === RBAC ? ref.name.replaceAll(":", "__") : ref.name;
  return { id: `${ref.namespace ?? ""}_${name}_${group}_${ref.kind}`, v: versionOf(ref.apiVersion) };
}

/** The object that an entry names, or undefined when the id has not the form of one. */
export function refOfEntry(entry: InventoryEntry): ObjectRef | undefined {
  const parts = /^([^_]*)_(.+)_([^_]*)_([^_]+)$/.exec(entry.id);
  if (parts === null) return undefined;
  const [, namespace = "", encoded = "", group = "", kind = ""] = parts;
  const name = group === RBAC ? encoded.replaceAll("__", ":") : encoded;
  return { apiVersion: apiVersionOf(group, entry.v), kind, name, ...(namespace !== "" && { namespace }) };
}
