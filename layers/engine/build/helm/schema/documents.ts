import { ok, problem, type Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { type Dialect, DRAFT_2020, type Draft, hasVocabulary, idOf, placesBelow } from "./draft.ts";
import { isPointer, lookUp, type Place, resolveReference, showPlace, showTarget, splitReference, type Target } from "./place.ts";
import { dialectSaid, draftSaid, load } from "./said.ts";
import { isMap, type Value, type ValueMap } from "./value.ts";

/** A document of schemas, and the resources in it: parts with an address of their own. */
export type Document = {
  readonly url: string;
  readonly value: Value;
  /** By their pointers; the document itself is one. */
  readonly resources: Map<string, Resource>;
  readonly byUrl: Map<string, Resource>;
  /** Pointers of the schemas whose resources and anchors are known. */
  readonly seen: Set<string>;
};
export type Resource = {
  readonly pointer: string;
  readonly url: string;
  readonly dialect: Dialect;
  /** Pointers by anchor. */
  readonly anchors: Map<string, string>;
  readonly dynamicAnchors: Set<string>;
};

/** Says what is wrong with a schema according to the metaschema of its dialect. */
export type CheckSchema = (document: Document, value: Value, pointer: string) => string | undefined;

export type Documents = {
  /** The document at `url`, which is given, or a metaschema, or none: nothing is fetched. */
  open(url: string): Result<Document>;
  /** Makes sure that the schema at a place is known, also where no keyword leads to it. */
  reach(place: Place): Result<{ readonly document: Document; readonly value: Value }>;
};

/** Source: santhosh-tekuri/jsonschema v6, roots.go and loader.go, with its words. */
export function createDocuments(given: ReadonlyMap<string, Value>, check: CheckSchema): Documents {
  const opened = new Map<string, Document>();

  function open(url: string): Result<Document> {
    const known = opened.get(url);
    if (known !== undefined) return ok(known);
    const value = load(given, url);
    if (!value.ok) return value;
    const document: Document = { url, value: value.value, resources: new Map(), byUrl: new Map(), seen: new Set() };
    const wrong = collect({ document, given }, document.value, url, "", { draft: DRAFT_2020, vocabularies: undefined });
    if (wrong !== undefined) return problem(wrong);
    const invalid = /^https?:\/\/json-schema\.org\//.test(url) ? undefined : check(document, document.value, "");
    if (invalid !== undefined) return problem(invalid);
    opened.set(url, document);
    return ok(document);
  }

  return {
    open,
    reach: (place) => {
      const document = open(place.url);
      if (!document.ok) return document;
      const value = lookUp(document.value.value, place);
      if (!value.ok) return value;
      const wrong = document.value.seen.has(place.pointer) ? undefined : reachLater({ document: document.value, given }, value.value, place, check);
      return wrong === undefined ? ok({ document: document.value, value: value.value }) : problem(wrong);
    },
  };
}

type Collecting = { readonly document: Document; readonly given: ReadonlyMap<string, Value> };

function reachLater(collecting: Collecting, value: Value, place: Place, check: CheckSchema): string | undefined {
  const { document } = collecting;
  const base = resourceAt(document, place.pointer);
  return (
    collect(collecting, value, base.url, place.pointer, base.dialect) ??
    (isMap(value) && !document.resources.has(place.pointer)
      ? collectAnchors(document, value, place.pointer, resourceAt(document, place.pointer))
      : undefined) ??
    check(document, value, place.pointer)
  );
}

/** The resource that a pointer lies in. */
export function resourceAt({ resources, url }: Document, pointer: string): Resource {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf("/"))) {
    const found = resources.get(at);
    if (found !== undefined) return found;
    if (at === "") throw new Error(`the document ${url} has no resource`);
  }
}

/** The pointer that a reference means in a document; undefined when it is for another one. */
export function resolveWithin(document: Document, target: Target): Result<string> | undefined {
  const resource = target.url === document.url ? resourceAt(document, "") : document.byUrl.get(target.url);
  return resource === undefined ? undefined : pointerIn(document, target, resource);
}

export function pointerIn(document: Document, target: Target, resource: Resource): Result<string> {
  if (isPointer(target.fragment)) return ok(`${resource.pointer}${target.fragment}`);
  const pointer = resource.anchors.get(target.fragment);
  if (pointer !== undefined) return ok(pointer);
  return problem(`anchor in ${quote(showTarget({ url: resource.url, fragment: target.fragment }))} not found in schema ${quote(document.url)}`);
}

/** Finds the resources and anchors of a schema and of all below it. */
function collect(collecting: Collecting, value: Value, baseUrl: string, pointer: string, fallback: Dialect): string | undefined {
  const { document } = collecting;
  if (document.seen.has(pointer)) return undefined;
  document.seen.add(pointer);
  spend(1 + pointer.length);
  if (!isMap(value)) {
    if (pointer === "") add(document, "", baseUrl, fallback);
    return undefined;
  }
  const named = nameOf(collecting, value, pointer, fallback);
  if (!named.ok) return named.problem;
  const { id, draft } = named.value;
  let base = baseUrl;
  if (id !== "") {
    const resolved = resolveReference(baseUrl, id);
    if (!resolved.ok) return `error in parsing id at ${quote(showPlace({ url: document.url, pointer }))}`;
    base = resolved.value.url;
  }
  if (id !== "" || pointer === "") {
    const wrong = addResource(collecting, value, base, pointer, named.value.isSaid ? draft : undefined, fallback);
    if (wrong !== undefined) return wrong;
  }
  const resource = document.byUrl.get(base);
  if (resource === undefined) throw new Error(`no resource ${base} in ${document.url}`);
  const wrong = collectAnchors(document, value, pointer, resource);
  if (wrong !== undefined) return wrong;
  for (const [at, below] of placesBelow(draft, value, pointer)) {
    const problemBelow = collect(collecting, below, base, at, resource.dialect);
    if (problemBelow !== undefined) return problemBelow;
  }
  return undefined;
}

/** `isSaid`: by the schema's own `$schema`, which counts only where a resource begins. */
function nameOf({ document, given }: Collecting, schema: ValueMap, pointer: string, fallback: Dialect): Result<{ id: string; draft: Draft; isSaid: boolean }> {
  const draft = draftSaid(given, { url: document.url, pointer }, schema, fallback.draft, []);
  if (!draft.ok) return draft;
  const id = idOf(draft.value, schema);
  if (id === "" && pointer !== "") return ok({ id: idOf(fallback.draft, schema), draft: fallback.draft, isSaid: false });
  return ok({ id, draft: draft.value, isSaid: typeof schema.get("$schema") === "string" });
}

function addResource(
  { document, given }: Collecting,
  schema: ValueMap,
  url: string,
  pointer: string,
  said: Draft | undefined,
  fallback: Dialect,
): string | undefined {
  const same = document.byUrl.get(url);
  if (same !== undefined) {
    if (same.pointer === pointer) return undefined;
    return `duplicate id ${quote(url)} in ${quote(document.url)} at ${quote(pointer)} and ${quote(same.pointer)}`;
  }
  const dialect = said === undefined ? ok(fallback) : dialectSaid(given, schema, said);
  if (!dialect.ok) return dialect.problem;
  add(document, pointer, url, dialect.value);
  return undefined;
}

function add({ resources, byUrl }: Document, pointer: string, url: string, dialect: Dialect): void {
  const resource = { pointer, url, dialect, anchors: new Map<string, string>(), dynamicAnchors: new Set<string>() };
  resources.set(pointer, resource);
  byUrl.set(url, resource);
}

function collectAnchors(document: Document, schema: ValueMap, pointer: string, resource: Resource): string | undefined {
  const { draft } = resource.dialect;
  const anchors: string[] = [];
  if (draft.version < 2019) {
    if (schema.has("$ref")) return undefined;
    const id = schema.get(draft.id);
    const split = typeof id === "string" ? splitReference(id) : undefined;
    if (split?.ok === false) return `error in parsing anchor at ${quote(showPlace({ url: document.url, pointer }))}`;
    if (split !== undefined && !isPointer(split.value.fragment)) anchors.push(split.value.fragment);
  } else {
    const anchor = schema.get("$anchor");
    const dynamic = draft.version >= 2020 ? schema.get("$dynamicAnchor") : undefined;
    if (typeof anchor === "string") anchors.push(anchor);
    if (typeof dynamic === "string") {
      anchors.push(dynamic);
      resource.dynamicAnchors.add(dynamic);
    }
  }
  for (const anchor of anchors) {
    const before = resource.anchors.get(anchor);
    if (before !== undefined && before !== pointer) {
      return `duplicate anchor ${quote(anchor)} in ${quote(document.url)} at ${quote(before)} and ${quote(pointer)}`;
    }
    resource.anchors.set(anchor, pointer);
  }
  return undefined;
}

/** Whether a dialect takes part in what a group of keywords says. */
export const takes = (resource: Resource, vocabulary: string): boolean => hasVocabulary(resource.dialect, vocabulary);
