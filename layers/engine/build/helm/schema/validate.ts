import { quote } from "../../text/quote.ts";
import { escapeToken } from "./draft.ts";
import { causesOf, type Fault, quoteName, SOME_FAULT } from "./fault.ts";
import { type Look, lookAt, type Meta, push, type Scope, validateAgain, validateInside } from "./look.ts";
import { isWhole } from "./rational.ts";
import type { Schema } from "./schema.ts";
import { validateArray } from "./validate-array.ts";
import { validateConditions } from "./validate-conditions.ts";
import { validateObject } from "./validate-object.ts";
import { validateNumber, validateText } from "./validate-scalar.ts";
import { isList, isMap, isNumber, isSame, typeOf, type Value } from "./value.ts";

/** What is wrong with a value. Source: santhosh-tekuri/jsonschema v6, validator.go, with its words. */
export function validate(value: Value, schema: Schema, meta?: Meta): readonly Fault[] {
  const fault = run(lookAt(value, schema, meta, run));
  return fault === undefined ? [] : causesOf(fault);
}

function run(look: Look): Fault | undefined {
  const { schema } = look;
  if (schema.always !== undefined) return schema.always ? undefined : faultOf(look, () => "false schema");
  const cycle = cycleOf(look.scope);
  if (cycle !== undefined) return faultOf(look, () => sayCycle(look, cycle));
  const early = validateItself(look);
  if (early !== undefined) return early;
  if (schema.reference !== undefined) {
    const fault = validateReference(look, schema.reference, "$ref");
    if (schema.version < 2019) return fault;
    if (fault !== undefined) look.faults.push(fault);
  }
  validateByType(look);
  if (look.faults.length === 0 || !look.onlyAsks) {
    if (schema.version >= 2019) validateLaterReferences(look);
    validateConditions(look);
    if (schema.version >= 2019) validateRest(look);
  }
  const [first, ...others] = look.faults;
  if (others.length === 0) return first;
  return look.onlyAsks ? SOME_FAULT : { kind: "group", at: look.at, say: () => "validation failed", causes: look.faults };
}

/** Type, constant, choices and format: the first that does not fit is all that is said. */
function validateItself(look: Look): Fault | undefined {
  const { value, schema } = look;
  const { types, constant, choices, format } = schema;
  const type = typeOf(value);
  if (types !== undefined) {
    const isInteger = types.includes("integer") && isNumber(value) && value.exact !== undefined && isWhole(value.exact);
    if (!types.includes(type) && !isInteger) return faultOf(look, () => `got ${type}, want ${types.join(" or ")}`);
  }
  if (constant !== undefined && !isSame(value, constant))
    return faultOf(look, () => (isPlain(constant) ? `value must be ${show(constant)}` : "'const' failed"));
  if (choices !== undefined && !choices.some((choice) => isSame(value, choice))) return faultOf(look, () => sayChoices(choices));
  const wrong = format !== undefined && typeof value === "string" ? format.check(value) : undefined;
  return wrong === undefined ? undefined : faultOf(look, () => `${show(value)} is not valid ${format?.name}: ${wrong}`);
}

function sayChoices(choices: readonly Value[]): string {
  if (!choices.every(isPlain)) return "'enum' failed";
  const [only] = choices;
  return choices.length === 1 && only !== undefined ? `value must be ${show(only)}` : `value must be one of ${choices.map(show).join(", ")}`;
}

const isPlain = (value: Value): boolean => !isList(value) && !isMap(value);

/** A value as Go prints it in a message. */
function show(value: Value): string {
  if (typeof value === "string") return quoteName(value);
  if (value === null) return "<nil>";
  return isNumber(value) ? value.text : isPlain(value) ? String(value) : "value";
}

function validateByType(look: Look): void {
  const { value } = look;
  if (isMap(value)) validateObject(look, value);
  else if (isList(value)) validateArray(look, value);
  else if (typeof value === "string") validateText(look, value);
  else if (isNumber(value)) validateNumber(look, value);
}

function validateReference(look: Look, schema: Schema, keyword: string): Fault | undefined {
  const fault = validateAgain(look, schema, keyword);
  if (fault === undefined || look.onlyAsks) return fault;
  return { kind: "reference", at: look.at, say: () => "validation failed", causes: causesOf(fault) };
}

/** References that mean the outermost schema which has the anchor. */
function validateLaterReferences(look: Look): void {
  const { recursiveReference: recursive, dynamicReference: dynamic } = look.schema;
  if (recursive !== undefined) {
    const outermost =
      recursive.isRecursiveAnchor === true
        ? outermostOf(look.scope, ({ schema }) => (schema.resource?.isRecursiveAnchor === true ? schema : undefined))
        : undefined;
    push(look, validateReference(look, outermost ?? recursive, "$recursiveRef"));
  }
  if (dynamic === undefined) return;
  const isDynamic = dynamic.anchor !== "" && dynamic.schema.dynamicAnchor === dynamic.anchor;
  const outermost = isDynamic ? outermostOf(look.scope, ({ schema }) => schema.resource?.dynamicAnchors.get(dynamic.anchor)) : undefined;
  push(look, validateReference(look, outermost ?? dynamic.schema, "$dynamicRef"));
}

function outermostOf(scope: Scope, find: (scope: Scope) => Schema | undefined): Schema | undefined {
  let found: Schema | undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = at.up) found = find(at) ?? found;
  return found;
}

/** Keys and items that no other keyword has looked at. */
function validateRest(look: Look): void {
  const { value, schema, rest } = look;
  const { unevaluated: forKeys } = schema.object;
  const { unevaluated: forItems } = schema.array;
  if (forKeys !== undefined && isMap(value)) {
    for (const key of [...(rest.keys ?? [])].sort()) push(look, validateInside(look, forKeys, value.get(key) ?? null, key));
    rest.keys = undefined;
  }
  if (forItems !== undefined && isList(value)) {
    for (const index of rest.indexes ?? []) push(look, validateInside(look, forItems, value[index] ?? null, String(index)));
    rest.indexes = undefined;
  }
}

const faultOf = ({ onlyAsks, at }: Look, say: () => string): Fault => (onlyAsks ? SOME_FAULT : { kind: "plain", at, say, causes: [] });

/** The scope that has led to the same schema for the same value. */
function cycleOf(scope: Scope): Scope | undefined {
  for (let at = scope.up; at !== undefined && at.level === scope.level; at = at.up) if (at.schema === scope.schema) return at;
  return undefined;
}

const sayCycle = ({ scope, schema }: Look, cycle: Scope): string =>
  `both ${wayTo(scope)} and ${wayTo(cycle)} resolve to ${quote(schema.location)} causing reference cycle`;

function wayTo(scope: Scope): string {
  let way = "";
  for (let at = scope; at.up !== undefined; at = at.up) {
    way = `${at.keyword === "" ? at.schema.location.slice(at.up.schema.location.length) : `/${escapeToken(at.keyword)}`}${way}`;
  }
  return way;
}
