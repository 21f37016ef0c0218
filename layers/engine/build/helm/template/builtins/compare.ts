import { byBytes } from "../../../text/by-bytes.ts";
import { noFlags } from "../../go/format-flags.ts";
import { formatValue, printed } from "../../go/print-value.ts";
import { failure, type GoFailure } from "../../go/result.ts";
import { type GoStruct, type GoValue, kindOf, typeName } from "../../go/value.ts";
import type { Found } from "../state.ts";

type BasicKind = "bool" | "int" | "uint" | "float" | "complex" | "string";

/** What values are compared as; undefined for what has no order, nil among it. */
function basicKind(value: GoValue): BasicKind | undefined {
  const kind = kindOf(value);
  switch (kind) {
    case "bool":
    case "string":
      return kind;
    case "float64":
      return "float";
    case "complex128":
      return "complex";
    case "invalid":
    case "interface":
    case "map":
    case "slice":
    case "struct":
    case "ptr":
      return undefined;
    default:
      return kind.startsWith("u") ? "uint" : "int";
  }
}

const incompatible = (a: GoValue, b: GoValue): GoFailure => failure(`incompatible types for comparison: ${typeName(a)} and ${typeName(b)}`);
const isWhole = (kind: BasicKind | undefined): boolean => kind === "int" || kind === "uint";

/**
 * `eq a b c`: whether the first equals one of the others. Integers of any size and sign compare, an integer and a float do not. Source: text/template, eq.
 * The types in the message came with Go 1.26, which Helm 4.2 is built with.
 */
export function equals(first: Found, others: readonly Found[]): boolean | GoFailure {
  if (others.length === 0) return failure("missing argument for comparison");
  const a = first ?? null;
  for (const other of others) {
    const result = equalsOne(a, other ?? null);
    if (result !== false) return result;
  }
  return false;
}

function equalsOne(a: GoValue, b: GoValue): boolean | GoFailure {
  const left = basicKind(a);
  const right = basicKind(b);
  if (left === undefined && right === undefined) return equalsComplex(a, b);
  if (left === right || (isWhole(left) && isWhole(right))) return isSameBasic(a, b);
  return a === null || b === null ? false : incompatible(a, b);
}

function isSameBasic(a: GoValue, b: GoValue): boolean {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a.go === "int" && b.go === "int") return a.value === b.value;
  return a.go === "complex" && b.go === "complex" && a.re === b.re && a.im === b.im;
}

/** nil, maps, lists, structs and pointers: of most only whether they are nil can be asked. */
function equalsComplex(a: GoValue, b: GoValue): boolean | GoFailure {
  if (a !== null && b !== null && kindOf(a) !== kindOf(b)) {
    return failure(`non-comparable types ${formatValue(a, "s", noFlags())}: ${typeName(a)}, ${typeName(b)}: ${printed(b)}`);
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b);
  if (!isComparable(b)) return failure(`non-comparable type ${formatValue(b, "s", noFlags())}: ${typeName(b)}`);
  return isIdentical(a, b);
}

function isNil(value: GoValue): boolean {
  if (typeof value !== "object" || value === null) return value === null;
  if (value.go === "map" || value.go === "slice" || value.go === "bytes") return value.isNil;
  return value.go === "pointer" && value.to === null;
}

function isComparable(value: GoValue): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (value.go === "struct") return [...value.fields.values()].every(isComparable);
  return value.go !== "map" && value.go !== "slice" && value.go !== "bytes";
}

function isIdentical(a: GoValue, b: GoValue): boolean {
  if (typeName(a) !== typeName(b)) return false;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  if (a.go === "pointer" && b.go === "pointer") return a.to === b.to;
  if (a.go === "struct" && b.go === "struct") return areSameFields(a, b);
  return isSameBasic(a, b);
}

const areSameFields = (a: GoStruct, b: GoStruct): boolean =>
  a.native === b.native && [...a.fields].every(([name, field]) => isIdentical(field, b.fields.get(name) ?? null));

/** `lt`: numbers of one kind, strings by their bytes; nothing else has an order. */
export function isLess(first: Found, second: Found): boolean | GoFailure {
  const a = first ?? null;
  const b = second ?? null;
  const left = basicKind(a);
  const right = basicKind(b);
  if (left === undefined || right === undefined) return failure("invalid type for comparison");
  if (left !== right && !(isWhole(left) && isWhole(right))) return incompatible(a, b);
  if (typeof a === "string" && typeof b === "string") return byBytes(a, b) < 0;
  if (typeof a === "number" && typeof b === "number") return a < b;
  if (typeof a === "object" && typeof b === "object" && a?.go === "int" && b?.go === "int") return a.value < b.value;
  return failure("invalid type for comparison");
}
