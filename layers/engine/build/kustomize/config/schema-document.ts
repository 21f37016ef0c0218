import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { decode } from "../decode/decode.ts";
import { foldCase } from "../decode/fold-case.ts";
import { type Shape, struct, texts } from "../decode/shape.ts";
import { unmarshalNode } from "../decode/unmarshal.ts";
import { readRawJson } from "../json/read-raw-json.ts";

/** Schemas of types by their names; what is no map has been refused. */
export type SchemaDocument = ReadonlyMap<string, NodeMap>;

const anything: Shape<unknown> = { kind: "anything", type: "interface {}" };
const definition = struct("accumulator.OpenAPIDefinition", { Schema: anything, Dependencies: texts });
const definitions: Shape<ReadonlyMap<string, unknown>> = { kind: "map", type: "accumulator.nameToApiMap", items: definition };

/** Definitions as gen-openapi writes them, in JSON when the first letter is a brace, else in YAML. Source: kustomize api/internal/accumulator, makeNameToApiMap. */
export function readSchemaDocument(text: string): Result<SchemaDocument> {
  // kustomize dies of an empty file.
  if (text === "") return problem("the file is empty");
  const isJson = text.startsWith("{");
  const read = isJson ? readJson(text) : readFirstYaml(text, "last wins");
  if (!read.ok) return isJson ? read : problem(`error converting YAML to JSON: ${read.problem}`);
  const schemas = schemasOf(read.value);
  if (!schemas.ok) return problem((isJson ? "" : "error unmarshaling JSON: while decoding JSON: ") + schemas.problem);
  const checked = isJson ? decode(definitions, read.value, "ignore") : unmarshalNode(read.value, definitions, "ignore");
  return checked.ok ? schemas : problem(checked.problem.message);
}

/** What encoding/json takes, JSON.parse takes, too. */
function readJson(text: string): Result<Node> {
  const checked = readRawJson(text);
  return checked.ok ? ok(JSON.parse(text)) : checked;
}

function schemasOf(document: Node): Result<SchemaDocument> {
  const schemas = new Map<string, NodeMap>();
  if (!isMap(document)) return ok(schemas);
  for (const [name, entry] of Object.entries(document)) {
    for (const [key, schema] of isMap(entry) ? Object.entries(entry) : []) {
      if (foldCase(key) !== foldCase("Schema")) continue;
      const wrong = schemaProblem(schema, "");
      if (wrong !== undefined) return problem(`json: cannot unmarshal ${wrong}`);
      if (isMap(schema)) schemas.set(name, schema);
    }
  }
  return ok(schemas);
}

const SCHEMA_TYPE = 'Go struct { Extensions spec.Extensions "json:\\",inline\\""; spec.SchemaProps; spec.SwaggerSchemaProps }';
const TEXT_FIELDS: ReadonlySet<string> = new Set(["id", "description", "format", "title", "pattern", "discriminator"]);

/** What is of a wrong type in a schema, in the words of kube-openapi; undefined when nothing is. `path` is a JSON pointer from the outermost schema. */
function schemaProblem(schema: Node, path: string): string | undefined {
  if (schema === null) return undefined;
  if (!isMap(schema)) return `${jsonKind(schema)} into ${SCHEMA_TYPE}${within(path)}`;
  for (const [field, value] of Object.entries(schema)) {
    const wrong = fieldProblem(field, value, `${path}/${field}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function fieldProblem(field: string, value: Node, path: string): string | undefined {
  if (value === null) return undefined;
  if (field === "properties") return propertiesProblem(value, path);
  if (field === "type") return typeProblem(value, path);
  return TEXT_FIELDS.has(field) && typeof value !== "string" ? `${jsonKind(value)} into Go string${within(path)}` : undefined;
}

function propertiesProblem(properties: Node, path: string): string | undefined {
  if (!isMap(properties)) return `${jsonKind(properties)} into Go map[string]spec.Schema${within(path)}`;
  for (const [name, property] of Object.entries(properties)) {
    const wrong = schemaProblem(property, `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function typeProblem(type: Node, path: string): string | undefined {
  if (typeof type === "string") return undefined;
  if (!isList(type)) return `into Go spec.StringOrArray${within(path)}: expected string or array, not '${tokenOf(type)}'`;
  const index = type.findIndex((item) => typeof item !== "string");
  return index < 0 ? undefined : `${jsonKind(type[index] ?? null)} into Go string${within(`${path}/${index}`)}`;
}

const within = (path: string): string => (path === "" ? "" : ` within "${path}"`);

const tokenOf = (node: Node): string => (typeof node === "boolean" ? String(node) : isMap(node) ? "{" : "number");

function jsonKind(node: Node): string {
  if (node === null) return "JSON null";
  if (isList(node)) return "JSON array";
  return isMap(node) ? "JSON object" : `JSON ${typeof node === "object" ? "number" : typeof node}`;
}
