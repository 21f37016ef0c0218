import { isArray, isObject, type Json, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { writeNumber } from "./yaml/number.ts";
import { readYaml } from "./yaml/read.ts";

export const KUSTOMIZATION_FILES = ["kustomization.yaml", "kustomization.yml", "Kustomization"] as const;

export const EMPTY_KUSTOMIZATION: JsonObject = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization" };

const TEXTS = ["apiVersion", "kind", "namePrefix", "nameSuffix", "namespace"];
const TEXT_LISTS = [
  "resources",
  "components",
  "crds",
  "bases",
  "configurations",
  "generators",
  "transformers",
  "validators",
  "buildMetadata",
  "patchesStrategicMerge",
];
const LISTS = [
  "labels",
  "patchesJson6902",
  "patches",
  "images",
  "replacements",
  "replicas",
  "vars",
  "configMapGenerator",
  "secretGenerator",
  "helmCharts",
  "helmChartInflationGenerator",
];
const MAPS = ["metadata", "openapi", "commonLabels", "commonAnnotations", "sortOptions", "generatorOptions", "helmGlobals"];
const FIELDS: ReadonlyMap<string, string> = new Map([...TEXTS, ...TEXT_LISTS, ...LISTS, ...MAPS].map((name) => [foldCase(name), name]));

/** Fields below which numbers and booleans are what they are; everywhere else Flux turns them into text. */
const NOT_TEXT: ReadonlySet<string> = new Set(
  [
    "count",
    "index",
    "immutable",
    "disableNameSuffixHash",
    "includeSelectors",
    "includeTemplates",
    "create",
    "allowNameChange",
    "allowKindChange",
    "helmCharts",
    "helmChartInflationGenerator",
    "helmGlobals",
  ].map(foldCase),
);

/** Field names of a kustomization are compared without regard to case, with the two letters beyond ASCII that fold into it. */
export function foldCase(name: string): string {
  return name.replaceAll("\u017f", "s").replaceAll("\u212a", "k").toLowerCase();
}

/**
 * The kustomization at `spec.path`, as Flux decodes it: unknown fields and empty values are dropped, the last of two equal keys wins.
 * The problem is the whole message of BuildFailed. Source: reference 2.5.1.
 */
export function readEntry(text: string): Result<JsonObject> {
  const read = readYaml(text, "last wins");
  if (!read.ok) return problem(`error converting YAML to JSON: ${read.problem}`);
  const document = read.value[0] ?? null;
  if (document === null) return ok(EMPTY_KUSTOMIZATION);
  if (!isObject(document)) return problem(cannotUnmarshal(document, "Go value of type types.Kustomization"));
  const fields: [string, Json][] = [];
  for (const [key, value] of Object.entries(document)) {
    const name = FIELDS.get(foldCase(key));
    if (name === undefined || value === null) continue;
    const given = NOT_TEXT.has(foldCase(name)) ? value : asText(value);
    const wrong = typeProblem(name, given);
    if (wrong !== undefined) return problem(wrong);
    if (!isEmpty(given)) fields.push([name, given]);
  }
  return ok({ ...EMPTY_KUSTOMIZATION, ...Object.fromEntries(fields) });
}

function asText(value: Json): Json {
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "boolean") return value ? "true" : "false";
  if (isArray(value)) return value.map(asText);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, NOT_TEXT.has(foldCase(key)) ? inner : asText(inner)]));
}

const isEmpty = (value: Json): boolean => value === "" || (isArray(value) && value.length === 0) || (isObject(value) && Object.keys(value).length === 0);

function typeProblem(name: string, value: Json): string | undefined {
  const field = `Go struct field Kustomization.${name} of type`;
  if (TEXTS.includes(name)) return typeof value === "string" ? undefined : cannotUnmarshal(value, `${field} string`);
  if (!TEXT_LISTS.includes(name)) return undefined;
  const item = name === "patchesStrategicMerge" ? "types.PatchStrategicMerge" : "string";
  if (!isArray(value)) return cannotUnmarshal(value, `${field} []${item}`);
  const odd = value.find((entry) => typeof entry !== "string" && entry !== null);
  return odd === undefined ? undefined : cannotUnmarshal(odd, `${field} ${item}`);
}

const cannotUnmarshal = (value: Json, into: string): string =>
  `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value} into ${into}`;
