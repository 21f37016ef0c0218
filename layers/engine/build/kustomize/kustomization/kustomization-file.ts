import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { LoadedFile, Loader } from "../load/loader.ts";

/** In the order in which they are looked for. */
export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

/** The kustomization file in the folder of `loader`, and its name there. Source: kustomize api/internal/target/kusttarget.go, LoadKustFile. */
export function kustomizationFile(loader: Loader): Result<LoadedFile & { readonly name: string }, BuildProblem> {
  const found = KUSTOMIZATION_FILES.flatMap((name) => {
    const loaded = loader.load(name);
    return loaded.ok ? [{ ...loaded.value, name }] : [];
  });
  const [file, another] = found;
  if (file === undefined) {
    const [first, second, last] = KUSTOMIZATION_FILES.map((name) => `'${name}'`);
    return buildProblem(`unable to find one of ${first}, ${second} or ${last} in directory '${loader.shownRoot}'`);
  }
  return another === undefined ? ok(file) : buildProblem(`Found multiple kustomization files under: ${loader.shownRoot}\n`, { file: another.path });
}
