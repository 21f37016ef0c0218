import { failure, type GoResult } from "../../go/result.ts";
import { DICT, type GoType, LIST, STRING } from "../../go/type.ts";
import { type GoMap, type GoValue, goMap, goSlice, kindOf, nilMap, nilSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { type Read, readJson } from "./read-json.ts";
import { type JsonStyle, type Written, writeJson } from "./write-json.ts";

const { any, string } = ARG;
const PLAIN: JsonStyle = { escapeHtml: true };
const PRETTY: JsonStyle = { escapeHtml: true, indent: "  " };
const RAW: JsonStyle = { escapeHtml: false };

const orNothing = (written: Written): string => (written.ok ? written.value : "");
export const orFailure = (written: Written): GoResult => (written.ok ? written.value : failure(written.problem));

const writing = (style: JsonStyle, answer: (written: Written) => GoResult): GoFunction => goFunction([any], (value) => answer(writeJson(value, style)), STRING);

/** Helm's own functions where it has them, sprig's else. What cannot be written is nothing, or an error where the name begins with `must` (or says raw). */
export const JSON_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  fromJson: goFunction([string], fromJson, DICT),
  fromJsonArray: goFunction([string], fromJsonArray, LIST),
  mustFromJson: goFunction([string], (text) => {
    const read = readJson(text);
    return read.ok ? read.value : failure(read.problem);
  }),
  mustToJson: writing(PLAIN, orFailure),
  mustToPrettyJson: writing(PRETTY, orFailure),
  mustToRawJson: writing(RAW, orFailure),
  toJson: writing(PLAIN, orNothing),
  toPrettyJson: writing(PRETTY, orNothing),
  toRawJson: writing(RAW, orFailure),
};

/** A map with the problem under `Error`, which a chart may look at. */
function fromJson(text: string): GoValue {
  const read = readAs(text, DICT);
  const value = read.ok ? read.value : (read.partial ?? null);
  if (read.ok && value === null) return nilMap();
  if (read.ok && isMap(value)) return value;
  return withError(isMap(value) ? value : goMap(), read.ok ? mismatch(value, DICT) : read.problem);
}

/** The same in a list of one. */
function fromJsonArray(text: string): GoValue {
  const read = readAs(text, LIST);
  if (!read.ok) return goSlice([read.problem]);
  if (read.value === null) return nilSlice();
  return isList(read.value) ? read.value : goSlice([mismatch(read.value, LIST)]);
}

/** By what a text begins with: what it is for Go, that looks no further where something else is wanted. */
const KINDS: readonly (readonly [RegExp, GoValue])[] = [
  [/^\s*-?[0-9]/, 0],
  [/^\s*\{/, goMap()],
  [/^\s*\[/, goSlice([])],
];

function readAs(text: string, wanted: GoType): Read {
  const read = readJson(text);
  if (read.ok || read.partial === undefined) return read;
  const found = KINDS.find(([pattern]) => pattern.test(text))?.[1] ?? null;
  return kindOf(found) === wanted.kind ? read : { ok: false, problem: mismatch(found, wanted) };
}

export const isMap = (value: GoValue): value is GoMap => typeof value === "object" && value !== null && value.go === "map";
export const isList = (value: GoValue): boolean => typeof value === "object" && value !== null && value.go === "slice";

export function withError(map: GoMap, problem: string): GoMap {
  map.entries.set("Error", problem);
  return map;
}

/** Source: Go encoding/json UnmarshalTypeError. */
export const mismatch = (value: GoValue, wanted: GoType): string => `json: cannot unmarshal ${jsonKind(value)} into Go value of type ${wanted.name}`;

function jsonKind(value: GoValue): string {
  if (typeof value === "boolean") return "bool";
  if (typeof value === "string" || typeof value === "number") return typeof value;
  return isMap(value) ? "object" : "array";
}
