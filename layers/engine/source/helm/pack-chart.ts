import type { Chart, ChartMetadata } from "../../build/helm/chart/chart.ts";
import { writeYaml } from "../../build/yaml/write.ts";
import type { Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { packInOrder } from "../archive.ts";

type Packed = { readonly path: string; readonly bytes: Uint8Array };

const encoder = new TextEncoder();

/** A chart as `helm package` packs it: Chart.yaml, Chart.lock, values.yaml, its schema, templates, other files, then its dependencies in charts/. Source: Helm 4, chart/v2/util Save. */
export function packChart(chart: Chart): Result<Uint8Array> {
  const files: Packed[] = [];
  const added = addChart(files, chart, "");
  return added.ok ? ok(packInOrder(files)) : added;
}

function addChart(files: Packed[], chart: Chart, prefix: string): Result<undefined> {
  const { metadata } = chart;
  if (metadata.name === "" || metadata.name === "." || metadata.name === ".." || metadata.name.includes("/"))
    return problem(`failed to package chart: ${JSON.stringify(metadata.name)} is not a valid chart name`);
  const base = `${prefix}${metadata.name}/`;
  const add = (name: string, bytes: Uint8Array): void => void files.push({ path: `${base}${name}`, bytes });
  add("Chart.yaml", encoder.encode(writeYaml(asJson(metadata.apiVersion === "v1" ? withoutDependencies(metadata) : metadata))));
  if (chart.lock !== undefined && metadata.apiVersion === "v2") add("Chart.lock", encoder.encode(writeYaml(chart.lock)));
  if (chart.valuesText !== "" || prefix === "") add("values.yaml", encoder.encode(chart.valuesText));
  if (chart.schema !== undefined) {
    if (!isJson(chart.schema)) return problem("failed to package chart: invalid JSON in values.schema.json");
    add("values.schema.json", chart.schema);
  }
  for (const { name, data } of [...chart.templates, ...chart.files]) add(name, data);
  for (const dependency of chart.dependencies) {
    const inner = addChart(files, dependency, `${base}charts/`);
    if (!inner.ok) return inner;
  }
  return ok(undefined);
}

/** Of charts of the first API version they stand in requirements.yaml, which is one of their files. */
function withoutDependencies({ dependencies: _, ...rest }: ChartMetadata): ChartMetadata {
  return { ...rest, apiVersion: rest.apiVersion, name: rest.name, version: rest.version };
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(new TextDecoder().decode(bytes));
    return true;
  } catch {
    return false;
  }
}

/** What Chart.yaml said was JSON when it was read; what is not given is left out. */
function asJson(value: unknown): Json {
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).flatMap(([key, item]) => (item === undefined ? [] : [[key, asJson(item)] as const])));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
