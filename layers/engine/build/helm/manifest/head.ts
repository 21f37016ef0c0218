import { isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import { pointer, struct, text, textMap } from "../../kustomize/decode/shape.ts";
import { unmarshalNode } from "../../kustomize/decode/unmarshal.ts";
import type { KeyNames } from "../../yaml/parse/reading.ts";
import { readFirstYaml } from "../../yaml/read.ts";
import { bytesOf } from "../go/bytes.ts";

const METADATA = struct("", { name: text, annotations: textMap });
const HEAD = struct("util.SimpleHead", { apiVersion: text, kind: text, metadata: pointer(METADATA) });

/** A text in which bytes stand that are no characters: YAML says which. */
export const yamlSource = (text: string): string | Uint8Array => (text.isWellFormed() ? text : bytesOf(text));

/** What Helm looks at in a document. */
export type Head = { readonly kind: string; readonly name: string; readonly annotations: ReadonlyMap<string, string> };

/** Of the first document of `source`. `file` is said in the problem. `names`: of keys, for who reads many. Source: Helm 4, pkg/release/v1/util/manifest_sorter.go. */
export function readHead(source: string, file: string, names?: KeyNames): Result<Head> {
  const wrong = (message: string): Result<never> => problem(`YAML parse error on ${file}: ${message}`);
  const read = readFirstYaml(yamlSource(source), "last wins", names);
  if (!read.ok) return wrong(`error converting YAML to JSON: ${read.problem}`);
  const head = unmarshalNode(headOf(read.value), HEAD, "ignore");
  if (!head.ok) return wrong(head.problem.message);
  const { kind, metadata } = head.value;
  return ok({ kind, name: metadata?.name ?? "", annotations: new Map(metadata?.annotations ?? []) });
}

const FIELDS = /^(?:apiVersion|kind|metadata)$/iu;
const METADATA_FIELDS = /^(?:name|annotations)$/iu;

/** What is decoded of a document: most of it is looked at by nobody here. Go's decoder does not mind the case of fields. */
function headOf(document: Json): Json {
  if (!isObject(document)) return document;
  const fields = fieldsOf(document, FIELDS).map(([key, value]): [string, Json] => [
    key,
    isObject(value) ? Object.fromEntries(fieldsOf(value, METADATA_FIELDS)) : value,
  ]);
  return Object.fromEntries(fields);
}

const fieldsOf = (object: JsonObject, names: RegExp): [string, Json][] => Object.entries(object).filter(([key]) => names.test(key));
