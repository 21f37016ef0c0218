import type { Json, JsonObject } from "../../domain/json.ts";
import { isObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { nameProblem, type Variables } from "../variables.ts";
import { readFirstYaml } from "../yaml/read.ts";
import { bytesOf, textOf, utf8Problem } from "./bytes.ts";
import { evaluate } from "./evaluate.ts";
import { parseTemplate } from "./parse.ts";

/** Comparisons that the patterns of one object may cost. */
const MAX_EFFORT = 20_000_000;

const SWITCH = "kustomize.toolkit.fluxcd.io/substitute";

export type Substitution = { readonly variables: Variables; readonly strict: boolean };

/** True for an object with the label or annotation that keeps its text. Source: reference 2.5.3. */
export function isLeftAlone(object: JsonObject): boolean {
  const metadata = isObject(object.metadata) ? object.metadata : {};
  return [metadata.labels, metadata.annotations].some((map) => isObject(map) && Object.hasOwn(map, SWITCH) && map[SWITCH] === "disabled");
}

/** The object that `yaml` is once its variables are replaced, or what is wrong in the words of Flux. Source: reference 2.5.3. */
export function substituteText(yaml: string, { variables, strict }: Substitution): Result<JsonObject> {
  const wrongName = nameProblem(variables);
  if (wrongName !== undefined) return problem(`envsubst error: ${wrongName}`);
  const pieces = parseTemplate(bytesOf(yaml));
  const replaced = pieces.ok ? evaluate(pieces.value, { lookup: (name) => variables.get(name), strict, effort: { left: MAX_EFFORT } }) : pieces;
  if (!replaced.ok) return problem(`envsubst error: variable substitution failed: ${replaced.problem}`);
  const broken = utf8Problem(replaced.value);
  if (broken !== undefined) return problem(`envsubst error: YAMLToJSON: ${broken}`);
  const read = readFirstYaml(textOf(replaced.value), "last wins");
  if (!read.ok) return problem(`envsubst error: YAMLToJSON: ${withoutQuotes(read.problem)}`);
  return asObject(read.value);
}

/** What the reader quotes of the text (an anchor, a scalar, a key) may be the value of a secret variable; the names of keys that are never allowed are not. */
const withoutQuotes = (text: string): string =>
  text.replaceAll(/(?<=anchor ')[^']*(?=')|(?<=`)[^`]*(?=`)|(?<=map key: |, key: ).*|"(?!__proto__"|constructor"|prototype")[^"]*"/gs, "***");

const asObject = (value: Json): Result<JsonObject> =>
  isObject(value) ? ok(value) : problem(`UnmarshalJSON: the text is no object any more once its variables are replaced`);
