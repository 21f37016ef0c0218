import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, within } from "../build-problem.ts";
import type { Loader } from "../load/loader.ts";
import type { ReadResources } from "../resource/read-resources.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Transformer } from "../transform/transformer.ts";
import { applyToSelected, newMergePatch } from "./merge-patch.ts";
import { createResourceIndex } from "./resource-index.ts";

/** Each of `paths` is a patch, or else the path of a file with patches; `patches` is a text with patches. */
export type StrategicMergeArgs = { readonly paths: readonly string[]; readonly patches: string };

/**
 * `patchesStrategicMerge`: each patch goes to the one object that has its name, now or at any time before.
 * Source: kustomize api/internal/builtins, PatchStrategicMergeTransformer.
 */
export function createPatchStrategicMergeTransformer(
  { paths, patches: text }: StrategicMergeArgs,
  loader: Loader,
  readResources: ReadResources,
): Result<Transformer, BuildProblem> {
  if (paths.length === 0 && text === "") return buildProblem("empty file path and empty patch content");
  const patches: Resource[] = [];
  for (const path of paths) {
    const read = readTextOrFile(path, loader, readResources);
    if (!read.ok) return read;
    patches.push(...read.value);
  }
  const read = text === "" ? ok([]) : readResources(text, undefined, "first wins");
  if (!read.ok) return read;
  patches.push(...read.value);
  if (patches.length === 0) return buildProblem(`patch appears to be empty; files=[${paths.join(" ")}], Patch=${text}`);
  return ok(transformerFor(patches));
}

function readTextOrFile(path: string, loader: Loader, readResources: ReadResources): Result<readonly Resource[], BuildProblem> {
  const asText = readResources(path, undefined, "first wins");
  if (asText.ok || asText.problem.isRefusal) return asText;
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const read = readResources(loaded.value.bytes, loaded.value.path, "first wins");
  if (read.ok) return read;
  return { ok: false, problem: within((message) => (message.includes("MalformedYAMLError") ? `${message} in File: ${path}` : message), read.problem) };
}

function transformerFor(patches: readonly Resource[]): Transformer {
  const all = patches.map((patch) => newMergePatch(patch, false, false));
  return (resources, schema) => {
    const index = createResourceIndex(resources, schema);
    for (const patch of all) {
      const found = index.find(currentId(patch.patch, schema));
      if (!found.ok) return { ok: false, problem: { ...found.problem, at: patch.patch.from } };
      const target = index.at(found.value);
      const patched = target === undefined ? ok(undefined) : applyToSelected(patch, target, schema);
      if (!patched.ok) return patched;
      index.put(found.value, patched.value);
      const conflict = index.conflict();
      if (conflict !== undefined) return { ok: false, problem: conflict };
    }
    return ok(index.all());
  };
}
