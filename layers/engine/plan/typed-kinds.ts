import { onFirstUse } from "../tables/on-first-use.ts";
import { unpackTable } from "../tables/packed-table.ts";
import packed from "./typed-kinds.packed.json" with { type: "json" };

/**
 * A value of a built-in kind as Kubernetes' Go types have it. Read from typed-kinds.packed.json, which is typed-kinds.generated.json in few
 * bytes; lib/local/sandbox/kinds/generate.ts takes both out of a running API server.
 *
 * The table gives every struct as fields with a code: `!` written even when empty, `?` a pointer, `[]` list of, `{}` map of, `@n` the
 * struct with that number, and a letter for a scalar (see `shapes`).
 */
export type TypedField = {
  readonly shape: "struct" | "list" | "map" | Scalar;
  /**
   * What Go's encoding does with the field: `always` writes it whatever it holds (an absent one as its empty value, see `pointer`);
   * `when-set` (a pointer) writes every value but null, `0`, `""` and `{}` too; `when-not-empty` leaves out null, `0`, `""`, `false`, `[]`
   * and empty maps. A struct without a pointer counts as `always`: an absent `strategy` is written as `strategy: {}`.
   */
  readonly written: "always" | "when-set" | "when-not-empty";
  /** An absent field that is written `always` becomes null when it is a pointer, a list or a map, and its zero value otherwise. */
  readonly pointer: boolean;
  /** Of a struct. Looked up on every read: the types are cyclic (JSONSchemaProps). */
  readonly fields: ReadonlyMap<string, TypedField>;
  /** Of a list or a map. */
  readonly element?: TypedField;
};

/** `bytes`: base64 text. `raw`: JSON that Go passes on as it is. */
export type Scalar = "string" | "integer" | "number" | "boolean" | "quantity" | "int-or-string" | "bytes" | "time" | "micro-time" | "duration" | "raw";

const shapes: ReadonlyMap<string, Scalar> = new Map([
  ["s", "string"],
  ["i", "integer"],
  ["n", "number"],
  ["b", "boolean"],
  ["q", "quantity"],
  ["x", "int-or-string"],
  ["B", "bytes"],
  ["t", "time"],
  ["m", "micro-time"],
  ["d", "duration"],
  ["r", "raw"],
]);

type Table = { readonly kinds: ReadonlyMap<string, number>; readonly types: readonly Readonly<Record<string, string>>[] };

const table = onFirstUse((): Table => {
  const { kinds, types } = unpackTable(packed) as { readonly kinds: Readonly<Record<string, number>>; readonly types: Table["types"] };
  return { kinds: new Map(Object.entries(kinds)), types };
});
const structs = new Map<number, ReadonlyMap<string, TypedField>>();
const none: ReadonlyMap<string, TypedField> = new Map();

function fieldsOf(struct: number): ReadonlyMap<string, TypedField> {
  const known = structs.get(struct);
  if (known !== undefined) return known;
  const fields = new Map(Object.entries(table().types[struct] ?? {}).map(([field, code]) => [field, typedField(code)]));
  structs.set(struct, fields);
  return fields;
}

function typedField(code: string): TypedField {
  const always = code.startsWith("!");
  const pointer = code.startsWith(always ? "!?" : "?");
  const type = code.slice(Number(always) + Number(pointer));
  const written = always ? "always" : pointer ? "when-set" : "when-not-empty";
  if (type.startsWith("@")) {
    const struct = Number(type.slice(1));
    return {
      shape: "struct",
      written,
      pointer,
      get fields() {
        return fieldsOf(struct);
      },
    };
  }
  if (type.startsWith("[]")) return { shape: "list", written, pointer, fields: none, element: typedField(`!${type.slice(2)}`) };
  if (type.startsWith("{}")) return { shape: "map", written, pointer, fields: none, element: typedField(`!${type.slice(2)}`) };
  return { shape: shapes.get(type) ?? "raw", written, pointer, fields: none };
}

/** The whole object's type, or undefined for what is no built-in kind of this version of Kubernetes. */
export function typedFieldsOf(apiVersion: string, kind: string): TypedField | undefined {
  const struct = table().kinds.get(`${apiVersion} ${kind}`);
  return struct === undefined ? undefined : typedField(`!@${struct}`);
}
