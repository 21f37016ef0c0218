import { type BuildSpec, buildManifests } from "@sluice/engine/build/build-manifests.ts";
import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";

/** A tree out of texts and bytes by path. */
export const treeOf = (files: Readonly<Record<string, string | Uint8Array>>): Tree =>
  new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      { bytes: typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content), executable: false },
    ]),
  );

/** What the whole build says or makes. */
export async function builtText(files: Readonly<Record<string, string | Uint8Array>>, spec: BuildSpec = {}, maxSteps?: number): Promise<string> {
  const built = buildManifests(
    { files: filesOfTree(treeOf(files)), kustomization: spec, variables: undefined },
    createKustomizer(maxSteps === undefined ? {} : { maxSteps }),
  );
  return built.kind === "built" ? `BUILT ${built.yaml}` : built.message;
}
