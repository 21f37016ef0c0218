import { ok, problem, type Result } from "../../../domain/result.ts";
import { isMap, type Node, type NodeMap } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { type BuildProblem, buildProblem, failedBelow } from "../build-problem.ts";
import type { Loader } from "../load/loader.ts";
import type { BackReferences, FieldSpec, TransformerConfig } from "./config.ts";
import { emptyConfig } from "./default-config.ts";
import { mergeConfigs } from "./merge-configs.ts";
import { readSchemaDocument, type SchemaDocument } from "./schema-document.ts";

/** A file may refer to itself, or to one type on so many ways that following them all would not end. */
const MAX_PROPERTIES = 100_000;
const MAX_DEPTH = 100;

/**
 * What the files of `crds` add to the built-in field specs: the fields that definitions mark as label selectors, annotations, names or references.
 * Source: kustomize api/internal/accumulator/loadconfigfromcrds.go. kustomize goes through a file in no order; here names are sorted.
 */
export function readCrds(paths: readonly string[], loader: Loader): Result<TransformerConfig, BuildProblem> {
  let merged = emptyConfig;
  for (const [index, path] of paths.entries()) {
    const file = loader.load(path);
    if (!file.ok) return failedBelow(["crds", index], file.problem);
    const place = { file: file.value.path };
    const document = readSchemaDocument(new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.value.bytes));
    if (!document.ok) return buildProblem(`unable to parse open API definition from '${path}': ${document.problem}`, place);
    const config = configOf(document.value);
    const next = config.ok ? mergeConfigs(merged, config.value) : config;
    if (!next.ok) return buildProblem(next.problem, place);
    merged = next.value;
  }
  return ok(merged);
}

function configOf(document: SchemaDocument): Result<TransformerConfig> {
  const budget = { properties: MAX_PROPERTIES };
  let merged = emptyConfig;
  for (const name of [...document.keys()].toSorted(byBytes)) {
    const schema = document.get(name);
    if (schema === undefined || !isOfKubernetes(schema)) continue;
    const marked: Marked = { annotations: [], labels: [], names: [], references: [] };
    const walk: Walk = { document, kind: name.slice(name.lastIndexOf(".") + 1), marked, budget };
    const wrong = noteMarked(schema, [], [name], walk);
    if (wrong !== undefined) return problem(wrong);
    const next = mergeConfigs(merged, {
      ...emptyConfig,
      commonAnnotations: marked.annotations,
      commonLabels: marked.labels,
      namePrefix: marked.names,
      nameReference: marked.references,
    });
    if (!next.ok) return next;
    merged = next.value;
  }
  return ok(merged);
}

const propertiesOf = (schema: NodeMap): NodeMap => (isMap(schema.properties) ? schema.properties : {});

const isOfKubernetes = (schema: NodeMap): boolean => ["kind", "apiVersion", "metadata"].every((field) => Object.hasOwn(propertiesOf(schema), field));

type Marked = {
  readonly annotations: FieldSpec[];
  readonly labels: FieldSpec[];
  readonly names: FieldSpec[];
  readonly references: BackReferences[];
};
type Walk = { readonly document: SchemaDocument; readonly kind: string; readonly marked: Marked; readonly budget: { properties: number } };

/** `types` are the names of the types on the way. */
function noteMarked(schema: NodeMap, path: readonly string[], types: readonly string[], walk: Walk): string | undefined {
  const properties = propertiesOf(schema);
  for (const name of Object.keys(properties).toSorted(byBytes)) {
    walk.budget.properties -= 1;
    if (walk.budget.properties < 0) return `more than ${MAX_PROPERTIES} properties`;
    const property = properties[name];
    if (property === undefined || !isMap(property)) continue;
    const here = [...path, name];
    noteProperty(property, here, walk);
    const wrong = followReference(property.$ref, here, types, walk);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function followReference(reference: Node | undefined, path: readonly string[], types: readonly string[], walk: Walk): string | undefined {
  if (typeof reference !== "string") return undefined;
  const schema = walk.document.get(reference);
  if (schema === undefined) return undefined;
  // kustomize goes on until its stack is full.
  if (types.length > MAX_DEPTH) return `definitions nested deeper than ${MAX_DEPTH}`;
  if (types.includes(reference)) return `the definition of ${reference} refers to itself`;
  return noteMarked(schema, path, [...types, reference], walk);
}

function noteProperty(property: NodeMap, path: readonly string[], { kind, marked }: Walk): void {
  const at = (...rest: readonly string[]): FieldSpec => ({ group: "", version: "", kind, path: [...path, ...rest].join("/"), create: false });
  if (typeof property["x-kubernetes-annotation"] === "string") marked.annotations.push(at());
  if (typeof property["x-kubernetes-label-selector"] === "string") marked.labels.push(at());
  if (typeof property["x-kubernetes-identity"] === "string") marked.names.push(at());
  const version = property["x-kubernetes-object-ref-api-version"];
  const referred = property["x-kubernetes-object-ref-kind"];
  if (typeof version !== "string" || typeof referred !== "string") return;
  const nameKey = property["x-kubernetes-object-ref-name-key"];
  marked.references.push({ group: "", version, kind: referred, fieldSpecs: [at(typeof nameKey === "string" ? nameKey : "name")] });
}
