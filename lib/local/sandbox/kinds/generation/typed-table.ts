import type { KindRow, Node } from "../table.ts";
import type { GoTypes } from "./go-types.ts";

/** layers/engine/plan/typed-kinds.generated.json; the codes are explained in layers/engine/plan/typed-kinds.ts. */
export type TypedTable = {
  readonly kubernetes: string;
  readonly kinds: { readonly [apiVersionAndKind: string]: number };
  readonly types: readonly { readonly [field: string]: string }[];
};

const scalars: { readonly [definition: string]: string } = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": "q",
  "io.k8s.apimachinery.pkg.util.intstr.IntOrString": "x",
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": "t",
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": "m",
  "io.k8s.apimachinery.pkg.apis.meta.v1.Duration": "d",
};

function scalarOf({ t, f, intOrString }: Node): string {
  if (intOrString === true) return "x";
  if (t === "string") return f === "byte" ? "B" : f === "date-time" ? "t" : "s";
  if (t === "integer") return "i";
  if (t === "number") return "n";
  if (t === "boolean") return "b";
  return "r";
}

/** Kinds of values whose Go form is a struct: without a pointer they are written even when empty. */
const isStruct = (code: string): boolean => code.startsWith("@") || ["q", "x", "t", "m", "d"].includes(code);

export function makeTypedTable(kubernetes: string, kinds: readonly KindRow[], definitions: ReadonlyMap<string, Node>, go: GoTypes): TypedTable {
  const structs = [...definitions].filter(([, node]) => node.p !== undefined).map(([name]) => name);
  const numbers = new Map(structs.map((name, index) => [name, index]));
  const codeOf = (node: Node): string => {
    if (node.r !== undefined) {
      const number = numbers.get(node.r);
      if (number !== undefined) return `@${number}`;
      const referenced = definitions.get(node.r);
      return scalars[node.r] ?? (referenced === undefined ? "r" : codeOf(referenced));
    }
    if (node.i !== undefined) return `[]${codeOf(node.i)}`;
    if (node.v !== undefined) return `{}${codeOf(node.v)}`;
    return scalarOf(node);
  };
  const fieldCode = (definition: string, field: string, node: Node): string => {
    const code = codeOf(node);
    const tag = go.fieldOf(definition, field);
    if (tag === undefined) throw new Error(`the Go type of ${definition} has no field ${field}`);
    const always = tag.omitZero ? false : tag.omitEmpty ? isStruct(code) && !tag.pointer : true;
    return `${always ? "!" : ""}${tag.pointer ? "?" : ""}${code}`;
  };
  const types = structs.map((name) => {
    const properties = Object.entries(definitions.get(name)?.p ?? {});
    return Object.fromEntries(properties.map(([field, node]) => [field, fieldCode(name, field, node)]));
  });
  const rows = kinds.map(({ group, version, kind, schema }): [string, number] => [
    `${group === "" ? version : `${group}/${version}`} ${kind}`,
    numbers.get(schema) ?? -1,
  ]);
  return { kubernetes, kinds: Object.fromEntries(rows), types };
}
