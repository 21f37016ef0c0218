import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { cleanUpPatch, KUSTOMIZE_MANAGER } from "@sluice/engine/plan/clean-up.ts";
import { jsonOf, objectOf, type Server } from "./connect.ts";

/** What is left of fields that kubectl had set: values, annotations, and who owns what. */
export type TakenOver = { readonly data: Json | undefined; readonly annotations: Json | undefined; readonly owners: readonly string[]; readonly again: number };

/** kubectl applies a ConfigMap, with and without the server's help, and we take it over: what Git does not have must go. */
export async function takeOver(server: Server, namespace: string, oursFirst: boolean): Promise<TakenOver> {
  const object = (data: { readonly [key: string]: string }): Manifest => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `taken-${oursFirst}`, namespace },
    data,
  });
  const desired = object({ a: "1" });
  const apply = (manifest: Manifest, manager: string) => server.patch(manifest, jsonOf(manifest), { manager, type: "apply" });
  if (oursFirst) await apply(desired, KUSTOMIZE_MANAGER);
  await apply(object({ a: "1", applied: "x" }), "kubectl");
  const byHand = { data: { updated: "y" }, metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } } };
  await server.patch(desired, byHand, { manager: "kubectl-client-side-apply", type: "merge" });
  const operations = cleanUpPatch(objectOf(await server.get(desired)));
  await server.patch(desired, operations as unknown as Json, { manager: KUSTOMIZE_MANAGER, type: "json" });
  const after = objectOf(await apply(desired, KUSTOMIZE_MANAGER));
  const owners = (after.metadata.managedFields ?? []).map(({ manager, operation, fieldsV1 }) => `${manager} ${operation} ${JSON.stringify(fieldsV1)}`);
  return { data: jsonOf(after).data, annotations: after.metadata.annotations, owners, again: cleanUpPatch(after).length };
}

export const TAKEN_OVER: TakenOver = { data: { a: "1" }, annotations: undefined, owners: ['kustomize-controller Apply {"f:data":{"f:a":{}}}'], again: 0 };
