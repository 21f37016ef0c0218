import { quote } from "../../text/quote.ts";
import { ANY, type GoMethod, type GoType } from "../go/type.ts";
import { type GoValue, goInt, nilMap, nilSlice, typeOf } from "../go/value.ts";
import { type Found, fail, type State } from "./state.ts";

/** What comes with the last field of a chain: whether there are arguments, and how a method is called with them. */
export type FieldCall = { readonly hasArguments: boolean; readonly call: (state: State, method: GoMethod, name: string, self: GoValue) => Found };

/**
 * `.a.b.c` from a receiver on. The last may be a method that gets arguments. Leaves in `state.isInterface` whether Go's static type of the result is
 * interface {}, as it takes whether that of the receiver is: messages tell. Source: text/template, evalFieldChain and evalField.
 */
export function evaluateFields(state: State, receiver: Found, isInterface: boolean, names: readonly string[], call: FieldCall): Found {
  let value = receiver;
  state.isInterface = isInterface;
  const last = names.length - 1;
  for (let index = 0; index <= last; index++) {
    const name = names[index] ?? "";
    const entry = plainEntry(value, name);
    if (entry === undefined || (index === last && call.hasArguments)) {
      value = evaluateField(state, value, name, index === last ? call : { ...call, hasArguments: false });
    } else {
      value = entry;
      state.isInterface = true;
    }
  }
  return value;
}

/** The way that almost all fields go: an entry that a map without methods has. */
function plainEntry(value: Found, name: string): Found {
  if (typeof value !== "object" || value === null || value.go !== "map" || value.type.methods !== undefined) return undefined;
  return value.type.element?.kind === "interface" ? value.entries.get(name) : undefined;
}

function evaluateField(state: State, value: Found, name: string, { hasArguments, call }: FieldCall): Found {
  if (value === undefined) {
    if (state.environment.missingKey === "error") fail(state, `nil data; no entry for key ${quote(name)}`);
    state.isInterface = false;
    return undefined;
  }
  if (value === null) return fail(state, `nil pointer evaluating interface {}.${name}`);
  const type = typeOf(value) ?? ANY;
  const staticType = state.isInterface ? ANY.name : type.name;
  const target = typeof value === "object" && value.go === "pointer" ? value.to : value;
  if (target === null) return fail(state, `nil pointer evaluating ${staticType}.${name}`);
  const method = type.methods?.get(name);
  if (method !== undefined) {
    const result = call(state, method, name, target);
    state.isInterface = method.result.kind === "interface";
    return result;
  }
  if (typeof target === "object" && target.go === "struct" && target.fields.has(name)) {
    if (hasArguments) fail(state, `${name} has arguments but cannot be invoked as function`);
    const field = target.fields.get(name);
    state.isInterface = field === null;
    return field;
  }
  if (typeof target === "object" && target.go === "map") {
    if (hasArguments) fail(state, `${name} is not a method but has arguments`);
    const element = target.type.element ?? ANY;
    const entry = target.entries.get(name);
    state.isInterface = element.kind === "interface";
    return entry === undefined ? missing(state, name, element) : entry;
  }
  return fail(state, `can't evaluate field ${name} in type ${staticType}`);
}

function missing(state: State, name: string, element: GoType): Found {
  switch (state.environment.missingKey) {
    case "default":
      return undefined;
    case "zero":
      return zeroOf(element);
    case "error":
      return fail(state, `map has no entry for key ${quote(name)}`);
  }
}

/** reflect.Zero. */
export function zeroOf(type: GoType): GoValue {
  switch (type.kind) {
    case "string":
      return "";
    case "bool":
      return false;
    case "float64":
      return 0;
    case "map":
      return nilMap(type);
    case "slice":
      return nilSlice(type);
    case "ptr":
      return { go: "pointer", type, to: null };
    case "interface":
    case "invalid":
      return null;
    case "struct":
      return { go: "struct", type, fields: new Map() };
    case "complex128":
      return { go: "complex", type, re: 0, im: 0 };
    default:
      return goInt(0, type);
  }
}
