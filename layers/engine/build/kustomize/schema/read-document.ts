import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { readYaml } from "../../yaml/read.ts";

const SCHEMA = 'struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SchemaProps; spec.SwaggerSchemaProps }';
const SWAGGER = 'struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SwaggerProps }';
const MAX_DEPTH = 1_000;

/** An OpenAPI document of the form that kustomize demands. Source: kyaml openapi.parse; the words are those of kube-openapi's JSON reader. */
export function readDocument(bytes: Uint8Array): Result<JsonObject> {
  const read = parse(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
  const found = !read.ok ? read.problem : problemOf(read.value);
  if (found !== undefined) return problem(`invalid schema file: ${found}`);
  return ok(read.ok && isObject(read.value) ? read.value : {});
}

/** What begins with a brace is JSON, everything else YAML. */
function parse(text: string): Result<Json> {
  if (text === "") return problem("json: cannot unmarshal into Go spec.Swagger: EOF");
  if (text.startsWith("{")) return parseJson(text);
  const read = readYaml(text);
  return read.ok ? ok(read.value[0] ?? null) : read;
}

function parseJson(text: string): Result<Json> {
  try {
    return ok(JSON.parse(text));
  } catch (error) {
    return problem(`jsontext: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function problemOf(document: Json): string | undefined {
  if (document === null) return undefined;
  if (!isObject(document)) return wrong(document, SWAGGER, "");
  const { definitions = null, paths = null } = document;
  if (paths !== null && !isObject(paths)) return `json: cannot unmarshal into Go spec.Paths within "/paths": unknown JSON kind: ${kindSign(paths)}`;
  return mapProblem(definitions, "spec.Definitions", "/definitions", 0);
}

function schemaProblem(schema: Json, path: string, depth: number): string | undefined {
  if (schema === null) return undefined;
  if (depth > MAX_DEPTH) return `exceeded max depth within "${path}"`;
  if (!isObject(schema)) return wrong(schema, SCHEMA, path);
  return (
    typeProblem(schema["type"], `${path}/type`) ??
    mapProblem(schema["properties"] ?? null, "map[string]spec.Schema", `${path}/properties`, depth) ??
    restProblem(schema["additionalProperties"], `${path}/additionalProperties`, depth) ??
    itemsProblem(schema["items"], `${path}/items`, depth)
  );
}

function mapProblem(map: Json, type: string, path: string, depth: number): string | undefined {
  if (map === null) return undefined;
  if (!isObject(map)) return wrong(map, type, path);
  for (const [name, schema] of Object.entries(map)) {
    const found = schemaProblem(schema, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

function typeProblem(type: Json | undefined, path: string): string | undefined {
  if (type === undefined || type === null || typeof type === "string" || isArray(type)) return undefined;
  return `json: cannot unmarshal into Go spec.StringOrArray within "${path}": expected string or array, not '${kindName(type)}'`;
}

function restProblem(rest: Json | undefined, path: string, depth: number): string | undefined {
  if (rest === undefined || rest === null || typeof rest === "boolean") return undefined;
  if (isObject(rest)) return schemaProblem(rest, path, depth + 1);
  return `json: cannot unmarshal into Go spec.SchemaOrBool within "${path}": expected object or bool, not '${kindName(rest)}'`;
}

/** Anything else counts as nothing. */
function itemsProblem(items: Json | undefined, path: string, depth: number): string | undefined {
  if (isObject(items)) return schemaProblem(items, path, depth + 1);
  if (!isArray(items)) return undefined;
  for (const [index, item] of items.entries()) {
    const found = schemaProblem(item, `${path}/${index}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

const wrong = (value: Json, type: string, path: string): string =>
  `json: cannot unmarshal JSON ${kindName(value)} into Go ${type}${path === "" ? "" : ` within "${path}"`}`;

function kindName(value: Json): string {
  if (isArray(value)) return "array";
  return value === null ? "null" : typeof value;
}

function kindSign(value: Json): string {
  if (isArray(value)) return "[";
  return typeof value === "string" ? "string" : kindName(value);
}
