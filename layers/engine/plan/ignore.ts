import { RE2JS } from "re2js";
import { isEqual, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { groupOf, type Manifest, versionOf } from "../domain/manifest.ts";
import { jsonOf, manifestOf } from "../domain/manifest-json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { KUSTOMIZE_MANAGER } from "./clean-up.ts";
import { isOfMainResource, managedFieldsOf } from "./field-set.ts";
import { indexOf, type Pointer, parsePointer, putAt, readAt, removeAt } from "./json-pointer.ts";
import { matchesSelector, parseLabelSelector } from "./label-selector.ts";

/** One item of a Kustomization's `spec.ignore`, as it stands there. */
export type IgnoreSpec = {
  readonly paths: readonly string[];
  readonly target?: {
    readonly group?: string;
    readonly version?: string;
    readonly kind?: string;
    readonly name?: string;
    readonly namespace?: string;
    readonly labelSelector?: string;
    readonly annotationSelector?: string;
  };
};

/** Fields to leave alone, and the objects that this is about. */
export type IgnoreRule = { readonly paths: readonly Pointer[]; readonly matches: (manifest: Manifest) => boolean };

type Matcher = (manifest: Manifest) => boolean;

/** Source: reference 2.6.6: regular expressions match whole texts; a rule without target is about every object. */
export function parseIgnoreRules(specs: readonly IgnoreSpec[]): Result<readonly IgnoreRule[]> {
  const rules: IgnoreRule[] = [];
  for (const { paths, target = {} } of specs) {
    const pointers: Pointer[] = [];
    for (const path of paths) {
      const pointer = parsePointer(path);
      if (!pointer.ok) return pointer;
      pointers.push(pointer.value);
    }
    const matches = parseTarget(target);
    if (!matches.ok) return problem(`failed to create ignore rule selector: ${matches.problem}`);
    rules.push({ paths: pointers, matches: matches.value });
  }
  return ok(rules);
}

function parseTarget(target: NonNullable<IgnoreSpec["target"]>): Result<Matcher> {
  const parts: readonly Result<Matcher>[] = [
    pattern(target.namespace, ({ metadata }) => metadata.namespace ?? ""),
    pattern(target.name, ({ metadata }) => metadata.name ?? ""),
    pattern(target.group, ({ apiVersion }) => groupOf(apiVersion)),
    pattern(target.version, ({ apiVersion }) => versionOf(apiVersion)),
    pattern(target.kind, ({ kind }) => kind),
    selector(target.labelSelector, ({ metadata }) => metadata.labels),
    selector(target.annotationSelector, ({ metadata }) => metadata.annotations),
  ];
  const matchers: Matcher[] = [];
  for (const part of parts) {
    if (!part.ok) return part;
    matchers.push(part.value);
  }
  return ok((manifest) => matchers.every((matches) => matches(manifest)));
}

const ANY: Result<Matcher> = ok(() => true);

function pattern(text: string | undefined, of: (manifest: Manifest) => string): Result<Matcher> {
  if (text === undefined || text === "") return ANY;
  const compiled = compile(text);
  return compiled === undefined ? problem(`"${text}" is no regular expression`) : ok((manifest) => compiled.matcher(of(manifest)).matches());
}

/** Linear in the text, whatever the expression: it comes from whoever writes the Kustomization. */
function compile(text: string): RE2JS | undefined {
  try {
    return RE2JS.compile(`(?:${text})`);
  } catch {
    return undefined;
  }
}

function selector(text: string | undefined, of: (manifest: Manifest) => Manifest["metadata"]["labels"]): Result<Matcher> {
  if (text === undefined || text === "") return ANY;
  const parsed = parseLabelSelector(text);
  return parsed.ok ? ok((manifest) => matchesSelector(parsed.value, of(manifest))) : parsed;
}

/** The fields of `manifest` to leave alone. Pass what the server says an apply would make: both sides are judged by it. */
export const ignoredPaths = (rules: readonly IgnoreRule[], manifest: Manifest): readonly Pointer[] =>
  rules.filter(({ matches }) => matches(manifest)).flatMap(({ paths }) => paths);

/** `manifest` without the fields at `paths`, for comparison. */
export const withoutPaths = (manifest: Manifest, paths: readonly Pointer[]): Manifest =>
  paths.length === 0 ? manifest : manifestOf(withoutFields(jsonOf(manifest), paths));

const withoutFields = (object: JsonObject, paths: readonly Pointer[]): JsonObject => paths.reduce((rest, path) => removeAt(rest, path), object);

/**
 * The manifest to apply to an object that drifts elsewhere: a differing ignored field is left out when another manager applied it,
 * and otherwise has the cluster's value, so that our apply keeps it. Where the cluster has no such field it is left out, too.
 * Source: reference 2.6.6.
 */
export function keepIgnored(manifest: Manifest, live: Manifest, dryRun: Manifest, paths: readonly Pointer[]): Manifest {
  const differing = paths.filter((path) => !isEqual(readAt(jsonOf(live), path), readAt(jsonOf(dryRun), path)));
  const foreign = differing.filter((path) => isAppliedByOthers(live, path));
  const adopted = differing.filter((path) => !foreign.includes(path));
  // Adopted first: an index in a pointer means the manifest's list as it stands, before anything is taken out of it.
  const kept = adopted.reduce((object, path) => {
    const value = readAt(jsonOf(live), path);
    return value === undefined ? object : putAt(object, path, value);
  }, jsonOf(manifest));
  const left = adopted.filter((path) => readAt(jsonOf(live), path) === undefined);
  return manifestOf(withoutFields(kept, [...foreign, ...left]));
}

function isAppliedByOthers(live: Manifest, pointer: Pointer): boolean {
  const applied = managedFieldsOf(live).filter((entry) => entry.operation === "Apply" && isOfMainResource(entry));
  const trees = applied.map(({ fieldsV1 }) => fieldsV1 ?? {});
  const steps = fieldSteps(jsonOf(live), pointer, trees);
  if (steps === undefined) return false;
  return applied.some(({ manager, fieldsV1 }) => manager !== KUSTOMIZE_MANAGER && nodeAt(fieldsV1 ?? {}, steps) !== undefined);
}

const nodeAt = (tree: JsonObject, steps: readonly string[]): Json | undefined =>
  steps.reduce<Json | undefined>((node, step) => (isObject(node) && Object.hasOwn(node, step) ? node[step] : undefined), tree);

/** `/spec/containers/0/image` as managedFields name it: `f:spec`, `f:containers`, `k:{"name":"web"}`, `f:image`. */
function fieldSteps(root: JsonObject, pointer: Pointer, trees: readonly JsonObject[]): readonly string[] | undefined {
  const steps: string[] = [];
  for (const [depth, segment] of pointer.entries()) {
    const parent = readAt(root, pointer.slice(0, depth));
    if (!Array.isArray(parent)) {
      steps.push(`f:${segment}`);
      continue;
    }
    const index = indexOf(segment, parent.length);
    const key = index === undefined ? undefined : itemKey(parent[index], steps, trees);
    if (key === undefined) return undefined;
    steps.push(key);
  }
  return steps;
}

function itemKey(item: Json | undefined, steps: readonly string[], trees: readonly JsonObject[]): string | undefined {
  if (!isObject(item)) return undefined;
  const keys = trees.flatMap((tree) => {
    const node = nodeAt(tree, steps);
    return isObject(node) ? Object.keys(node).filter((key) => key.startsWith("k:")) : [];
  });
  return keys.find((key) => {
    const fields = parsedKey(key);
    return fields !== undefined && Object.keys(fields).every((field) => Object.hasOwn(item, field) && isEqual(item[field], fields[field]));
  });
}

function parsedKey(text: string): JsonObject | undefined {
  try {
    const key: Json = JSON.parse(text.slice(2));
    return isObject(key) ? key : undefined;
  } catch {
    return undefined;
  }
}
