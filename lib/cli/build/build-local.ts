import { resolve } from "node:path";
import { buildManifests } from "@sluice/engine/build/build-manifests.ts";
import type { Kustomizer } from "@sluice/engine/build/kustomize/build.ts";
import { filesOfTree } from "@sluice/engine/build/kustomize/files-of-tree.ts";
import { setMetadata } from "@sluice/engine/build/metadata.ts";
import { mergeVariables } from "@sluice/engine/build/variables.ts";
import { BUILD_ROOT } from "@sluice/engine/domain/build-root.ts";
import { groupOf, type Manifest } from "@sluice/engine/domain/manifest.ts";
import { KUSTOMIZE_GROUP } from "@sluice/engine/flux/kinds.ts";
import type { Kustomization } from "@sluice/engine/flux/kustomization-object.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { readVariables } from "@sluice/engine/reconcile/kustomization/variables.ts";
import { Failure } from "../failure.ts";
import { placeFrom } from "../kustomize/build-folder.ts";
import { withoutEncrypted } from "./mask-sops.ts";
import { readTree } from "./read-tree.ts";

export type LocalBuild = {
  readonly kustomization: Kustomization;
  /** Where its manifests are on this machine; `spec.path` does not count. */
  readonly path: string;
  readonly workingFolder: string;
  readonly ignorePaths: readonly string[];
  readonly strict: boolean;
  /** Absent in a dry run: variables out of the cluster are left out. */
  readonly cluster?: Cluster;
  readonly kustomizer: Kustomizer;
};

/** What a Kustomization would apply, with the labels of its owner; what is encrypted is masked. Source: reference 6.10. */
export async function buildLocal(build: LocalBuild): Promise<readonly Manifest[]> {
  const { kustomization, strict, cluster, kustomizer } = build;
  const local = await readTree(build.path, build.workingFolder, build.ignorePaths);
  const { postBuild } = kustomization.spec;
  const variables = cluster === undefined ? mergeVariables([], postBuild?.substitute ?? {}) : (await readVariables(cluster, kustomization)).variables;
  const spec = { ...kustomization.spec, path: local.path };
  const built = buildManifests(
    { files: filesOfTree(local.tree), kustomization: spec, variables: postBuild === undefined ? undefined : variables, strict },
    kustomizer,
  );
  if (built.kind !== "built") {
    const message = asSaid(built.message).replaceAll(BUILD_ROOT, local.root);
    const at = built.kind === "failed" ? built.at : undefined;
    throw new Failure(message, 1, at && placeFrom(build.workingFolder, local.root, at));
  }
  return setMetadata(built.manifests.map(withoutEncrypted), kustomization.metadata, kustomization.spec.commonMetadata);
}

/** The controller's words about a variable that is not set, in those of the command. */
const asSaid = (message: string): string => message.replace(/^post build failed for '[^/']*\/([^']*)':/, "var substitution failed for '$1':");

export const isKustomization = ({ apiVersion, kind }: Manifest): boolean => groupOf(apiVersion) === KUSTOMIZE_GROUP && kind === "Kustomization";

/** Where the manifests of a Kustomization are, by the folders that `--local-sources` gives for sources. */
export function localPathOf({ metadata, spec }: Kustomization, localSources: ReadonlyMap<string, string>): string {
  const { kind, name, namespace } = spec.sourceRef;
  const key = `${kind}/${namespace || metadata.namespace}/${name}`;
  const folder = localSources.get(key);
  if (folder === undefined) throw new Failure(`cannot get local path for ${key} of kustomization ${metadata.name}`);
  return resolve(folder, `./${spec.path ?? ""}`);
}
