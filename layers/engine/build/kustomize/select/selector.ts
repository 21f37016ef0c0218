import { ok, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { Selector } from "../kustomization/kustomization.ts";
import { effectiveNamespace, type Gvk } from "../resource/id.ts";
import { currentId, gvkOf, metaMap, originalId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { compileLabelSelector } from "./label-selector.ts";
import { compilePattern, type Pattern } from "./pattern.ts";

/** A selector whose regular expressions are compiled. Its label and annotation selectors are looked at once they are asked for: nobody hears of a wrong one before. */
export type CompiledSelector = {
  matchesGvk(gvk: Gvk): boolean;
  readonly matchesName: Pattern;
  readonly matchesNamespace: Pattern;
  matchesLabels(resource: Resource): Result<boolean>;
  matchesAnnotations(resource: Resource): Result<boolean>;
};

/** Each expression is about a whole text; the problem is that of the first wrong one. Source: kustomize api/types, NewSelectorRegex. */
export function compileSelector(selector: Selector): Result<CompiledSelector> {
  const group = compilePattern(selector.group);
  if (!group.ok) return group;
  const version = compilePattern(selector.version);
  if (!version.ok) return version;
  const kind = compilePattern(selector.kind);
  if (!kind.ok) return kind;
  const name = compilePattern(selector.name);
  if (!name.ok) return name;
  const namespace = compilePattern(selector.namespace);
  if (!namespace.ok) return namespace;
  return ok({
    matchesGvk: (gvk) => group.value(gvk.group) && version.value(gvk.version) && kind.value(gvk.kind),
    matchesName: name.value,
    matchesNamespace: namespace.value,
    matchesLabels: matchesTexts(selector.labelSelector, "labels"),
    matchesAnnotations: matchesTexts(selector.annotationSelector, "annotations"),
  });
}

function matchesTexts(selector: string, field: "labels" | "annotations"): (resource: Resource) => Result<boolean> {
  if (selector === "") return () => ok(true);
  const pattern = once(() => compileLabelSelector(selector));
  return (resource) => {
    const compiled = pattern();
    return compiled.ok ? ok(compiled.value(metaMap(resource, field))) : compiled;
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/**
 * The resources that `selector` means, in their order: by the name and the namespace that they had at first or have now, by today's group, version and
 * kind, and by their labels and annotations. A label selector that cannot be parsed is a problem once a resource meets all the rest.
 * Source: kustomize api/resmap, Select.
 */
export function selectResources(resources: readonly Resource[], selector: Selector, schema: Schema): Result<ReadonlySet<Resource>> {
  const compiled = compileSelector(selector);
  if (!compiled.ok) return compiled;
  const selected = new Set<Resource>();
  for (const resource of resources) {
    spend(5);
    if (!matchesNames(resource, compiled.value, schema)) continue;
    const hasLabels = compiled.value.matchesLabels(resource);
    if (!hasLabels.ok) return hasLabels;
    if (!hasLabels.value) continue;
    const hasAnnotations = compiled.value.matchesAnnotations(resource);
    if (!hasAnnotations.ok) return hasAnnotations;
    if (hasAnnotations.value) selected.add(resource);
  }
  return ok(selected);
}

function matchesNames(resource: Resource, { matchesGvk, matchesName, matchesNamespace }: CompiledSelector, schema: Schema): boolean {
  if (!matchesGvk(gvkOf(resource))) return false;
  const [now, first] = [currentId(resource, schema), originalId(resource, schema)];
  if (!matchesName(first.name) && !matchesName(now.name)) return false;
  return matchesNamespace(effectiveNamespace(first)) || matchesNamespace(effectiveNamespace(now));
}
