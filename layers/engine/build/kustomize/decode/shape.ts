/**
 * What Go's encoding/json knows of the type that it decodes into: a description as data, from which follow the decoded value, its TypeScript type
 * and the words of the messages (`type`: the name that Go prints). A null pointer is undefined.
 */
export type Shape<Value = unknown> = AnyShape & { readonly [VALUE]?: Value };

export type AnyShape =
  | { readonly kind: "text" | "bool" | "int" | "int64"; readonly type: string }
  | { readonly kind: "anything"; readonly type: string }
  | { readonly kind: "list" | "map"; readonly type: string; readonly items: Shape }
  | { readonly kind: "pointer"; readonly type: string; readonly to: StructShape | Shape<string> }
  | StructShape;

export type StructShape<Value = unknown> = {
  readonly kind: "struct";
  readonly type: string;
  /** By the name in JSON. */
  readonly fields: ReadonlyMap<string, Field>;
  readonly [VALUE]?: Value;
};

/** A field of a struct. `through` are the embedded structs that it is reached through, the outermost first. A field that is `written` stands in JSON even when it is empty. */
export type Field<Value = unknown> = {
  readonly shape: Shape<Value>;
  readonly through: readonly StructShape[];
  readonly written: boolean;
};

declare const VALUE: unique symbol;

type Fields = { readonly [name: string]: Shape | Field };
type ValueOf<Entry> = Entry extends Field<infer Value> ? Value : Entry extends { readonly [VALUE]?: infer Value } ? Value : never;
type StructOf<Given extends Fields> = { readonly [Name in keyof Given]: ValueOf<Given[Name]> };
type FieldsOf<Value> = { readonly [Name in keyof Value]: Field<Value[Name]> };

/** The value that a shape describes. */
export type Decoded<Of> = Of extends { readonly [VALUE]?: infer Value } ? Value : never;

export const text: Shape<string> = { kind: "text", type: "string" };
export const bool: Shape<boolean> = { kind: "bool", type: "bool" };
export const int: Shape<number> = { kind: "int", type: "int" };
export const int64: Shape<bigint> = { kind: "int64", type: "int64" };
export const texts: Shape<readonly string[]> = { kind: "list", type: "[]string", items: text };
export const textMap: Shape<ReadonlyMap<string, string>> = { kind: "map", type: "map[string]string", items: text };
export const anyMap: Shape<ReadonlyMap<string, unknown>> = {
  kind: "map",
  type: "map[string]interface {}",
  items: { kind: "anything", type: "interface {}" },
};

/** A text with a type of its own. */
export const named = (type: string): Shape<string> => ({ kind: "text", type });

/** A list; its Go type follows from that of the items unless it has a name of its own. */
export const list = <Value>(items: Shape<Value>, type = `[]${items.type}`): Shape<readonly Value[]> => ({ kind: "list", type, items });

/** A list of pointers. A null in it counts as an empty struct: kustomize dies of it. */
export const pointers = <Value>(items: StructShape<Value>): Shape<readonly Value[]> => ({ kind: "list", type: `[]*${items.type}`, items });

export const pointer = <Value>(to: StructShape<Value> | Shape<string>): Shape<Value | undefined> => ({ kind: "pointer", type: to.type, to });
export const optionalText: Shape<string | undefined> = { kind: "pointer", type: "string", to: text };

/** A field without `omitempty`. */
export const written = <Value>(shape: Shape<Value>): Field<Value> => ({ shape, through: [], written: true });

/** A struct with the name that Go gives it, package included, and its fields by their names in JSON; spread `embedded(…)` for what it embeds. */
export function struct<const Given extends Fields>(type: string, fields: Given): StructShape<StructOf<Given>> {
  const entries = Object.entries(fields).map(([name, entry]): [string, Field] => [
    name,
    "shape" in entry ? entry : { shape: entry, through: [], written: false },
  ]);
  return { kind: "struct", type, fields: new Map(entries) };
}

/** The fields of a struct that stands inline in another. */
export function embedded<Value>(inner: StructShape<Value>): FieldsOf<Value> {
  const entries = [...inner.fields].map(([name, field]): [string, Field] => [name, { ...field, through: [inner, ...field.through] }]);
  return Object.fromEntries(entries) as FieldsOf<Value>;
}

/** The name of a type without its package: `Kustomization` for `types.Kustomization`. */
export const shortName = (type: string): string => type.slice(type.lastIndexOf(".") + 1);
