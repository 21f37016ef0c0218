import type { JsonObject } from "../../../domain/json.ts";
import type { Result } from "../../../domain/result.ts";
import { quote } from "../../text/quote.ts";
import { spend } from "../../work.ts";
import { compileSchema } from "./compile.ts";
import { createDocuments, type Document, resourceAt } from "./documents.ts";
import type { Dialect } from "./draft.ts";
import { showFaults } from "./fault.ts";
import { showPlace } from "./place.ts";
import { createSchema, type Schema } from "./schema.ts";
import { validate } from "./validate.ts";
import { readValue, type Value, valueOfJson } from "./value.ts";

/** Whether values are what a chart's values.schema.json wants; undefined, or all that is wrong with either, in Helm's words. */
export type ValidateValues = (values: JsonObject, schemaText: string) => string | undefined;

const URL = "file:///values.schema.json";

/**
 * With one set of metaschemas for all schemas of a chart. Source: Helm, ValidateAgainstSingleSchema. Our own, since what is wrong is said in the words and
 * places of santhosh-tekuri/jsonschema v6, which become a condition, and since validators of npm compile schemas to code, which a chart must not bring with it.
 */
export function createValidateValues(): ValidateValues {
  const metaschemas = createMetaschemas();
  return (values, schemaText) => {
    const parsed = readValue(schemaText);
    if (!parsed.ok) return parsed.problem;
    const schema = compileSchema(
      createDocuments(new Map([[URL, parsed.value]]), (document, value, pointer) => checkSchema(metaschemas, document, value, pointer)),
      URL,
      false,
    );
    if (!schema.ok) return schema.problem;
    const faults = validate(valueOfJson(values), schema.value);
    return faults.length === 0 ? undefined : `${showFaults(faults)}\n`;
  };
}

type Metaschemas = { of(dialect: Dialect): Result<Schema> };

function checkSchema(metaschemas: Metaschemas, document: Document, value: Value, pointer: string): string | undefined {
  const schema = metaschemas.of(resourceAt(document, pointer).dialect);
  if (!schema.ok) throw new Error(`a metaschema does not compile: ${schema.problem}`);
  const of = (other: Dialect): Schema => {
    const found = metaschemas.of(other);
    if (!found.ok) throw new Error(`a metaschema does not compile: ${found.problem}`);
    return found.value;
  };
  const faults = validate(value, schema.value, { schema: schema.value, resources: document.resources, of });
  if (faults.length === 0) return undefined;
  const place = showPlace({ url: document.url, pointer });
  return `${quote(place)} is not valid against metaschema: jsonschema validation failed with '${schema.value.location}'\n${showFaults(faults)}`;
}

/** The schema of schemas of a dialect, compiled when it is first wanted. */
function createMetaschemas(): Metaschemas {
  const documents = createDocuments(new Map(), () => undefined);
  const compiled = new Map<string, Result<Schema>>();
  const at = (url: string): Result<Schema> => {
    const known = compiled.get(url);
    if (known !== undefined) return known;
    spend(100_000);
    const made = compileSchema(documents, url, true);
    compiled.set(url, made);
    return made;
  };
  return {
    of: ({ draft, vocabularies }) => {
      if (vocabularies === undefined) return at(draft.url);
      const parts: Schema[] = [];
      for (const name of vocabularies) {
        const part = at(`${draft.url.replace(/schema$/, "meta/")}${name}`);
        if (!part.ok) return part;
        parts.push(part.value);
      }
      return { ok: true, value: joined(draft.version, parts) };
    },
  };
}

/** What several vocabularies want together. */
function joined(version: Schema["version"], parts: readonly Schema[]): Schema {
  const schema = createSchema({ url: "urn:mem:metaschema", pointer: "" }, "urn:mem:metaschema");
  schema.version = version;
  schema.allOf = parts;
  schema.resource = schema;
  if (version >= 2020) {
    schema.dynamicAnchor = "meta";
    schema.dynamicAnchors.set("meta", schema);
  }
  return schema;
}
