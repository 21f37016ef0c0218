import type { Chart } from "../../build/helm/chart/chart.ts";
import { mergeMaps } from "../../build/helm/chart/merge-maps.ts";
import { readFirstYaml } from "../../build/yaml/read.ts";
import { isObject, type JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ArtifactFiles } from "./artifact-files.ts";
import { secureJoin } from "./secure-join.ts";

/** `files`: those that were there, as they are written in the spec. */
export type MergedValues = { readonly values: JsonObject; readonly files: readonly string[] };

/** The values files that take the place of a chart's values.yaml; that one alone is what it has anyway. Source: source-controller, BuildOptions.GetValuesFiles. */
export const otherValuesFiles = (files: readonly string[]): readonly string[] =>
  files.length === 1 && secureJoin(files[0] ?? "") === "values.yaml" ? [] : files;

/** Merges files of an artifact, by their paths from its root. Source: source-controller, mergeFileValues. */
export function mergeArtifactValues({ tree, at }: ArtifactFiles, paths: readonly string[], ignoreMissing: boolean): Result<MergedValues> {
  return merge(paths, (path) => {
    const place = secureJoin(path);
    if (at(place) === "file") return readValuesFile(tree.get(place)?.bytes ?? new Uint8Array(), path);
    if (ignoreMissing && at(place) !== "folder") return undefined;
    return problem(`no values file found at path '/${place}' (reference '${path}')`);
  });
}

/** Merges files of a packed chart, by their paths in it. Source: source-controller, mergeChartValues. */
export function mergeChartValues(chart: Chart, paths: readonly string[], ignoreMissing: boolean): Result<MergedValues> {
  return merge(paths, (path) => {
    const name = cleaned(path);
    if (name === "values.yaml") return ok(chart.values);
    const file = chart.files.find((candidate) => candidate.name === name);
    if (file !== undefined) return readValuesFile(file.data, path);
    return ignoreMissing ? undefined : problem(`no values file found at path '${path}'`);
  });
}

/** As Go cleans a path: one that leads out stays one. */
function cleaned(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "." && part !== "") parts.push(part);
  }
  return `${path.startsWith("/") ? "/" : ""}${parts.join("/")}`;
}

function merge(paths: readonly string[], read: (path: string) => Result<JsonObject> | undefined): Result<MergedValues> {
  let values: JsonObject = {};
  const files: string[] = [];
  for (const path of paths) {
    const found = read(path);
    if (found === undefined) continue;
    if (!found.ok) return found;
    values = mergeMaps(values, found.value);
    files.push(path);
  }
  return ok({ values, files });
}

function readValuesFile(bytes: Uint8Array, path: string): Result<JsonObject> {
  const read = readFirstYaml(bytes, "last wins");
  if (!read.ok) return problem(`unmarshaling values from '${path}' failed: error converting YAML to JSON: ${read.problem}`);
  if (read.value === null) return ok({});
  if (isObject(read.value)) return ok(read.value);
  const kind = Array.isArray(read.value) ? "array" : typeof read.value === "boolean" ? "bool" : typeof read.value;
  const words = `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  return problem(`unmarshaling values from '${path}' failed: error unmarshaling JSON: while decoding JSON: ${words}`);
}
