import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, type Failed, failedBelow, type Place, problemBelow } from "../build-problem.ts";
import type { Patch } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Transformer } from "../transform/transformer.ts";
import { decodeJsonPatch, jsonOfPatch } from "./decode-json-patch.ts";
import { jsonPatchSelected } from "./json-patch-selected.ts";

/**
 * An entry of `patchesJson6902`: a JSON patch for one or more objects whose names must be said. When it renames one, references do not follow.
 * `field` is what its configuration calls a patch that stands there. Source: kustomize api/internal/builtins, PatchJson6902Transformer, which ends in a panic when there is no target.
 */
export function createPatchJson6902Transformer({ path, patch: text, target }: Patch, loader: Loader, field = "patch"): Result<Transformer, BuildProblem> {
  if (target === undefined || target.name === "") return problemBelow(["target", "name"], "must specify the target name");
  if (path === "" && text === "") return buildProblem("empty file path and empty jsonOp");
  if (path !== "" && text !== "") return buildProblem("must specify a file path or jsonOp, not both");
  const loaded = path === "" ? ok({ text, from: undefined }) : loadText(path, loader);
  if (!loaded.ok) return failedBelow(["path"], loaded.problem);
  const { from } = loaded.value;
  const failed = (message: string): Failed => (from === undefined ? problemBelow([field], message) : buildProblem(message, from));
  const json = jsonOfPatch(loaded.value.text);
  if (!json.ok) return failed(json.problem);
  const patch = decodeJsonPatch(json.value);
  if (!patch.ok) return failed(`decoding ${json.value}: ${patch.problem}`);
  if (patch.value.length === 0) return failed(`patch appears to be empty; file=${path}, JsonOp=${json.value}`);
  return ok((resources, schema) => jsonPatchSelected(resources, { patch: patch.value, target, keepsHistory: false, from, field }, schema));
}

/** The text of a patch, and its file where it has one. */
type PatchText = { readonly text: string; readonly from: Place | undefined };

function loadText(path: string, loader: Loader): Result<PatchText, BuildProblem> {
  const loaded = loader.load(path);
  if (!loaded.ok) return loaded;
  const { bytes, path: file } = loaded.value;
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text === "" ? buildProblem(`patch file '${path}' empty seems to be empty`, { file }) : ok({ text, from: { file } });
}
