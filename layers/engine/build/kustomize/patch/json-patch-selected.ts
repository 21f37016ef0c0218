import { ok, problem, type Result } from "../../../domain/result.ts";
import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import { type BuildProblem, buildProblem, type Place, problemBelow } from "../build-problem.ts";
import { wrongKind } from "../fields/wrong-kind.ts";
import type { Selector } from "../kustomization/kustomization.ts";
import { annotate, internalAnnotations, withoutInternalAnnotations } from "../resource/internal-annotations.ts";
import { withHistory } from "../resource/renamed.ts";
import { type Resource, textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { selectResources } from "../select/selector.ts";
import { applyJsonPatch, type JsonPatchProblem } from "./apply-json-patch.ts";
import type { JsonPatch } from "./decode-json-patch.ts";

/** `keepsHistory`: the patch may rename an object, and references follow. `from` is its file, `field` what holds it where it has none. */
export type TargetedJsonPatch = {
  readonly patch: JsonPatch;
  readonly target: Selector;
  readonly keepsHistory: boolean;
  readonly from: Place | undefined;
  readonly field: string;
};

/** Applies a JSON patch to every object that its target selects. Source: kustomize api/internal/builtins, transformJson6902. */
export function jsonPatchSelected(
  resources: readonly Resource[],
  { patch, target, keepsHistory, from, field }: TargetedJsonPatch,
  schema: Schema,
): Result<readonly Resource[], BuildProblem> {
  const selected = selectResources(resources, target, schema);
  if (!selected.ok) return problemBelow(["target"], selected.problem);
  const patched: Resource[] = [];
  for (const resource of resources) {
    const result = selected.value.has(resource) ? patchResource(keepsHistory ? withHistory(resource, schema) : resource, patch, keepsHistory) : ok(resource);
    if (!result.ok) {
      const { message, operation } = result.problem;
      return from === undefined ? problemBelow([field], message) : buildProblem(message, operation === undefined ? from : { ...from, path: [operation] });
    }
    patched.push(result.value);
  }
  return ok(patched);
}

/** A patch sees kustomize's annotations; afterwards they are put back, and all annotations are texts. Where that cannot be they are lost, which one of the two ways to patch minds. */
function patchResource(resource: Resource, patch: JsonPatch, forgives: boolean): Result<Resource, JsonPatchProblem> {
  const internal = internalAnnotations(resource);
  const patched = applyJsonPatch(annotate(resource.node, internal), patch);
  if (!patched.ok) return patched;
  const { metadata = {} } = patched.value;
  if (isMap(metadata)) return ok(withoutInternalAnnotations(annotate(withTextAnnotations(patched.value, metadata), internal), resource));
  if (metadata === null || forgives) return ok(withoutInternalAnnotations(patched.value, resource));
  return problem({ message: wrongKind("MappingNode", metadata), operation: undefined });
}

function withTextAnnotations(node: NodeMap, { annotations, ...rest }: NodeMap): NodeMap {
  const texts = isMap(annotations) ? Object.entries(annotations).map(([key, value]): [string, Node] => [key, value === null ? "null" : textOf(value)]) : [];
  return { ...node, metadata: texts.length === 0 ? rest : { ...rest, annotations: Object.fromEntries(texts) } };
}
