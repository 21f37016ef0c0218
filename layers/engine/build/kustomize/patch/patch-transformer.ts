import { ok, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { trimSpace } from "../../text/trim-space.ts";
import { writeYaml } from "../../yaml/write.ts";
import { type BuildProblem, buildProblem, type Failed, failedBelow, type Place, placedIn, problemBelow, within } from "../build-problem.ts";
import type { Patch, Selector } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import { idKey, showId } from "../resource/id.ts";
import type { ReadResources } from "../resource/read-resources.ts";
import { currentId, kindOf, nameOf, type Resource } from "../resource/resource.ts";
import { appendAll } from "../resource/resource-list.ts";
import type { Schema } from "../schema/schema.ts";
import { selectResources } from "../select/selector.ts";
import type { Transformer } from "../transform/transformer.ts";
import { decodeJsonPatch, type JsonPatch, jsonOfPatch } from "./decode-json-patch.ts";
import { jsonPatchSelected } from "./json-patch-selected.ts";
import { applyMergePatch, applyToSelected, type MergePatch, newMergePatch } from "./merge-patch.ts";
import { patchConfig } from "./patch-config.ts";
import { createResourceIndex } from "./resource-index.ts";

/**
 * A `patches` entry: strategic merge patches for the objects that they name, one of them for all objects that a target selects, or a JSON patch for these.
 * `config` is the configuration as messages show it. Source: kustomize api/internal/builtins, PatchTransformer.
 */
export function createPatchTransformer(
  patch: Patch,
  loader: Loader,
  readResources: ReadResources,
  config: () => string = () => writeYaml(patchConfig(patch)),
): Result<Transformer, BuildProblem> {
  const source = loadPatch(patch, loader, config);
  if (!source.ok) return source;
  const { text, shown, file } = source.value;
  const merge = readResources(text, file, "first wins");
  const json = text === "" ? buildProblem("empty json patch operations") : decoded(text);
  if (merge.ok && json.ok && merge.value.length > 0 && json.value.length > 0) {
    return atPatch(file, buildProblem(`illegally qualifies as both an SM and JSON patch: ${shown}`).problem);
  }
  if (!merge.ok && merge.problem.isRefusal) return atPatch(file, merge.problem);
  if (!merge.ok) {
    if (!json.ok) return atPatch(file, { ...merge.problem, message: `unable to parse SM or JSON patch from ${shown}` });
    return ok(jsonTransformer(json.value, patch.target, source.value));
  }
  const { allowNameChange = false, allowKindChange = false } = patch.options ?? {};
  const patches = merge.value.map((one) => newMergePatch(one, allowNameChange, allowKindChange));
  if (patches.length === 0) return ok(NOTHING);
  return ok(patch.target === undefined ? mergeByName(patches) : mergeSelected(patches, patch.target, source.value));
}

const NOTHING: Transformer = (resources) => ok(resources);

type PatchSource = { readonly text: string; readonly shown: string; readonly file: string | undefined };

function loadPatch({ path, patch }: Patch, loader: Loader, config: () => string): Result<PatchSource, BuildProblem> {
  const text = trimSpace(patch);
  if (text === "" && path === "") return buildProblem(`must specify one of patch and path in\n${config()}`);
  if (text !== "" && path !== "") return buildProblem(`patch and path can't be set at the same time\n${config()}`);
  if (text !== "") return ok({ text, shown: `[patch: ${quote(text)}]`, file: undefined });
  const loaded = loader.load(path);
  if (!loaded.ok)
    return failedBelow(
      ["path"],
      within((message) => `failed to get the patch file from path(${path}): ${message}`, loaded.problem),
    );
  return ok({ text: decodeText(loaded.value.bytes), shown: `[path: ${quote(path)}]`, file: loaded.value.path });
}

const decodeText = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);

/** A problem of the patch itself: in its file, else where it stands in the configuration. */
function atPatch(file: string | undefined, problem: BuildProblem): Failed {
  return file === undefined ? failedBelow(["patch"], problem) : { ok: false, problem: placedIn({ file }, problem) };
}

/** As `atPatch`, whatever place it knows: a patch that does not fit is what must be changed, and not its target. */
const atMergePatch = ({ patch: { from } }: MergePatch, { message, isRefusal }: BuildProblem): Failed => {
  const problem: BuildProblem = { message, isRefusal };
  return from === undefined ? failedBelow(["patch"], problem) : { ok: false, problem: { ...problem, at: from } };
};

function decoded(text: string): Result<JsonPatch> {
  const json = jsonOfPatch(text);
  return json.ok ? decodeJsonPatch(json.value) : json;
}

function jsonTransformer(patch: JsonPatch, target: Selector | undefined, { shown, file }: PatchSource): Transformer {
  if (patch.length === 0) return NOTHING;
  const from: Place | undefined = file === undefined ? undefined : { file };
  return (resources, schema) => {
    if (target === undefined) return buildProblem(`must specify a target for JSON patch ${shown}`);
    return jsonPatchSelected(resources, { patch, target, keepsHistory: true, from, field: "patch" }, schema);
  };
}

/** Each patch goes to the one object that has its name, now or at any time before. */
function mergeByName(patches: readonly MergePatch[]): Transformer {
  return (resources, schema) => {
    const index = createResourceIndex(resources, schema);
    for (const patch of patches) {
      const id = currentId(patch.patch, schema);
      const found = index.find(id);
      if (!found.ok) {
        const words = (message: string): string => `no resource matches strategic merge patch ${quote(showId(id))}: ${message}`;
        return atMergePatch(patch, within(words, found.problem));
      }
      const target = index.at(found.value);
      const patched = target === undefined ? ok(undefined) : applyMergePatch(patch, target, schema);
      if (!patched.ok) return atMergePatch(patch, patched.problem);
      index.put(found.value, patched.value);
    }
    return ok(index.all());
  };
}

function mergeSelected(patches: readonly MergePatch[], target: Selector, { shown, file }: PatchSource): Transformer {
  const [patch, ...more] = patches;
  return (resources, schema) => {
    if (patch === undefined) return ok(resources);
    if (more.length > 0) {
      const words = `Multiple Strategic-Merge Patches in one \`patches\` entry is not allowed to set \`patches.target\` field: ${shown}`;
      return atPatch(file, buildProblem(words).problem);
    }
    const selected = selectResources(resources, target, schema);
    if (!selected.ok) return problemBelow(["target"], `unable to find patch target ${quote(showSelector(target))} in \`resources\`: ${selected.problem}`);
    const patched = patchSelected(resources, selected.value, patch, schema);
    return patched.ok ? patched : atMergePatch(patch, patched.problem);
  };
}

/** Whoever has the id of one that is selected is patched, too. Source: kustomize api/resmap, ApplySmPatch. */
function patchSelected(
  resources: readonly Resource[],
  selected: ReadonlySet<Resource>,
  patch: MergePatch,
  schema: Schema,
): Result<readonly Resource[], BuildProblem> {
  const names = new Set(Array.from(selected, nameOf));
  const ids = new Set(Array.from(selected, (resource) => exactKey(resource, schema)));
  const patched: Resource[] = [];
  for (const resource of resources) {
    const isSelected = selected.has(resource) || (names.has(nameOf(resource)) && ids.has(exactKey(resource, schema)));
    const result = isSelected ? applyToSelected(patch, resource, schema) : ok(resource);
    if (!result.ok) return result;
    if (result.value !== undefined) patched.push(result.value);
  }
  // Equal ids are looked for among equal names only: it is seldom that there are any.
  const kindsAndNames = new Set(patched.map((resource) => `${kindOf(resource)}\0${nameOf(resource)}`));
  return kindsAndNames.size === patched.length ? ok(patched) : appendAll([], patched, schema);
}

/** Other than for `idKey`, no namespace is not the same as `default`. */
function exactKey(resource: Resource, schema: Schema): string {
  const id = currentId(resource, schema);
  return `${idKey(id)}\0${id.namespace}`;
}

/** Source: kustomize api/types, Selector.String. */
const showSelector = (selector: Selector): string =>
  `${showId({ ...selector, isClusterScoped: false })}:a=${selector.annotationSelector}:l=${selector.labelSelector}`;
