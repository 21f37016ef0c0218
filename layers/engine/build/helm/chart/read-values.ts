import { isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { mergeMaps } from "./merge-maps.ts";

/** A line that ends a document, whatever stands behind the dashes. Source: k8s.io/apimachinery, util/yaml, YAMLReader. */
const SEPARATOR = /^---/;

/**
 * The values of a values.yaml: of several documents the later count more, map by map. Numbers are Go's float64, as JSON's are.
 * Source: Helm 4, pkg/chart/loader LoadValues.
 */
export function readValues(source: Uint8Array): Result<JsonObject> {
  let values: JsonObject = {};
  for (const document of documentsOf(new TextDecoder().decode(source))) {
    const read = readFirstYaml(document, "last wins");
    if (!read.ok) return problem(`cannot unmarshal yaml document: error converting YAML to JSON: ${read.problem}`);
    if (read.value === null) continue;
    if (!isObject(read.value)) {
      const words = `json: cannot unmarshal ${kindOf(read.value)} into Go value of type map[string]interface {}`;
      return problem(`cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: ${words}`);
    }
    values = mergeMaps(values, read.value);
  }
  return ok(values);
}

function documentsOf(text: string): readonly string[] {
  if (!text.includes("---")) return [text];
  const documents: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (SEPARATOR.test(line)) documents.push([]);
    else documents.at(-1)?.push(line);
  }
  return documents.map((lines) => lines.join("\n"));
}

const kindOf = (value: Json): string =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value === "string" ? "string" : "number";
