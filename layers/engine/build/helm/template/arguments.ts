import { type GoType, isAssignable, REFLECT_VALUE } from "../go/type.ts";
import { type GoValue, goComplex, goInt, typeOf } from "../go/value.ts";
import { zeroOf } from "./fields.ts";
import { type BoolNode, printNode, type StringNode } from "./nodes.ts";
import type { NumberNode } from "./number-node.ts";
import { type Found, fail, type State } from "./state.ts";

export type ConstantNode = BoolNode | NumberNode | StringNode;

/** Whether `nil` may be given for a parameter of the type. */
export function canBeNil(type: GoType): boolean {
  return type.kind === "interface" || type.kind === "map" || type.kind === "slice" || type.kind === "ptr" || type === REFLECT_VALUE;
}

/** nil as a parameter of the type gets it. */
export const nilOf = (type: GoType): Found => (type === REFLECT_VALUE ? undefined : zeroOf(type));

/** `value` for a parameter of `type`, or the end of the execution. Source: text/template, validateType. */
export function fit(state: State, value: Found, type: GoType): Found {
  if (value === undefined) return canBeNil(type) ? nilOf(type) : fail(state, `invalid value; expected ${type.name}`);
  if (type.kind === "interface" || type === REFLECT_VALUE) return value;
  const own = typeOf(value);
  if (own === undefined) return fail(state, `wrong type for value; expected ${type.name}; got interface {}`);
  if (isAssignable(own, type)) return value;
  if (typeof value === "object" && value !== null && value.go === "pointer" && own.element !== undefined && isAssignable(own.element, type)) {
    return value.to ?? fail(state, `dereference of nil pointer of type ${type.name}`);
  }
  return fail(state, `wrong type for value; expected ${type.name}; got ${own.name}`);
}

/** A constant becomes what the parameter asks for. Source: text/template, evalArg and what it calls. */
export function fitConstant(state: State, node: ConstantNode, type: GoType): GoValue {
  const expected = (what: string): never => fail(state, `expected ${what}; found ${printNode(node)}`);
  switch (type.kind) {
    case "bool":
      return node.kind === "bool" ? node.value : expected("bool");
    case "string":
      return node.kind === "string" ? node.text : expected("string");
    case "complex128":
      return node.kind === "number" && node.complex !== undefined ? goComplex(node.complex.re, node.complex.im) : expected("complex");
    case "float64":
      return node.kind === "number" && node.float !== undefined ? node.float : expected("float");
    case "int":
    case "int8":
    case "int16":
    case "int32":
    case "int64":
      return node.kind === "number" && node.int !== undefined ? goInt(node.int, type) : expected("integer");
    case "uint":
    case "uint8":
    case "uint16":
    case "uint32":
    case "uint64":
    case "uintptr":
      return node.kind === "number" && node.uint !== undefined ? goInt(node.uint, type) : expected("unsigned integer");
    case "interface":
      return constantOf(state, node);
    default:
  }
  return type === REFLECT_VALUE ? constantOf(state, node) : fail(state, `can't handle ${printNode(node)} for arg of type ${type.name}`);
}

/** What a constant is where nothing asks for a type: a number without point and exponent is an int. */
export function constantOf(state: State, node: ConstantNode): GoValue {
  if (node.kind === "bool") return node.value;
  if (node.kind === "string") return node.text;
  if (node.complex !== undefined) return goComplex(node.complex.re, node.complex.im);
  const isRune = node.text.startsWith("'");
  const isHex = /^0[xX]/.test(node.text) && !/[pP]/.test(node.text);
  if (node.float !== undefined && !isHex && !isRune && /[.eEpP]/.test(node.text)) return node.float;
  return node.int !== undefined ? goInt(node.int) : fail(state, `${node.text} overflows int`);
}
