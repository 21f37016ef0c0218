import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, placedIn } from "../build-problem.ts";
import type { Kustomization } from "../kustomization/kustomization.ts";
import { kustomizationFile } from "../kustomization/kustomization-file.ts";
import { type KustomizationProblem, readKustomization } from "../kustomization/read-kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Accumulation } from "./accumulation.ts";

/** One kustomization: its file, and how it reaches what that names. */
export type Target = {
  readonly kustomization: Kustomization;
  readonly loader: Loader;
  /** The name of its file in its folder. */
  readonly fileName: string;
  /** Its file in the tree. */
  readonly file: string;
  /** The namespace that the kustomizations above give to charts without one. */
  readonly inheritedNamespace: string;
};

/** Reads the kustomization in the loader's folder. Source: kustomize api/internal/target, Load. */
export function readTarget(loader: Loader, inheritedNamespace: string, warnings: string[]): Result<Target, BuildProblem> {
  const found = kustomizationFile(loader);
  if (!found.ok) return found;
  const { name, path, bytes } = found.value;
  const read = readKustomization(bytes, loader.shownRoot);
  warnings.push(...(read.ok ? read.value.warnings : read.problem.warnings));
  if (!read.ok) return { ok: false, problem: placed(read.problem, path) };
  return ok({ kustomization: read.value.kustomization, loader, fileName: name, file: path, inheritedNamespace });
}

const placed = ({ message, at, path }: KustomizationProblem, file: string): BuildProblem => ({
  message,
  at: path.length > 0 ? { file, path } : { file, line: at?.line },
});

/** Lets the schema be that of the kustomization, if it names one. */
export function useSchema({ kustomization, loader, file }: Target, { schema }: Pick<Accumulation, "schema">, isRoot: boolean): Result<undefined, BuildProblem> {
  const path = kustomization.openapi.get("path");
  const loaded = path === undefined ? undefined : loader.load(path);
  if (loaded?.ok === false) return { ok: false, problem: placedIn({ file, path: ["openapi", "path"] }, loaded.problem) };
  const used = schema.use(kustomization.openapi, loaded?.value.bytes, isRoot);
  return used.ok ? used : buildProblem(used.problem, { file, path: ["openapi"] });
}
