import { isArray, isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { limited } from "../../work.ts";
import type { Chart } from "../chart/chart.ts";
import { createValidateValues, type ValidateValues } from "./validate-values.ts";

/** Some seconds, where a usual schema takes milliseconds. */
const MAX_STEPS = 50_000_000;

/**
 * What is wrong with the coalesced values of a chart and of its dependencies according to their values.schema.json; undefined when nothing is. As it stands
 * behind `Helm install failed for release … with chart …: `. Source: Helm, ToRenderValuesWithSchemaValidation and ValidateAgainstSchema; recording values-schema.
 */
export function validateChart(chart: Chart, values: JsonObject): string | undefined {
  const wrong = limited(
    MAX_STEPS,
    () => validateTree(chart, values, createValidateValues()),
    () => `${chart.metadata.name}:\nvalues.schema.json takes more than ${MAX_STEPS} steps\n`,
  );
  return wrong === "" ? undefined : `values don't meet the specifications of the schema(s) in the following chart(s):\n${wrong}`;
}

function validateTree(chart: Chart, values: JsonObject, validate: ValidateValues): string {
  const own = chart.schema === undefined ? undefined : validate(values, new TextDecoder().decode(chart.schema));
  const parts = [own === undefined ? "" : `${chart.metadata.name}:\n${own}`];
  for (const dependency of chart.dependencies) {
    const { name } = dependency.metadata;
    const below = Object.hasOwn(values, name) ? values[name] : undefined;
    if (below === undefined || below === null) continue;
    if (isObject(below)) parts.push(validateTree(dependency, below, validate));
    else parts.push(`${name}:\ninvalid type for values: expected object (map), got ${goTypeOf(below)}\n`);
  }
  return parts.join("");
}

const goTypeOf = (value: Json): string =>
  isArray(value) ? "[]interface {}" : typeof value === "boolean" ? "bool" : typeof value === "number" ? "float64" : "string";
