import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, isText, type Node, scalar } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { scalarOf } from "../../yaml/scalar-of.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpecs, isOfFieldSpec, type Setter } from "../fields/at-field-spec.ts";
import { keepShared } from "../fields/shared-text.ts";
import type { Var } from "../kustomization/kustomization.ts";
import { apiVersionOf, kindOf, type Resource, textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";
import { fieldPlace } from "../transform/each.ts";
import { type Expansion, expand } from "./expand.ts";
import { plainFloat, showValue, typeOfValue } from "./show-value.ts";
import { showVar } from "./show-var.ts";
import { type VarValue, varValueAt } from "./var-value.ts";

export type ResolvedVars = { readonly resources: readonly Resource[]; readonly warnings: readonly string[] };

/**
 * `resources` with the values of the vars in all fields that may refer to them. All values are found before the first one is put anywhere.
 * Source: kustomize api/internal/accumulator, ResolveVars; api/filters/refvar.
 */
export function resolveVars(
  resources: readonly Resource[],
  vars: readonly Var[],
  varReference: readonly FieldSpec[],
  _: Schema,
): Result<ResolvedVars, BuildProblem> {
  if (vars.length === 0) return ok({ resources, warnings: [] });
  const values = valuesOf(resources, vars);
  if (!values.ok) return values;
  const warnings: string[] = [];
  const replaced = new Set<string>();
  const valueOfVar = (name: string): VarValue | undefined => {
    const value = values.value.get(name);
    if (value?.kind !== "no scalar") {
      if (value !== undefined) replaced.add(name);
      return value;
    }
    warnings.push(`MakePrimitiveReplacer: bad replacement type=${typeOfValue(value)} val=${showValue(value)}`);
    return undefined;
  };
  const set = createVarSetter((text) => expand(text, valueOfVar, showValue));
  const specsOf = createSpecIndex(varReference);
  const resolved: Resource[] = [];
  for (const resource of resources) {
    const fixed = atFieldSpecs(resource.node, specsOf(resource), set);
    if (!fixed.ok) return buildProblem(fixed.problem, fieldPlace(resource, fixed.problem));
    resolved.push(fixed.value === resource.node ? resource : { ...resource, node: keepShared(resource.node, fixed.value) });
  }
  const unused = [...values.value.keys()].filter((name) => !replaced.has(name));
  if (unused.length > 0) warnings.push(`well-defined vars that were never replaced: ${unused.join(",")}`);
  return ok({ resources: resolved, warnings });
}

/** By name. Source: kustomize makeVarReplacementMap. */
function valuesOf(resources: readonly Resource[], vars: readonly Var[]): Result<ReadonlyMap<string, VarValue>, BuildProblem> {
  const sources = new Map<string, Resource>();
  for (const resource of resources) for (const name of resource.vars) if (!sources.has(name)) sources.set(name, resource);
  const values = new Map<string, VarValue>();
  for (const given of vars.toSorted((a, b) => byBytes(a.name, b.name))) {
    const source = sources.get(given.name);
    if (source === undefined) return buildProblem(`var '${showVar(given)}' cannot be mapped to a field in the set of known resources`, given.at);
    const value = varValueAt(source.node, given.fieldPath);
    if (!value.ok) return buildProblem(`field specified in var '${showVar(given)}' not found in corresponding resource`, given.at ?? source.from);
    values.set(given.name, value.value);
  }
  return ok(values);
}

/** The field specs for a resource; each kind is looked up once. */
function createSpecIndex(specs: readonly FieldSpec[]): (resource: Resource) => readonly FieldSpec[] {
  const known = new Map<string, readonly FieldSpec[]>();
  return (resource) => {
    const key = `${apiVersionOf(resource)}\0${kindOf(resource)}`;
    const found = known.get(key) ?? specs.filter((spec) => isOfFieldSpec(resource.node, spec));
    known.set(key, found);
    return found;
  };
}

/** Texts are expanded: one alone, those of a map, those of a list, which may hold nothing else. */
function createVarSetter(expandText: (text: string) => Expansion<VarValue>): Setter {
  const replace = (found: Node): Node => {
    if (!isText(found)) return found;
    const text = textOf(found);
    const expansion = expandText(text);
    if (expansion.kind === "whole") return nodeOf(expansion.value);
    return expansion.text === text ? found : expansion.text;
  };
  return (found) => {
    if (isMap(found)) {
      const entries = Object.entries(found).map(([key, value]): [string, Node] => [key, replace(value)]);
      return ok(entries.every(([key, value]) => value === found[key]) ? found : Object.fromEntries(entries));
    }
    if (!isList(found)) return ok(replace(found));
    if (!found.every(isText)) return problem("invalid value type expect a string");
    const items = found.map(replace);
    return ok(items.every((item, index) => item === found[index]) ? found : items);
  };
}

/** A var takes its type along. */
function nodeOf(value: VarValue): Node {
  switch (value.kind) {
    case "text":
      return value.text;
    case "integer":
      return BigInt(Number(value.value)) === value.value && Number.isSafeInteger(Number(value.value))
        ? Number(value.value)
        : scalar(String(value.value), value.value);
    case "fraction":
      return scalarOf(plainFloat(value.value));
    case "boolean":
      return value.value;
    case "no scalar":
      return value.node;
  }
}
