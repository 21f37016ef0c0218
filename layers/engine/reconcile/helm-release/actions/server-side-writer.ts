import { isEqual, type Json, type JsonObject } from "../../../domain/json.ts";
import type { ManagedField, Manifest } from "../../../domain/manifest.ts";
import { isOfMainResource, managedFieldsOf, unionFields } from "../../../plan/field-set.ts";
import type { Cluster, JsonPatchOperation } from "../../../ports/cluster.ts";
import { HELM_MANAGER } from "../storage.ts";
import { applyProblem, shownMessage } from "./refusal-message.ts";
import { kindText, type Resource } from "./resources.ts";
import type { Writer, Written } from "./writer.ts";

export type ServerSideOptions = {
  /** Fields of other managers are taken. */
  readonly force: boolean;
  /** Fields that we own by updates become fields that we own by apply, so that an apply can remove them. Costs a read of each object. */
  readonly takeUpdates: boolean;
};

/** One request for each object, whether it is there or not. Source: Helm 4, pkg/kube Client.Update, patchResourceServerSide. */
export function createServerSideWriter(cluster: Cluster, { force, takeUpdates }: ServerSideOptions): Writer {
  async function apply(resource: Resource): Promise<Written> {
    const answer = await cluster.apply(resource.manifest, { manager: HELM_MANAGER, force, dryRun: false, strict: true });
    if (answer.kind !== "refused") return { kind: answer.kind === "created" ? "created" : "updated", object: answer.object };
    return { kind: "refused", creating: false, message: applyProblem(resource, answer) };
  }

  return {
    create: apply,
    write: async (resource, original) => {
      if (takeUpdates && original !== undefined) {
        const problem = await takeUpdatesOver(cluster, resource);
        if (problem !== undefined) return { kind: "refused", creating: false, message: problem };
      }
      const written = await apply(resource);
      if (written.kind !== "refused") return written;
      // Helm asks beforehand whether the object is there; what is refused is rare.
      const found = await cluster.get(resource.ref);
      return found.kind === "absent" ? { kind: "refused", creating: true, message: `failed to create resource: ${written.message}` } : written;
    },
  };
}

/** Undefined when it is done, or there is nothing to do. Source: client-go, util/csaupgrade. */
async function takeUpdatesOver(cluster: Cluster, resource: Resource): Promise<string | undefined> {
  const { namespace = "", name } = resource.ref;
  const object = `${namespace}/${name} ${kindText(resource.ref)}`;
  for (let attempt = 1; ; attempt++) {
    const found = await cluster.get(resource.ref);
    if (found.kind === "absent") return undefined;
    if (found.kind === "refused") return `failed to get object ${object}: ${found.message}`;
    const operations = takeOverOperations(found.object);
    if (operations.length === 0) return undefined;
    const answer = await cluster.patch(resource.ref, { body: { type: "json", operations }, manager: HELM_MANAGER });
    if (answer.kind === "patched" || answer.kind === "absent") return undefined;
    if (answer.kind === "refused") return `failed to patch object to upgrade CSA field manager ${object}: ${shownMessage(resource, answer.message)}`;
    if (attempt === ATTEMPTS) return `failed to patch object to upgrade CSA field manager ${object}: the object has been modified`;
  }
}

const ATTEMPTS = 5;

/** Empty when no update of ours owns anything. */
export function takeOverOperations(live: Manifest): readonly JsonPatchOperation[] {
  const entries = managedFieldsOf(live);
  const isUpdate = (entry: ManagedField): boolean => entry.manager === HELM_MANAGER && entry.operation === "Update" && isOfMainResource(entry);
  const updates = entries.filter(isUpdate);
  const [first] = updates;
  if (first === undefined) return [];
  const applied = entries.find((entry) => entry.manager === HELM_MANAGER && entry.operation === "Apply" && isOfMainResource(entry));
  const fields = updates.reduce<JsonObject>((sum, entry) => unionFields(sum, entry.fieldsV1 ?? {}), applied?.fieldsV1 ?? {});
  const ours: ManagedField = { ...(applied ?? first), manager: HELM_MANAGER, operation: "Apply", fieldsV1: fields };
  const rest = entries.filter((entry) => entry !== applied && !isUpdate(entry));
  const value = [...rest, ours].map((entry) => entry as Json); // optional fields of an entry are never present and undefined
  if (isEqual(value, entries as unknown as Json)) return [];
  const version: readonly JsonPatchOperation[] =
    live.metadata.resourceVersion === undefined ? [] : [{ op: "replace", path: "/metadata/resourceVersion", value: live.metadata.resourceVersion }];
  return [{ op: "replace", path: "/metadata/managedFields", value }, ...version];
}
