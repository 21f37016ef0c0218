import type { SchemaNode } from "./schema.ts";

/** One schema of an OpenAPI document, before its references are followed. */
export type Definition = {
  /** `#/definitions/NAME`. */
  readonly ref?: string | undefined;
  field?(name: string): Definition | undefined;
  items?(): Definition | undefined;
  patchStrategy?(): string | undefined;
  mergeKeys?(): readonly string[];
};

/** Something that the schema knows and that has nothing below it. */
export const LEAF: Definition = {};

/** Finds what references lead to. `fail` notes why there is no answer. */
export type References = {
  definition(name: string): Definition | undefined;
  fail(message: string): undefined;
};

/** What is below a node is found once: a build asks for the same places of thousands of objects. */
export function schemaNode(definition: Definition, references: References): SchemaNode {
  const fields = new Map<string, SchemaNode | undefined>();
  let items: { readonly node: SchemaNode | undefined } | undefined;
  const nodeAt = (found: Definition | undefined): SchemaNode | undefined => {
    const target = found === undefined ? undefined : follow(found, references);
    return target === undefined ? undefined : schemaNode(target, references);
  };
  return {
    field(name) {
      const known = fields.get(name);
      if (known !== undefined || fields.has(name)) return known;
      const node = nodeAt(definition.field?.(name));
      if (fields.size < MAX_REMEMBERED) fields.set(name, node);
      return node;
    },
    items() {
      items ??= { node: nodeAt(definition.items?.()) };
      return items.node;
    },
    get patchStrategy() {
      return definition.patchStrategy?.();
    },
    get mergeKeys() {
      return definition.mergeKeys?.() ?? [];
    },
  };
}

/** More fields than any kind has; the names are those of the objects. */
const MAX_REMEMBERED = 1_000;

/** The schema at the end of a chain of references; kustomize never comes back from one that leads to itself. Source: kyaml ResourceSchema.Field. */
function follow(definition: Definition, references: References): Definition | undefined {
  const seen = new Set<string>();
  let current: Definition | undefined = definition;
  while (current?.ref !== undefined) {
    if (seen.has(current.ref)) return references.fail(`invalid schema file: the reference "${current.ref}" leads to itself`);
    seen.add(current.ref);
    current = resolve(current.ref, references);
  }
  return current;
}

/** Only what stands behind `#` counts, whatever document the reference names. Source: kyaml openapi.resolve, go-openapi/jsonpointer. */
function resolve(ref: string, { definition }: References): Definition | undefined {
  const hash = ref.indexOf("#");
  const [root, ...tokens] = hash < 0 ? [""] : decode(ref.slice(hash + 1)).split("/");
  if (root !== "" || tokens.length === 0) return root === "" ? LEAF : undefined;
  const [first, name, ...rest] = tokens.map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  if (first !== "definitions" || name === undefined) return undefined;
  return fieldAt(definition(name), rest);
}

/** Behind the name there may be `/properties/NAME`, any number of times. */
function fieldAt(definition: Definition | undefined, tokens: readonly string[]): Definition | undefined {
  let current = definition;
  for (let index = 0; index < tokens.length; index += 2) {
    const name = tokens[index + 1];
    if (tokens[index] !== "properties" || name === undefined) return undefined;
    current = current?.field?.(name);
  }
  return current;
}

const ESCAPE = /%[0-9A-Fa-f]{2}/g;
/** Escapes of plain ASCII, the only ones that names of definitions have. */
const decode = (text: string): string =>
  text.replace(ESCAPE, (escaped) => {
    const code = Number.parseInt(escaped.slice(1), 16);
    return code < 0x80 ? String.fromCharCode(code) : escaped;
  });
