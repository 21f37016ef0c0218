import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, type Failed, failedBelow, type Path, within } from "../build-problem.ts";
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
 * `listed` leads to `paths` in its configuration. Source: kustomize api/internal/builtins, PatchStrategicMergeTransformer.
 */
export function createPatchStrategicMergeTransformer(
  { paths, patches: text }: StrategicMergeArgs,
  loader: Loader,
  readResources: ReadResources,
  listed: Path,
): Result<Transformer, BuildProblem> {
  if (paths.length === 0 && text === "") return buildProblem("empty file path and empty patch content");
  const patches: ListedPatch[] = [];
  for (const [index, path] of paths.entries()) {
    const below = [...listed, index];
    const read = readTextOrFile(path, loader, readResources);
    if (!read.ok) return failedBelow(below, read.problem);
    patches.push(...read.value.map((patch) => ({ patch, below })));
  }
  const read = text === "" ? ok([]) : readResources(text, undefined, "first wins");
  if (!read.ok) return failedBelow(["patches"], read.problem);
  patches.push(...read.value.map((patch) => ({ patch, below: ["patches"] })));
  if (patches.length === 0) return buildProblem(`patch appears to be empty; files=[${paths.join(" ")}], Patch=${text}`);
  return ok(transformerFor(patches));
}

/** `below`: where it stands in the configuration. */
type ListedPatch = { readonly patch: Resource; readonly below: Path };

function readTextOrFile(path: string, loader: Loader, readResources: ReadResources): Result<readonly Resource[], BuildProblem> {
  const asText = readResources(path, undefined, "first wins");
  if (asText.ok || asText.problem.isRefusal) return asText;
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const read = readResources(loaded.value.bytes, loaded.value.path, "first wins");
  if (read.ok) return read;
  return { ok: false, problem: within((message) => (message.includes("MalformedYAMLError") ? `${message} in File: ${path}` : message), read.problem) };
}

function transformerFor(patches: readonly ListedPatch[]): Transformer {
  const all = patches.map(({ patch, below }) => ({ below, patch: newMergePatch(patch, false, false) }));
  return (resources, schema) => {
    const index = createResourceIndex(resources, schema);
    for (const { patch, below } of all) {
      const failed = ({ message }: BuildProblem): Failed =>
        patch.patch.from === undefined ? failedBelow(below, { message }) : buildProblem(message, patch.patch.from);
      const found = index.find(currentId(patch.patch, schema));
      if (!found.ok) return failed(found.problem);
      const target = index.at(found.value);
      const patched = target === undefined ? ok(undefined) : applyToSelected(patch, target, schema);
      if (!patched.ok) return failed(patched.problem);
      index.put(found.value, patched.value);
      const conflict = index.conflict();
      if (conflict !== undefined) return failed(conflict);
    }
    return ok(index.all());
  };
}
