import { createKustomizer } from "@sluice/engine/build/kustomize/build.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Kustomization } from "@sluice/engine/flux/kustomization-object.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "../failure.ts";
import { buildLocal, isKustomization, localPathOf } from "./build-local.ts";
import { parsed } from "./find-kustomization.ts";
import type { BuildFlags } from "./flags.ts";

export type LocalBuilderDeps = { readonly cluster?: Cluster; readonly workingFolder: string; readonly flags: BuildFlags };

export type LocalBuilder = {
  build(kustomization: Kustomization, path: string): Promise<readonly Manifest[]>;
  /** With the manifests of the Kustomizations among them, and of those among these, behind. */
  buildAll(kustomization: Kustomization, path: string): Promise<readonly Manifest[]>;
  /** The Kustomizations among manifests, without `self`, and where theirs are. */
  inside(manifests: readonly Manifest[], self: Kustomization): readonly { readonly kustomization: Kustomization; readonly path: string }[];
};

/** Kustomizations may name each other in a circle. */
const MAX_DEPTH = 50;

export function createLocalBuilder({ cluster, workingFolder, flags }: LocalBuilderDeps): LocalBuilder {
  const kustomizer = createKustomizer();
  const { ignorePaths = [], strictSubstitute: strict = false, localSources = new Map() } = flags;

  const build: LocalBuilder["build"] = (kustomization, path) =>
    buildLocal({ kustomization, path, workingFolder, ignorePaths, strict, kustomizer, ...(cluster !== undefined && { cluster }) });

  const inside: LocalBuilder["inside"] = (manifests, self) =>
    manifests
      .filter(
        (manifest) => isKustomization(manifest) && !(manifest.metadata.name === self.metadata.name && manifest.metadata.namespace === self.metadata.namespace),
      )
      .map(parsed)
      .map((kustomization) => ({ kustomization, path: localPathOf(kustomization, localSources) }));

  async function buildAll(kustomization: Kustomization, path: string, depth = 0): Promise<readonly Manifest[]> {
    if (depth > MAX_DEPTH) throw new Failure(`Kustomizations are nested deeper than ${MAX_DEPTH}`);
    const manifests = await build(kustomization, path);
    const below: Manifest[] = [];
    for (const child of inside(manifests, kustomization)) below.push(...(await buildAll(child.kustomization, child.path, depth + 1)));
    return [...manifests, ...below];
  }

  return { build, buildAll: (kustomization, path) => buildAll(kustomization, path), inside };
}
