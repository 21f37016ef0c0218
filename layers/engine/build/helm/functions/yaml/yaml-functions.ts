import { failure, type GoResult } from "../../go/result.ts";
import { DICT, LIST, STRING } from "../../go/type.ts";
import { type GoValue, goMap, goSlice } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { isList, isMap, mismatch, withError } from "../json/json-functions.ts";
import { readYaml } from "./read-yaml.ts";
import { writePrettyYaml } from "./write-pretty-yaml.ts";
import { writeYaml } from "./write-yaml.ts";

const { any, string } = ARG;

/** Helm's functions of YAML. Source: helm pkg/engine/funcs.go. */
export const YAML_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  fromYaml: goFunction([string], fromYaml, DICT),
  fromYamlArray: goFunction([string], fromYamlArray, LIST),
  mustToYaml: goFunction([any], mustToYaml, STRING),
  toYaml: goFunction([any], toYaml, STRING),
  toYamlPretty: goFunction([any], toYamlPretty, STRING),
};

/** Without the line break at its end; nothing for what cannot be written. */
export function toYaml(value: GoValue): string {
  const written = writeYaml(value);
  return written.ok ? withoutBreak(written.value) : "";
}

function toYamlPretty(value: GoValue): string {
  const written = writePrettyYaml(value);
  return written.ok ? withoutBreak(written.value) : "";
}

function mustToYaml(value: GoValue): GoResult {
  const written = writeYaml(value);
  if (written.ok) return withoutBreak(written.value);
  return failure(written.problem.startsWith("json:") ? `error marshaling into JSON: ${written.problem}` : written.problem);
}

const withoutBreak = (text: string): string => (text.endsWith("\n") ? text.slice(0, -1) : text);

const UNREADABLE = "error unmarshaling JSON: while decoding JSON: ";

/** Nothing at all is an empty map. */
function fromYaml(text: string): GoValue {
  const read = readYaml(text);
  if (!read.ok) return withError(goMap(), read.problem);
  if (read.value === null) return goMap();
  return isMap(read.value) ? read.value : withError(goMap(), UNREADABLE + mismatch(read.value, DICT));
}

function fromYamlArray(text: string): GoValue {
  const read = readYaml(text);
  if (!read.ok) return goSlice([read.problem]);
  if (read.value === null) return goSlice([]);
  return isList(read.value) ? read.value : goSlice([UNREADABLE + mismatch(read.value, LIST)]);
}
