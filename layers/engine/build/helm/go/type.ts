import type { GoResult } from "./result.ts";
import type { GoValue } from "./value.ts";

/** What `kindOf` says of a value: the String of Go's reflect.Kind. */
export type GoKind =
  | "invalid"
  | "bool"
  | "int"
  | "int8"
  | "int16"
  | "int32"
  | "int64"
  | "uint"
  | "uint8"
  | "uint16"
  | "uint32"
  | "uint64"
  | "uintptr"
  | "float64"
  | "complex128"
  | "string"
  | "interface"
  | "map"
  | "slice"
  | "struct"
  | "ptr";

/** A type of Go, as far as a template can tell types apart: by name, by what stands under the name, and by methods. */
export type GoType = {
  readonly kind: GoKind;
  /** As `typeOf` and messages say it: `map[string]interface {}`, `common.Values`, `time.Duration`. */
  readonly name: string;
  /** The type it is defined as: `map[string]interface {}` of `common.Values`. Itself for a type that is written out. */
  readonly underlying: string;
  /** Whether it has a name of its own (`string` has, `[]string` has none): a value goes into a parameter of the same underlying type when one of both has none. */
  readonly named: boolean;
  /** Of maps, slices and pointers. */
  readonly element?: GoType;
  readonly methods?: ReadonlyMap<string, GoMethod>;
  /** What fmt prints of it for %v and %s: its method String (or Error). */
  readonly print?: (self: GoValue) => string;
  /** What encoding/json writes of it, where that is not its fields by their names: its MarshalJSON or MarshalText, or the fields by their tags. */
  readonly json?: (self: GoValue) => GoValue;
};

/** A method as templates call it: `.Files.Get "a.txt"`. `params` are without the receiver. */
export type GoMethod = {
  readonly params: readonly GoType[];
  /** Whether the last of `params` may be given any number of times. */
  readonly variadic: boolean;
  readonly result: GoType;
  readonly call: (self: GoValue, args: readonly GoValue[]) => GoResult;
};

const basic = (kind: GoKind): GoType => ({ kind, name: kind, underlying: kind, named: true });

export const BOOL = basic("bool");
export const STRING = basic("string");
export const FLOAT64 = basic("float64");
export const COMPLEX128 = basic("complex128");
export const INT = basic("int");
export const INT8 = basic("int8");
export const INT64 = basic("int64");
/** Also Go's byte. */
export const UINT8 = basic("uint8");
export const UINT32 = basic("uint32");
export const UINT64 = basic("uint64");

/** `interface {}`: what most functions take. An absent value comes as nil. */
export const ANY: GoType = { kind: "interface", name: "interface {}", underlying: "interface {}", named: false };
/** reflect.Value: what text/template's own functions take. Differs from ANY in one word of a message only. */
export const REFLECT_VALUE: GoType = { kind: "struct", name: "reflect.Value", underlying: "reflect.Value", named: true };

/** `[]string` of STRING. */
export function sliceOf(element: GoType): GoType {
  const name = `[]${element.name}`;
  return { kind: "slice", name, underlying: name, named: false, element };
}

/** `map[string]string` of STRING. All our maps have strings as keys: nothing that a chart gets has others. */
export function mapOf(element: GoType): GoType {
  const name = `map[string]${element.name}`;
  return { kind: "map", name, underlying: name, named: false, element };
}

/** Methods of a pointer, `print` included, get what it points to as their receiver. */
export function pointerTo(element: GoType): GoType {
  const name = `*${element.name}`;
  return {
    kind: "ptr",
    name,
    underlying: name,
    named: false,
    element,
    ...(element.methods && { methods: element.methods }),
    ...(element.print && { print: element.print }),
  };
}

export const LIST = sliceOf(ANY);
export const DICT = mapOf(ANY);
export const STRINGS = sliceOf(STRING);
export const BYTES = sliceOf(UINT8);

type Behaviour = Pick<GoType, "methods" | "print" | "json">;

/** `common.Values` as a name for DICT, `time.Duration` for INT64. */
export const named = (name: string, of: GoType, behaviour: Behaviour = {}): GoType => ({ ...of, name, named: true, ...behaviour });

/** A struct by its name; its fields stand in its values. */
export const structType = (name: string, behaviour: Behaviour = {}): GoType => ({ kind: "struct", name, underlying: name, named: true, ...behaviour });

/** Whether a value of `from` fits a parameter of `to` as it is. Source: Go specification, "Assignability". */
export function isAssignable(from: GoType, to: GoType): boolean {
  if (from === to || to.kind === "interface" || from.name === to.name) return true;
  return from.underlying === to.underlying && !(from.named && to.named);
}

/** Whether integers of the type may be negative. */
export const typesSigned = (type: GoType): boolean => !type.kind.startsWith("u");
