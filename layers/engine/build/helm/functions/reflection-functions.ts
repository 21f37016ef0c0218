import { BOOL, STRING } from "../go/type.ts";
import { kindOf, typeName } from "../go/value.ts";
import { ARG, type GoFunction, goFunction, variadicFunction } from "../template/functions.ts";
import { deepEqual } from "./deep-equal.ts";
import { isEmpty } from "./empty.ts";

const { any, bool, string } = ARG;

/** Functions of sprig's reflect.go and of the first half of defaults.go. */
export const REFLECTION_FUNCTIONS: { readonly [name: string]: GoFunction } = {
  all: variadicFunction([], any, (values) => !values.some(isEmpty), BOOL),
  any: variadicFunction([], any, (values) => values.some((value) => !isEmpty(value)), BOOL),
  coalesce: variadicFunction([], any, (values) => values.find((value) => !isEmpty(value)) ?? null),
  deepEqual: goFunction([any, any], deepEqual, BOOL),
  default: variadicFunction([any], any, (otherwise, [given = null]) => (isEmpty(given) ? otherwise : given)),
  empty: goFunction([any], isEmpty, BOOL),
  kindIs: goFunction([string, any], (kind, value) => kindOf(value) === kind, BOOL),
  kindOf: goFunction([any], kindOf, STRING),
  ternary: goFunction([any, any, bool], (yes, no, condition) => (condition ? yes : no)),
  typeIs: goFunction([string, any], (name, value) => typeName(value) === name, BOOL),
  typeIsLike: goFunction([string, any], (name, value) => [name, `*${name}`].includes(typeName(value)), BOOL),
  typeOf: goFunction([any], typeName, STRING),
};
