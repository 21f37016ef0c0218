import { readFileSync } from "node:fs";

export type FieldType = { readonly kind: "string" | "bytes" | "integer" | "boolean" | "double" } | { readonly kind: "message"; readonly name: string };

export type MessageField = {
  /** In JSON; "" for a struct whose fields stand among those around it. */
  readonly name: string;
  readonly type: FieldType;
  readonly form: "single" | "repeated" | "map";
};

export type Message = ReadonlyMap<number, MessageField>;

/** `("rbac.authorization.k8s.io", "v1", "Role")` → `k8s.io.api.rbac.v1.Role`. */
export const messageName = (group: string, version: string, kind: string): string =>
  `k8s.io.api.${group === "" ? "core" : (group.split(".")[0] ?? "")}.${version}.${kind}`;

/** What is asked and not stored: reviews and token requests. */
export const isReview = (message: string): boolean => /^k8s\.io\.api\.(authentication|authorization)\.v1\.\w+(Review|Request)$/.test(message);

const TYPES: { readonly [code: string]: FieldType } = {
  s: { kind: "string" },
  b: { kind: "bytes" },
  i: { kind: "integer" },
  B: { kind: "boolean" },
  d: { kind: "double" },
};

/** The messages of the built-in kinds, read when the first one is asked for. */
export function createMessages(): (name: string) => Message | undefined {
  let table: { readonly [name: string]: { readonly [number: string]: string } } | undefined;
  const parsed = new Map<string, Message>();
  return (name) => {
    const known = parsed.get(name);
    if (known !== undefined) return known;
    table ??= readTable();
    const fields = Object.hasOwn(table, name) ? table[name] : undefined;
    if (fields === undefined) return undefined;
    const message = new Map(Object.entries(fields).map(([number, text]) => [Number(number), parseField(text)]));
    parsed.set(name, message);
    return message;
  };
}

const readTable = (): { readonly [name: string]: { readonly [number: string]: string } } =>
  JSON.parse(readFileSync(new URL("messages.generated.json", import.meta.url), "utf8"));

function parseField(text: string): MessageField {
  const [name = "", code = ""] = text.split(" ");
  const form = code.startsWith("[]") ? "repeated" : code.startsWith("{}") ? "map" : "single";
  const bare = form === "single" ? code : code.slice(2);
  return { name, form, type: TYPES[bare] ?? { kind: "message", name: bare.slice(1) } };
}
