import type { Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";

/** How a kustomization reaches files and other kustomizations; each has its own, rooted at its folder. */
export type Loader = {
  /** The folder of the kustomization in the tree; `""` is the root of the tree. */
  readonly root: string;
  /** The folder as messages show it: absolute. */
  readonly shownRoot: string;
  /** The bytes of a file, which the restriction may forbid. Every file that is read, and every path that was looked for in vain, is noted for the result of the build. */
  load(path: string): Result<LoadedFile, BuildProblem>;
  /** A loader for the kustomization at `path`. It may neither be this one nor one that led here, nor lie outside of the tree, nor be remote. */
  open(path: string): Result<Loader, BuildProblem>;
};

/** `path` in the tree. */
export type LoadedFile = { readonly path: string; readonly bytes: Uint8Array };
