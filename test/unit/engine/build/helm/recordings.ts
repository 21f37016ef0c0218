import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { parse, parseAllDocuments } from "yaml";

const CONFORMANCE = join(import.meta.dirname, "../../../../conformance");

/** A release that the real helm-controller made, as its Secret had it, with what it was made of. */
export type RecordedRelease = {
  readonly snapshot: string;
  readonly name: string;
  readonly version: number;
  readonly chart: { readonly [path: string]: string };
  readonly config: JsonObject;
  readonly spec: JsonObject;
  readonly manifest: string;
  readonly notes: string;
  readonly hooks: readonly JsonObject[];
};

type World = { readonly charts: Map<string, { readonly [path: string]: string }>; readonly specs: Map<string, JsonObject> };

/** The releases of a recording that were the last of their name when it was looked at. */
export function recordedReleases(scenario: string): readonly RecordedRelease[] {
  const steps = listOf(fieldsOf(read(`scenarios/helm/${scenario}.yaml`))["steps"]);
  const recorded = fieldsOf(read(`recorded/helm/${scenario}.yaml`));
  const world: World = { charts: new Map(), specs: new Map() };
  const releases: RecordedRelease[] = [];
  for (const step of steps.map(fieldsOf)) {
    if (isObject(step["chart"])) takeChart(world, step["chart"]);
    if (typeof step["apply"] === "string") takeObjects(world, step["apply"]);
    if (isObject(step["patch"])) takePatch(world, step["patch"]);
    if (typeof step["snapshot"] === "string") releases.push(...releasesOf(step["snapshot"], fieldsOf(recorded[step["snapshot"]]), world));
  }
  return releases;
}

const read = (path: string): Json => parse(readFileSync(join(CONFORMANCE, path), "utf8")) as Json;
const fieldsOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

function takeChart({ charts }: World, { name, version, appVersion, files }: JsonObject): void {
  const texts = Object.entries(fieldsOf(files)).map(([path, text]): [string, string] => [path, textOf(text)]);
  const metadata = { apiVersion: "v2", name: name ?? null, version: version ?? null, ...(appVersion !== undefined && { appVersion }) };
  charts.set(`${textOf(name)}-${textOf(version)}`, { "Chart.yaml": JSON.stringify(metadata), ...Object.fromEntries(texts) });
}

function takeObjects({ specs }: World, text: string): void {
  for (const document of parseAllDocuments(text)) {
    const object = fieldsOf(document.toJS() as Json);
    if (object["kind"] === "HelmRelease") specs.set(textOf(fieldsOf(object["metadata"])["name"]), fieldsOf(object["spec"]));
  }
}

function takePatch({ specs }: World, { object, merge }: JsonObject): void {
  const [kind, name = ""] = textOf(object).split("/");
  if (kind === "helmrelease") specs.set(name, fieldsOf(merged(specs.get(name) ?? {}, fieldsOf(fieldsOf(merge)["spec"]))));
}

/** RFC 7386. */
function merged(target: Json, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const entries = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) entries.delete(key);
    else entries.set(key, merged(entries.get(key) ?? {}, value));
  }
  return Object.fromEntries(entries);
}

function releasesOf(snapshot: string, recorded: JsonObject, { charts, specs }: World): readonly RecordedRelease[] {
  return Object.entries(fieldsOf(recorded["objects"])).flatMap(([key, value]): readonly RecordedRelease[] => {
    const release = fieldsOf(value);
    const name = textOf(release["name"]);
    const chart = charts.get(textOf(release["chart"]));
    const spec = specs.get(name);
    if (!key.startsWith("Secret/sh.helm.release") || release["status"] !== "deployed" || chart === undefined || spec === undefined) return [];
    const { config, manifest, notes, hooks, version } = release;
    return [
      {
        snapshot,
        name,
        version: Number(version),
        chart,
        config: fieldsOf(config),
        spec,
        manifest: textOf(manifest),
        notes: textOf(notes),
        hooks: listOf(hooks).map(fieldsOf),
      },
    ];
  });
}
