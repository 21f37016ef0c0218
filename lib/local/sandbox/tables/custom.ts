import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { TableColumn } from "../kinds/kind.ts";
import { ageOf } from "./age.ts";
import { findAll, parseJsonPath } from "./json-path.ts";

/** A custom resource's cell: the first value that the column's path finds, if it is of the column's type. Source: apiextensions tableconvertor. */
export function customCell(column: TableColumn, object: Json, now: EpochMs): Json {
  const path = parseJsonPath(column.jsonPath ?? "");
  const value = path === undefined ? undefined : findAll(path, object)[0];
  return value === undefined || value === null ? null : cellOf(column.type, value, now);
}

function cellOf(type: string, value: Json, now: EpochMs): Json {
  switch (type) {
    case "integer":
      return typeof value === "number" ? Math.trunc(value) : null;
    case "number":
      return typeof value === "number" ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "date":
      return typeof value === "string" ? dateCell(value, now) : null;
    default:
      return typeof value === "object" ? JSON.stringify(sorted(value)) : String(value);
  }
}

/** A text that is no time is shown as invalid. */
const dateCell = (text: string, now: EpochMs): string => (/^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)) ? ageOf(text, now) : "<invalid>");

/** Go writes maps by key. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, sorted(value[key] ?? null)]),
  );
}
