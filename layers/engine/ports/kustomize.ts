import type { Result } from "../domain/result.ts";
import type { Tree } from "../domain/tree.ts";

/** `kustomize build` over a tree in memory: no network, no credentials, nothing outside of `tree`. */
export type Kustomize = {
  /** The multi-document YAML that kustomize prints for the folder `path` of `tree` (`""` is its root), or what it says is wrong. */
  build(tree: Tree, path: string): Promise<Result<KustomizeBuild>>;
};

export type KustomizeBuild = {
  readonly yaml: string;
  /** Every file that the build read, if the adapter knows; undefined means any file of the tree may have counted. */
  readonly read: readonly string[] | undefined;
};
