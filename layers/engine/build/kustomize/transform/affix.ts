import { ok, type Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpec } from "../fields/at-field-spec.ts";
import { setScalar } from "../fields/setters.ts";
import { type Gvk, isSelectedBy } from "../resource/id.ts";
import { withHistory } from "../resource/renamed.ts";
import { originalId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { changeNode } from "./each.ts";
import type { Transformer } from "./transformer.ts";

/** `note` writes the affix down on a resource whose name it changes; `change` is what it does to a text. */
export type Affix = {
  readonly text: string;
  readonly fieldSpecs: readonly FieldSpec[];
  readonly note: (resource: Resource) => Resource;
  readonly change: (text: string) => string;
};

/** Names of these are given by what they stand for. */
const UNTOUCHED: readonly Gvk[] = [
  { group: "", version: "", kind: "CustomResourceDefinition" },
  { group: "apiregistration.k8s.io", version: "", kind: "APIService" },
  { group: "", version: "", kind: "Namespace" },
];

/** Source: kustomize PrefixTransformer and SuffixTransformer, api/filters/prefix and suffix. */
export function createAffixTransformer(affix: Affix): Transformer {
  return (resources, schema) => {
    const renamed: Resource[] = [];
    for (const resource of resources) {
      const next = rename(resource, affix, schema);
      if (!next.ok) return next;
      renamed.push(next.value);
    }
    return ok(renamed);
  };
}

function rename(resource: Resource, affix: Affix, schema: Schema): Result<Resource, BuildProblem> {
  const id = originalId(resource, schema);
  if (UNTOUCHED.some((gvk) => isSelectedBy(id, gvk))) return ok(resource);
  let current = resource;
  for (const fieldSpec of affix.fieldSpecs) {
    if (!isSelectedBy(id, fieldSpec)) continue;
    if (fieldSpec.path === "metadata/name" && affix.text !== "") current = withHistory(affix.note(current), schema);
    const changed = changeNode(current, (node) => atFieldSpec(node, fieldSpec, setScalar(affix.change), "text"));
    if (!changed.ok) return changed;
    current = changed.value;
  }
  return ok(current);
}
