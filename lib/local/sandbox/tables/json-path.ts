import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "index"; readonly index: number }
  | { readonly kind: "every" }
  | { readonly kind: "filter"; readonly path: readonly Step[]; readonly operator: string; readonly value: Json | undefined };

export type JsonPath = readonly Step[];

/**
 * The JSONPath that a CRD's printer columns may use: fields (`.a`, `.a\.b`, `['a']`), indexes, `[*]`, and filters that compare one field
 * (`[?(@.type=="Ready")]`). Undefined for anything else. Source: client-go util/jsonpath.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
  const steps: Step[] = [];
  let rest = text
    .trim()
    .replace(/^\{(.*)\}$/s, "$1")
    .replace(/^\$/, "");
  while (rest !== "") {
    const found = nextStep(rest);
    if (found === undefined) return undefined;
    steps.push(found.step);
    rest = rest.slice(found.length);
  }
  return steps;
}

type Found = { readonly step: Step; readonly length: number };

function nextStep(text: string): Found | undefined {
  const field = /^\.((?:\\.|[^.[\]\\])+)/.exec(text);
  if (field !== null) {
    const name = (field[1] ?? "").replaceAll(/\\(.)/g, "$1");
    return { step: name === "*" ? { kind: "every" } : { kind: "field", name }, length: field[0].length };
  }
  const quoted = /^\.?\['([^']*)'\]/.exec(text) ?? /^\.?\["([^"]*)"\]/.exec(text);
  if (quoted !== null) return { step: { kind: "field", name: quoted[1] ?? "" }, length: quoted[0].length };
  const index = /^\.?\[(-?\d+)\]/.exec(text);
  if (index !== null) return { step: { kind: "index", index: Number(index[1]) }, length: index[0].length };
  const every = /^\.?\[(?:\*|:)?\]/.exec(text);
  if (every !== null) return { step: { kind: "every" }, length: every[0].length };
  const filter = /^\.?\[\?\(\s*@([^=!<>]*?)\s*(?:(==|!=|<=|>=|<|>)\s*(.*?))?\s*\)\]/.exec(text);
  if (filter === null) return undefined;
  const path = parseJsonPath(filter[1] ?? "");
  return path && { step: { kind: "filter", path, operator: filter[2] ?? "", value: literal(filter[3]) }, length: filter[0].length };
}

function literal(text: string | undefined): Json | undefined {
  if (text === undefined) return undefined;
  const quoted = /^(["'])(.*)\1$/s.exec(text);
  if (quoted !== null) return quoted[2] ?? "";
  if (text === "true" || text === "false") return text === "true";
  return text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text;
}

/** All values that the path leads to, in order; none when something on the way is missing. */
export function findAll(path: JsonPath, value: Json): readonly Json[] {
  let found: readonly Json[] = [value];
  for (const step of path) found = found.flatMap((item) => take(step, item));
  return found;
}

function take(step: Step, value: Json): readonly Json[] {
  switch (step.kind) {
    case "field": {
      const inside = isObject(value) && Object.hasOwn(value, step.name) ? value[step.name] : undefined;
      return inside === undefined ? [] : [inside];
    }
    case "index": {
      const inside = isArray(value) ? value.at(step.index) : undefined;
      return inside === undefined ? [] : [inside];
    }
    case "every":
      return isArray(value) ? value : isObject(value) ? Object.values(value) : [];
    case "filter":
      return (isArray(value) ? value : isObject(value) ? Object.values(value) : []).filter((item) =>
        findAll(step.path, item).some((left) => holds(left, step.operator, step.value)),
      );
  }
}

function holds(left: Json, operator: string, right: Json | undefined): boolean {
  if (operator === "") return true;
  if (operator === "==") return left === right;
  if (operator === "!=") return left !== right;
  if (typeof left !== typeof right || (typeof left !== "number" && typeof left !== "string") || (typeof right !== "number" && typeof right !== "string"))
    return false;
  switch (operator) {
    case "<":
      return left < right;
    case "<=":
      return left <= right;
    case ">":
      return left > right;
    default:
      return left >= right;
  }
}
