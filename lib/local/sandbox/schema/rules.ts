import { isArray, isEqual, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type CelCompiled, type CelProgram, createCel } from "./cel.ts";
import { celValue, largestCollection } from "./cel-value.ts";
import { correlatedField, correlatedItem } from "./correlation.ts";
import { duplicate, type FieldError, forbidden, invalid, required } from "./field-error.ts";
import type { Rule, Schema } from "./schema.ts";

const MAX_DEPTH = 200;
const OUT_OF_BUDGET = "validation failed due to running out of cost budget, no further validation rules will be run";
const MAX_MESSAGE_BYTES = 5 * 1024;

/** Whether the rules were all looked at. */
type Findings = { readonly errors: FieldError[]; stopped: boolean };
/** What is looked at: one value, the one before it (where it can be told), and whether it stands in an unchanged part of the object. */
type Place = { readonly schema: Schema; readonly value: Json; readonly old: Json | undefined; readonly path: string; readonly unchanged: boolean };

/**
 * The CEL rules of a schema. Rules that name `oldSelf` run only where there is an old value (or with `optionalOldSelf`); the errors of the others
 * in an unchanged part of an updated object are not told. Source: apiextensions, schema/cel.
 */
export function createRules(): Rules {
  const cel = createCel();
  const withRules = new WeakMap<Schema, boolean>();
  const validate: Rules["validate"] = (schema, object, old) => {
    const findings: Findings = { errors: [], stopped: false };
    const place = { schema, value: object, old, path: "", unchanged: false };
    visit(place, true, findings, cel.compile, withRules, 0);
    return findings.errors;
  };
  return { any: (schema) => hasRules(schema, withRules, 0), validate };
}

export type Rules = {
  /** Whether the schema has any rule. */
  any(schema: Schema): boolean;
  validate(schema: Schema, object: Json, old: Json | undefined): readonly FieldError[];
};

/** Whether there is any rule in or below the schema; known once per schema. */
function hasRules(schema: Schema, known: WeakMap<Schema, boolean>, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const found = known.get(schema);
  if (found !== undefined) return found;
  const inner = [...Object.values(schema.properties ?? {}), ...(schema.allOf ?? [])];
  if (schema.items !== undefined) inner.push(schema.items);
  if (typeof schema.additionalProperties === "object") inner.push(schema.additionalProperties);
  const has = (schema.rules ?? []).length > 0 || inner.some((one) => hasRules(one, known, depth + 1));
  known.set(schema, has);
  return has;
}

type Compile = (rule: string) => CelCompiled;

function visit(place: Place, root: boolean, findings: Findings, compile: Compile, withRules: WeakMap<Schema, boolean>, depth: number): void {
  const { schema, value, old, path } = place;
  if (value === null || findings.stopped || depth > MAX_DEPTH || !hasRules(schema, withRules, 0)) return;
  const unchanged = old === undefined ? place.unchanged : isEqual(old, value);
  runRules({ ...place, unchanged }, schema.rules ?? [], root, findings, compile);
  for (const one of schema.allOf ?? []) runRules({ ...place, unchanged }, one.rules ?? [], root, findings, compile);
  const go = (inner: Schema, item: Json, before: Json | undefined, at: string): void =>
    visit({ schema: inner, value: item, old: before, path: at, unchanged }, inner.embeddedResource === true, findings, compile, withRules, depth + 1);
  if (isArray(value) && schema.items !== undefined)
    for (const [index, item] of value.entries()) go(schema.items, item, correlatedItem(schema, item, old), `${path}[${index}]`);
  if (!isObject(value)) return;
  for (const field of Object.keys(value).toSorted((a, b) => (a < b ? -1 : 1))) {
    const item = value[field] ?? null;
    const before = correlatedField(schema, field, old);
    const declared = schema.properties !== undefined && Object.hasOwn(schema.properties, field) ? schema.properties[field] : undefined;
    if (declared !== undefined) go(declared, item, before, path === "" ? field : `${path}.${field}`);
    else if (typeof schema.additionalProperties === "object") go(schema.additionalProperties, item, before, `${path}[${field}]`);
  }
}

function runRules(place: Place, rules: readonly Rule[], root: boolean, findings: Findings, compile: Compile): void {
  if (rules.length === 0) return;
  const { schema, value, old, path } = place;
  const size = Math.max(largestCollection(value), old === undefined ? 0 : largestCollection(old));
  const self = celValue(schema, value, root);
  const oldSelf = old === undefined || old === null ? undefined : celValue(schema, old, root);
  for (const rule of rules) {
    if (findings.stopped) return;
    const compiled = compile(rule.rule);
    if (compiled.kind === "broken") {
      findings.errors.push(invalid(path, schema.type ?? "", `rule compile error: compilation failed: ${compiled.problem}`));
      continue;
    }
    const { program } = compiled;
    // An optional oldSelf would need CEL's optional value; such rules run once there is an old value.
    if (program.usesOldSelf && oldSelf === undefined) continue;
    const variables = oldSelf === undefined ? { self } : { self, oldSelf };
    judge(place, rule, program, () => program.run(variables, size), variables, size, findings, compile);
  }
}

type Variables = Parameters<CelProgram["run"]>[0];

function judge(
  place: Place,
  rule: Rule,
  program: CelProgram,
  run: () => ReturnType<CelProgram["run"]>,
  variables: Variables,
  size: number,
  findings: Findings,
  compile: Compile,
): void {
  const answer = run();
  const { schema, value, path } = place;
  if (answer.kind === "too-costly") {
    findings.errors.push(invalid(path, schema.type ?? "", OUT_OF_BUDGET));
    findings.stopped = true;
    return;
  }
  if (answer.kind === "error") {
    findings.errors.push(invalid(path, schema.type ?? "", `${answer.message} evaluating rule: ${(rule.message ?? rule.rule).trim()}`));
    return;
  }
  if (answer.value === true) return;
  if (!program.usesOldSelf && place.unchanged) return;
  const said = rule.messageExpression === undefined ? undefined : messageFrom(rule.messageExpression, variables, size, compile);
  const detail = said ?? rule.message?.trim() ?? `failed rule: ${rule.rule.trim()}`;
  const shown = isObject(value) || isArray(value) ? undefined : value;
  findings.errors.push(errorOf(rule, pathOf(path, rule.fieldPath), shown, detail));
}

/** What a messageExpression says, undefined when it is not one line of text. */
function messageFrom(expression: string, variables: Variables, size: number, compile: Compile): string | undefined {
  const compiled = compile(expression);
  if (compiled.kind === "broken") return undefined;
  const answer = compiled.program.run(variables, size);
  if (answer.kind !== "value" || typeof answer.value !== "string") return undefined;
  const text = answer.value.trim();
  return text === "" || text.includes("\n") || Buffer.byteLength(text) > MAX_MESSAGE_BYTES ? undefined : text;
}

/** `.a.b` and `['a-b']` of a fieldPath below the place of the rule. */
function pathOf(path: string, fieldPath: string | undefined): string {
  if (fieldPath === undefined) return path;
  const below = fieldPath.replace(/\['((?:\\.|[^'\\])*)'\]/g, (_, name: string) => `.${name.replace(/\\(.)/g, "$1")}`);
  return path === "" ? below.replace(/^\./, "") : `${path}${below}`;
}

function errorOf(rule: Rule, path: string, value: Json | undefined, detail: string): FieldError {
  switch (rule.reason) {
    case "FieldValueForbidden":
      return forbidden(path, detail);
    case "FieldValueRequired":
      return required(path, detail);
    case "FieldValueDuplicate":
      return duplicate(path, value);
    default:
      return invalid(path, value, detail);
  }
}
