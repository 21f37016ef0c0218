import { readFileSync } from "node:fs";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Store } from "../storage/store.ts";
import { textAt } from "./user-info.ts";

const RBAC = "rbac.authorization.k8s.io";
const PLURALS: { readonly [kind: string]: string } = {
  ClusterRole: "clusterroles",
  ClusterRoleBinding: "clusterrolebindings",
  Role: "roles",
  RoleBinding: "rolebindings",
};

/**
 * Writes the roles and bindings that every API server makes at its start, those that a real one was found to have
 * (bootstrap.generated.json, written by generate.ts). The namespaces kube-system and kube-public must be there.
 */
export function createBootstrapRoles(store: Pick<Store, "create" | "get">): void {
  for (const object of readBootstrapRoles()) {
    const resource = { group: RBAC, plural: PLURALS[object.kind] ?? "" };
    if (store.get(resource, object.metadata.namespace ?? "", object.metadata.name ?? "") === undefined)
      store.create(resource, object, { manager: "kube-apiserver" });
  }
}

function readBootstrapRoles(): readonly Manifest[] {
  const found: Json = JSON.parse(readFileSync(new URL("bootstrap.generated.json", import.meta.url), "utf8"));
  return isArray(found) ? found.filter(isObject).map(manifestOf) : [];
}

function manifestOf(object: JsonObject): Manifest {
  const { metadata, ...rest } = object;
  return { ...rest, apiVersion: textAt(object, "apiVersion"), kind: textAt(object, "kind"), metadata: isObject(metadata) ? metadata : {} };
}
