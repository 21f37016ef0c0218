import { createKustomizer, FLUX } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";
import { groupOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { manifestOf } from "@sluice/engine/domain/manifest-json.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { KUSTOMIZE_GROUP, SOURCE_GROUP } from "@sluice/engine/flux/kinds.ts";
import { JSON_SCHEMA, loadAll } from "js-yaml";
import { Failure } from "../failure.ts";

export type BuiltFolder = {
  /** CRDs, namespace, rights, marker, and whatever the owner of the repository adds to them. */
  readonly components: readonly Manifest[];
  /** The source and the Kustomization that keep all that. */
  readonly sync: readonly Manifest[];
};

/** What the folder of an installation makes, with its owner's patches. Throws a Failure with kustomize's words where it makes nothing. */
export function buildBootstrapFolder(tree: Tree, folder: string): BuiltFolder {
  const built = createKustomizer({ keptBytes: 0 }).build({ files: filesOfTree(tree), path: folder, restriction: "within-tree", manner: FLUX });
  if (!built.ok) throw new Failure(`kustomize build of ${folder} failed: ${built.problem.message}`);
  const documents = loadAll(built.value.yaml(), { schema: JSON_SCHEMA }) as readonly Json[]; // parsed here: kustomize's own output
  const manifests = documents.flatMap((document) => (isObject(document) ? [manifestOf(document)] : []));
  const isSync = ({ apiVersion }: Manifest): boolean => [SOURCE_GROUP, KUSTOMIZE_GROUP].includes(groupOf(apiVersion));
  return { components: manifests.filter((manifest) => !isSync(manifest)), sync: manifests.filter(isSync) };
}
