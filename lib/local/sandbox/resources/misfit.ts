import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Misfit } from "@sluice/engine/plan/typed-form.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { definitionOf } from "../kinds/kinds.ts";
import { schemaOfField } from "../schema/prune.ts";
import type { Schema } from "../schema/schema.ts";
import { badBase64At } from "./base64.ts";
import { textOf } from "./definitions.ts";

const QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

/** Why a value does not fit its Go type, as Go's decoder says it. `got` is never the value itself: it may be a secret. */
export function misfitText(kind: ResourceKind, { path, expected, got }: Misfit, object: Json): string {
  if (expected === "quantity" && (got === "string" || got === "number")) return QUANTITY;
  if (expected === "bytes" && got === "string") return `illegal base64 data at input byte ${badBase64At(textOf(valueAt(object, path)), true) ?? 0}`;
  if ((expected === "time" || expected === "micro-time") && got === "string") return 'parsing time as "2006-01-02T15:04:05Z07:00": cannot parse';
  const place = placeOf(kind, path);
  return `json: cannot unmarshal ${got} into Go struct field ${place.struct}.${place.field} of type ${place.type}`;
}

/** `.data.a\.b` cannot be told from two steps: at each level the longest key that fits is taken. */
function valueAt(value: Json | undefined, path: string): Json | undefined {
  if (path === "" || value === undefined) return value;
  const rest = path.replace(/^\./, "");
  if (isArray(value)) {
    const [step = "", index = ""] = /^\[(\d+)\]/.exec(rest) ?? [];
    return step === "" ? undefined : valueAt(value[Number(index)], rest.slice(step.length));
  }
  if (!isObject(value)) return undefined;
  const fits = Object.keys(value).filter((key) => rest.startsWith(key) && /^($|[.[])/.test(rest.slice(key.length)));
  const key = fits.toSorted((a, b) => b.length - a.length)[0];
  return key === undefined ? undefined : valueAt(value[key], rest.slice(key.length));
}

type Place = { readonly struct: string; readonly field: string; readonly type: string };

/** The struct that holds the field, the field's path from the root, and its type. */
function placeOf(kind: ResourceKind, path: string): Place {
  const steps = path.split(/[.[\]]/).filter((step) => step !== "");
  const fields: string[] = [];
  let struct = kind.kind;
  let schema: Schema | undefined = { ...kind.schema, embeddedResource: true };
  for (const step of steps) {
    if (schema === undefined) break;
    if (schema.items !== undefined && /^\d+$/.test(step)) {
      schema = schema.items;
    } else {
      if (schema.properties !== undefined && definitionOf(schema) !== undefined) struct = lastWord(definitionOf(schema) ?? "");
      const isMap = schema.properties === undefined && typeof schema.additionalProperties === "object";
      if (!isMap) fields.push(step);
      const inner: Schema | "anything" | "unknown" = schemaOfField(schema, step);
      schema = inner === "anything" || inner === "unknown" ? undefined : inner;
    }
  }
  if (fields[0] === "metadata") struct = "ObjectMeta";
  return { struct, field: fields.join("."), type: goTypeOf(schema) };
}

const lastWord = (name: string): string => name.slice(name.lastIndexOf(".") + 1);

function goTypeOf(schema: Schema | undefined): string {
  if (schema === undefined) return "string";
  const name = definitionOf(schema);
  if (name !== undefined) return name.split(".").slice(-2).join(".");
  switch (schema.type) {
    case "integer":
      return schema.format ?? "int64";
    case "number":
      return "float64";
    case "boolean":
      return "bool";
    case "array":
      return `[]${goTypeOf(schema.items)}`;
    case "object":
      return `map[string]${goTypeOf(typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined)}`;
    default:
      return "string";
  }
}
