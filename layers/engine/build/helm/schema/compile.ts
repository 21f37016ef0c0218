import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { compileKeywords } from "./compile-keywords.ts";
import { type Document, type Documents, pointerIn, type Resource, resolveWithin, resourceAt } from "./documents.ts";
import { type Place, resolveReference, showPlace } from "./place.ts";
import { createSchema, type Schema } from "./schema.ts";
import { isMap, type Value } from "./value.ts";

/**
 * The schema at the beginning of the document at `url`, with all that it refers to. What refers to itself is no problem: each place is one schema.
 * Source: santhosh-tekuri/jsonschema v6, compiler.go.
 */
export function compileSchema(documents: Documents, url: string, assertsFormats: boolean): Result<Schema> {
  const schemas = new Map<string, Schema>();
  const waiting: Schema[] = [];

  function at(place: Place): Schema {
    const location = showPlace(place);
    const known = schemas.get(location);
    if (known !== undefined) return known;
    spend(10 + location.length);
    const schema = createSchema(place, location);
    schemas.set(location, schema);
    waiting.push(schema);
    return schema;
  }

  const opened = documents.open(url);
  if (!opened.ok) return opened;
  const root = at({ url, pointer: "" });
  // It grows meanwhile.
  for (const schema of waiting) {
    const reached = documents.reach(schema.place);
    if (!reached.ok) return reached;
    const wrong = fill(schema, reached.value.document, reached.value.value, { documents, at, assertsFormats });
    if (wrong !== undefined) return problem(wrong);
  }
  return ok(root);
}

type Filling = { readonly documents: Documents; readonly at: (place: Place) => Schema; readonly assertsFormats: boolean };

function fill(schema: Schema, document: Document, value: Value, { documents, at, assertsFormats }: Filling): string | undefined {
  const { url, pointer } = schema.place;
  const resource = resourceAt(document, pointer);
  schema.version = resource.dialect.draft.version;
  schema.resource = at({ url, pointer: resource.pointer });
  if (schema.version >= 2020 && schema.resource === schema) {
    for (const anchor of resource.dynamicAnchors) {
      const place = resource.anchors.get(anchor);
      if (place !== undefined) schema.dynamicAnchors.set(anchor, at({ url, pointer: place }));
    }
  }
  if (typeof value === "boolean") schema.always = value;
  if (!isMap(value)) return undefined;
  if (value.size === 0) {
    schema.always = true;
    return undefined;
  }
  return compileKeywords({
    keywords: value,
    schema,
    resource,
    assertsFormats,
    at: (below) => at({ url, pointer: below }),
    refer: (reference) => referTo(document, resource, reference, { documents, at, assertsFormats }),
  });
}

function referTo(document: Document, resource: Resource, reference: string, { documents, at }: Filling): Result<Schema> {
  const target = resolveReference(resource.url, reference);
  if (!target.ok) return target;
  const within = resolveWithin(document, target.value);
  if (within !== undefined) return within.ok ? ok(at({ url: document.url, pointer: within.value })) : within;
  const other = documents.open(target.value.url);
  if (!other.ok) return other;
  const pointer = pointerIn(other.value, target.value, resourceAt(other.value, ""));
  return pointer.ok ? ok(at({ url: other.value.url, pointer: pointer.value })) : pointer;
}
