import { createSchema } from "../../../build/kustomize/schema/create-schema.ts";
import type { Manifest } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { typedFieldsOf } from "../../../plan/typed-kinds.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import { HELM_MANAGER } from "../storage.ts";
import { type Owner, ownershipProblem } from "./ownership.ts";
import { shownMessage } from "./refusal-message.ts";
import type { Resource } from "./resources.ts";
import { mergePatch, threeWayPatch } from "./three-way-merge.ts";
import type { Writer, Written } from "./writer.ts";

export type ClientSideOptions = {
  /** Objects are replaced and not patched. */
  readonly force: boolean;
  /** Whose objects they are; hooks are nobody's. */
  readonly owner: Owner | undefined;
  /** A hook that a call before this one created is no conflict; objects tell whose they are. */
  readonly resumed: boolean;
};

/** As Helm 3 did it: new objects are created, others patched by a three-way merge. Source: Helm 4, pkg/kube createResource, createPatch, replaceResource. */
export function createClientSideWriter(cluster: Cluster, { force, owner, resumed }: ClientSideOptions): Writer {
  async function create(resource: Resource): Promise<Written> {
    const answer = await cluster.create(resource.manifest, { manager: HELM_MANAGER });
    if (answer.kind === "created") return { kind: "created", object: answer.object };
    const mine = answer.kind === "exists" && (resumed || owner !== undefined) ? await ownObject(resource) : undefined;
    return mine === undefined ? refused(resource, true, answer.message) : { kind: "updated", object: mine };
  }

  async function ownObject({ ref }: Resource): Promise<Manifest | undefined> {
    const found = await cluster.get(ref);
    if (found.kind !== "found") return undefined;
    return owner === undefined || ownershipProblem(found.object, owner) === undefined ? found.object : undefined;
  }

  async function write(resource: Resource, original: Resource | undefined): Promise<Written> {
    const found = await cluster.get(resource.ref);
    if (found.kind === "refused") return refused(resource, true, `could not get information about the resource: ${found.message}`);
    if (found.kind === "absent") {
      const made = await create(resource);
      return made.kind === "refused" ? { ...made, message: `failed to create resource: ${made.message}` } : made;
    }
    return force ? replace(resource, found.object) : patch(resource, original ?? resource, found.object);
  }

  async function replace(resource: Resource, live: Manifest): Promise<Written> {
    const { resourceVersion } = live.metadata;
    const metadata = { ...resource.manifest.metadata, ...(resourceVersion !== undefined && { resourceVersion }) };
    const answer = await cluster.replace({ ...resource.manifest, metadata }, { manager: HELM_MANAGER });
    if (answer.kind === "replaced") return { kind: "updated", object: answer.object };
    return refused(resource, false, `failed to replace object: ${answer.kind === "stale" ? "the object has been modified" : answer.message}`);
  }

  async function patch(resource: Resource, original: Resource, live: Manifest): Promise<Written> {
    const { apiVersion, kind } = resource.manifest;
    const isTyped = typedFieldsOf(apiVersion, kind) !== undefined;
    const [before, after] = [jsonOf(original.manifest), jsonOf(resource.manifest)];
    const merge = isTyped ? threeWayPatch(before, after, jsonOf(live), createSchema("built-in kinds").of(apiVersion, kind)) : mergePatch(before, after);
    if (Object.keys(merge).length === 0) return { kind: "updated", object: live };
    const answer = await cluster.patch(resource.ref, { body: { type: isTyped ? "strategic" : "merge", merge }, manager: HELM_MANAGER });
    if (answer.kind === "patched") return { kind: "updated", object: answer.object };
    const why = answer.kind === "stale" ? "the object has been modified" : answer.message;
    return refused(resource, false, `cannot patch ${JSON.stringify(resource.ref.name)} with kind ${kind}: ${why}`);
  }

  return { create, write };
}

const refused = (resource: Resource, creating: boolean, message: string): Written => ({ kind: "refused", creating, message: shownMessage(resource, message) });
