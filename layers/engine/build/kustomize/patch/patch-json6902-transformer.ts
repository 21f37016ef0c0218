import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { Patch } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Transformer } from "../transform/transformer.ts";
import { decodeJsonPatch, jsonOfPatch } from "./decode-json-patch.ts";
import { jsonPatchSelected } from "./json-patch-selected.ts";

/**
 * An entry of `patchesJson6902`: a JSON patch for one or more objects whose names must be said. When it renames one, references do not follow.
 * Source: kustomize api/internal/builtins, PatchJson6902Transformer, which ends in a panic when there is no target.
 */
export function createPatchJson6902Transformer({ path, patch: text, target }: Patch, loader: Loader): Result<Transformer, BuildProblem> {
  if (target === undefined || target.name === "") return buildProblem("must specify the target name");
  if (path === "" && text === "") return buildProblem("empty file path and empty jsonOp");
  if (path !== "" && text !== "") return buildProblem("must specify a file path or jsonOp, not both");
  const loaded = path === "" ? ok(text) : loadText(path, loader);
  if (!loaded.ok) return loaded;
  const at = path === "" ? undefined : { file: path };
  const json = jsonOfPatch(loaded.value);
  if (!json.ok) return buildProblem(json.problem, at);
  const patch = decodeJsonPatch(json.value);
  if (!patch.ok) return buildProblem(`decoding ${json.value}: ${patch.problem}`, at);
  if (patch.value.length === 0) return buildProblem(`patch appears to be empty; file=${path}, JsonOp=${json.value}`, at);
  return ok((resources, schema) => jsonPatchSelected(resources, { patch: patch.value, target, keepsHistory: false }, schema));
}

function loadText(path: string, loader: Loader): Result<string, BuildProblem> {
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const { bytes, path: file } = loaded.value;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text === "" ? buildProblem(`patch file '${path}' empty seems to be empty`, { file }) : ok(text);
}
