import { failure, type GoResult } from "../../go/result.ts";
import { DICT, STRING } from "../../go/type.ts";
import { type GoValue, goMap } from "../../go/value.ts";
import { ARG, type GoFunction, goFunction } from "../../template/functions.ts";
import { withError } from "../json/json-functions.ts";
import { readToml } from "./read-toml.ts";
import { writeToml } from "./write-toml.ts";

/** Helm's functions of TOML. Source: helm pkg/engine/funcs.go; mustToToml is new in 4.2. */
export const TOML_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  fromToml: goFunction([ARG.string], fromToml, DICT),
  mustToToml: goFunction([ARG.any], mustToToml, STRING),
  toToml: goFunction([ARG.any], toToml, STRING),
};

/** What cannot be written is answered with the problem. Nothing at all has no type, and Go panics. */
function toToml(value: GoValue): GoResult {
  const written = writeToml(value);
  if (written.ok) return written.value;
  return value === null ? failure(written.problem) : written.problem;
}

function mustToToml(value: GoValue): GoResult {
  const written = writeToml(value);
  return written.ok ? written.value : failure(written.problem);
}

function fromToml(text: string): GoValue {
  const read = readToml(text);
  return read.ok ? read.value : withError(goMap(), read.problem);
}
