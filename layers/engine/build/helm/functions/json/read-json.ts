import { isArray, isObject, type Json } from "../../../../domain/json.ts";
import { readRawJson } from "../../../kustomize/json/read-raw-json.ts";
import { spend } from "../../../work.ts";
import { validText } from "../../go/bytes.ts";
import { type GoValue, goMap, goSlice } from "../../go/value.ts";
import { MAX_DEPTH } from "../limits.ts";

/** A value of a text of two letters, `{}`, takes some hundred bytes. */
const STEPS_OF_LETTER = 60;

export type Read = { readonly ok: true; readonly value: GoValue } | { readonly ok: false; readonly problem: string; readonly partial?: GoValue };

/** What Go's encoding/json makes of a text in an interface {}; a problem is in its words. `partial` is what it has read all the same. */
export function readJson(text: string): Read {
  spend(STEPS_OF_LETTER * text.length);
  const valid = validText(text);
  const parsed = parse(valid);
  return parsed.ok ? convert(parsed.value, valid) : parsed;
}

function parse(text: string): { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string } {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    const raw = readRawJson(text);
    return { ok: false, problem: raw.ok ? "exceeded max depth" : raw.problem };
  }
}

function convert(json: Json, text: string): Read {
  const fault: Fault = { problem: undefined };
  const value = goValueOf(json, 0, fault, text);
  return fault.problem === undefined ? { ok: true, value } : { ok: false, problem: fault.problem, partial: value };
}

type Fault = { problem: string | undefined };

function goValueOf(json: Json, depth: number, fault: Fault, text: string): GoValue {
  if (depth > MAX_DEPTH) {
    fault.problem ??= "exceeded max depth";
    return null;
  }
  if (typeof json === "string") return json.toWellFormed();
  if (isArray(json)) return goSlice(json.map((item) => goValueOf(item, depth + 1, fault, text)));
  if (isObject(json)) {
    const map = goMap();
    for (const [key, item] of Object.entries(json)) map.entries.set(key.toWellFormed(), goValueOf(item, depth + 1, fault, text));
    return map;
  }
  if (typeof json !== "number" || Number.isFinite(json)) return json;
  fault.problem ??= `json: cannot unmarshal number ${firstInfinite(text)} into Go value of type float64`;
  return null;
}

const NUMBERS = /"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/g;
/** As it is written. */
const firstInfinite = (text: string): string => text.match(NUMBERS)?.find((part) => !part.startsWith('"') && !Number.isFinite(Number(part))) ?? "";
