import { isList, isMap, type Value, type ValueMap } from "./value.ts";

/** A version of JSON Schema. */
export type Draft = {
  readonly version: 4 | 6 | 7 | 2019 | 2020;
  readonly url: string;
  /** The keyword that gives a schema its address. */
  readonly id: "id" | "$id";
  /** Where schemas stand in schemas: `properties/*`, `allOf/[]`. */
  readonly places: readonly string[];
  /** Vocabularies by their last names. */
  readonly vocabularies: readonly string[];
  readonly usual: readonly string[];
};

const PLACES_4 = [
  ...["definitions/*", "not", "allOf/[]", "anyOf/[]", "oneOf/[]", "properties/*", "additionalProperties", "patternProperties/*"],
  ...["items", "items/[]", "additionalItems", "dependencies/*"],
];
const PLACES_6 = [...PLACES_4, "propertyNames", "contains"];
const PLACES_7 = [...PLACES_6, "if", "then", "else"];
const PLACES_2019 = [...PLACES_7, "$defs/*", "dependentSchemas/*", "unevaluatedProperties", "unevaluatedItems", "contentSchema"];
const NONE = { vocabularies: [], usual: [] };

export const DRAFT_4: Draft = { version: 4, url: "http://json-schema.org/draft-04/schema", id: "id", places: PLACES_4, ...NONE };
export const DRAFT_6: Draft = { version: 6, url: "http://json-schema.org/draft-06/schema", id: "$id", places: PLACES_6, ...NONE };
export const DRAFT_7: Draft = { version: 7, url: "http://json-schema.org/draft-07/schema", id: "$id", places: PLACES_7, ...NONE };
export const DRAFT_2019: Draft = {
  version: 2019,
  url: "https://json-schema.org/draft/2019-09/schema",
  id: "$id",
  places: PLACES_2019,
  vocabularies: ["core", "applicator", "validation", "meta-data", "format", "content"],
  usual: ["core", "applicator", "validation"],
};
/** Of a schema that does not say which it is. */
export const DRAFT_2020: Draft = {
  version: 2020,
  url: "https://json-schema.org/draft/2020-12/schema",
  id: "$id",
  places: [...PLACES_2019, "prefixItems/[]"],
  vocabularies: ["core", "applicator", "unevaluated", "validation", "meta-data", "format-annotation", "format-assertion", "content"],
  usual: ["core", "applicator", "unevaluated", "validation"],
};

const DRAFTS = [DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019, DRAFT_2020];

/** The draft whose metaschema `url` names, over http or https, with or without an empty fragment. */
export function draftOf(url: string): Draft | undefined {
  const [address = "", fragment = ""] = url.split(/#(.*)/s);
  if (fragment !== "") return undefined;
  const name = address.replace(/^https?:\/\//, "");
  return name === "json-schema.org/schema" ? DRAFT_2020 : DRAFTS.find((draft) => draft.url.replace(/^https?:\/\//, "") === name);
}

/** `vocabularies`: those that its metaschema requires; undefined for the usual ones of the draft. */
export type Dialect = { readonly draft: Draft; readonly vocabularies: readonly string[] | undefined };

export function hasVocabulary({ draft, vocabularies }: Dialect, name: string): boolean {
  return name === "core" || draft.version < 2019 || (vocabularies ?? draft.usual).includes(name);
}

/** The address that a schema gives itself, without its fragment; empty when it gives none. */
export function idOf(draft: Draft, schema: ValueMap): string {
  if (draft.version < 2019 && schema.has("$ref")) return "";
  const id = schema.get(draft.id);
  return typeof id === "string" ? (id.split("#")[0] ?? "") : "";
}

/** All schemas right below a schema, by their pointers. */
export function placesBelow(draft: Draft, schema: ValueMap, pointer: string): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const place of draft.places) {
    const [keyword = "", within] = place.split("/");
    const value = schema.get(keyword);
    if (value === undefined) continue;
    const at = `${pointer}/${escapeToken(keyword)}`;
    if (within === undefined) found.set(at, value);
    else if (within === "*" && isMap(value)) for (const [key, item] of value) found.set(`${at}/${escapeToken(key)}`, item);
    else if (within === "[]" && isList(value)) for (const [index, item] of value.entries()) found.set(`${at}/${index}`, item);
  }
  return found;
}

/** As JSON pointers write a key. */
export const escapeToken = (token: string): string => token.replaceAll("~", "~0").replaceAll("/", "~1");

/** The key that a part of a pointer means; undefined where a `~` stands alone. */
export const unescapeToken = (token: string): string | undefined =>
  /~(?![01])/.test(token) ? undefined : token.replace(/~[01]/g, (written) => (written === "~1" ? "/" : "~"));
