import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { type Chance, createChance } from "../../kustomize/random/chance.ts";
import type { ChartCase } from "../chart-case.ts";
import { templateOf } from "./random-templates.ts";

/** A chart with charts below it, aliases, conditions, tags, imports, globals and values, as a pure function of its seed. */
export function randomChart(seed: number): ChartCase {
  const chance = createChance(seed);
  const files: Record<string, string> = {};
  const chart = addChart({ chance, files, path: "", name: "shop", depth: 0 });
  return {
    about: `seed ${seed}`,
    files,
    values: givenValues(chance, chart),
    namespace: chance.one(["default", "apps"]),
    upgrade: chance.happens(0.3),
    ...(chance.happens(0.1) && { kubeVersion: chance.one(["v1.30.2", "v1.20.0", "v1.33.1"]) }),
  };
}

const NAMES = ["alpha", "beta", "gamma", "delta"];
const KEYS = ["a", "b", "c", "map", "list", "text", "flag", "deep"];
const TAGS = ["front", "back"];
const SHARED = ["shared.one", "shared.two"];

/** What a parent knows of a chart: the names it goes by, which its values may be under. */
type Made = { readonly names: readonly string[]; readonly below: readonly Made[] };
type Place = { readonly chance: Chance; readonly files: Record<string, string>; readonly path: string; readonly name: string; readonly depth: number };

function addChart({ chance, files, path, name, depth }: Place): Made {
  const isLibrary = depth > 0 && chance.happens(0.1);
  const children = depth >= 3 ? [] : chance.some(NAMES, [0.5, 0.3, 0.2][depth] ?? 0);
  const below: Made[] = [];
  const requirements: JsonObject[] = [];
  for (const child of children) {
    const listed = chance.happens(0.75) ? requirementsOf(chance, child) : [];
    requirements.push(...listed);
    const made = addChart({ chance, files, path: `${path}charts/${child}/`, name: child, depth: depth + 1 });
    below.push({ names: [child, ...listed.flatMap(({ alias }) => (typeof alias === "string" ? [alias] : []))], below: made.below });
  }
  const metadata = {
    apiVersion: "v2",
    name,
    version: chance.one(["1.0.0", "1.2.3", "2.0.0", "0.1.0"]),
    ...(chance.happens(0.3) && { appVersion: chance.one(["1.0", "v7", "latest"]) }),
    ...(chance.happens(0.01) && { kubeVersion: chance.one([">=1.25.0-0", "<1.25.0"]) }),
    ...(isLibrary && { type: "library" }),
    ...((requirements.length > 0 || chance.happens(0.2)) && { dependencies: requirements }),
  };
  files[`${path}Chart.yaml`] = `${JSON.stringify(metadata)}\n`;
  if (chance.happens(0.9)) files[`${path}values.yaml`] = `${JSON.stringify(ownValues(chance, below))}\n`;
  files[`${path}templates/_helpers.tpl`] = helpers(chance, name, depth);
  const count = 1 + chance.int(3);
  for (let index = 0; index < count; index++) files[`${path}templates/${chance.one(["a", "b", "deep/c"])}${index}.yaml`] = templateOf(chance, name, KEYS);
  if (chance.happens(0.2)) files[`${path}config/${chance.one(["x.txt", "y.json"])}`] = chance.one(["one\ntwo\n", "{}", "ä"]);
  if (chance.happens(0.1)) files[`${path}crds/crd.yaml`] = `kind: CustomResourceDefinition\nmetadata: {name: ${name}}\n`;
  return { names: [name], below };
}

function requirementsOf(chance: Chance, child: string): readonly JsonObject[] {
  const aliases = chance.happens(0.3) ? chance.some([`${child}One`, `${child}Two`], 0.7) : [];
  const names = aliases.length === 0 ? [undefined] : chance.happens(0.3) ? [undefined, ...aliases] : aliases;
  return names.map((alias) => ({
    name: child,
    version: chance.one(["*", ">=1.0.0", "1.x.x", "^1.0.0", "~1.2", ">=0.1.0-0", "2.x || 1.x"]),
    ...(alias !== undefined && { alias }),
    ...(chance.happens(0.4) && { condition: chance.one([`${alias ?? child}.flag`, `${child}.on`, "flag", "global.flag", `none,${alias ?? child}.flag`]) }),
    ...(chance.happens(0.3) && { tags: chance.some(TAGS, 0.7) }),
    ...(chance.happens(0.4) && { "import-values": imports(chance) }),
  }));
}

const imports = (chance: Chance): readonly Json[] =>
  Array.from({ length: 1 + chance.int(2) }, () =>
    chance.happens(0.5)
      ? chance.one(["data", "more", "none"])
      : { child: chance.one(["map", "deep", "exports.data", "deep.map", "none"]), parent: chance.one([".", "imported", "map", "deep.map", "a.b"]) },
  );

/** No nulls: helm 4.1.4 keeps them, and 4.2, which Flux has, does not. */
function ownValues(chance: Chance, below: readonly Made[]): JsonObject {
  const values: Record<string, Json> = { ...someValues(chance, 3, false) };
  if (chance.happens(0.3)) values["exports"] = { data: someValues(chance, 1, false), ...(chance.happens(0.5) && { more: someValues(chance, 2, false) }) };
  if (chance.happens(0.5)) values["global"] = someValues(chance, 3, false);
  if (chance.happens(0.3)) values["tags"] = tagValues(chance);
  for (const { names } of below) for (const name of chance.some(names, 0.4)) values[name] = childValues(chance, false);
  return values;
}

const tagValues = (chance: Chance): JsonObject =>
  Object.fromEntries(chance.some(TAGS, 0.7).map((tag) => [tag, chance.one<Json>([true, false, true, false, "text"])]));

const childValues = (chance: Chance, withNulls: boolean): JsonObject => ({
  ...someValues(chance, 2, withNulls),
  ...(chance.happens(0.3) && { flag: chance.happens(0.5), on: chance.happens(0.5) }),
  ...(chance.happens(0.2) && { global: someValues(chance, 2, withNulls) }),
});

function givenValues(chance: Chance, { below }: Made): JsonObject {
  const values: Record<string, Json> = { ...someValues(chance, 3, true) };
  if (chance.happens(0.3)) values["global"] = someValues(chance, 3, true);
  if (chance.happens(0.3)) values["tags"] = tagValues(chance);
  for (const made of below) addGiven(chance, values, made);
  return values;
}

function addGiven(chance: Chance, values: Record<string, Json>, { names, below }: Made): void {
  for (const name of chance.some(names, 0.4)) {
    const inner: Record<string, Json> = { ...childValues(chance, true) };
    for (const made of below) addGiven(chance, inner, made);
    values[name] = chance.happens(0.005) ? "no table" : inner;
  }
}

function someValues(chance: Chance, depth: number, withNulls: boolean): JsonObject {
  return Object.fromEntries(chance.some(KEYS, 0.35).map((key) => [key, valueFor(chance, key, depth, withNulls)]));
}

function valueFor(chance: Chance, key: string, depth: number, withNulls: boolean): Json {
  if (withNulls && chance.happens(0.12)) return null;
  if (chance.happens(key === "map" || key === "deep" || key === "list" ? 0.02 : 0.1)) return scalar(chance);
  if (key === "list")
    return Array.from({ length: chance.int(4) }, () => (chance.happens(0.2) && depth > 0 ? someValues(chance, depth - 1, false) : scalar(chance)));
  if (key === "flag") return chance.happens(0.5);
  if (key === "text") return chance.one(["plain", "{{ .Release.Name }}", "two\nlines\n", "", "ä", "{{ .Values.a | toJson }}", "true", "1.0"]);
  if ((key === "map" || key === "deep") && depth > 0) return someValues(chance, depth - 1, withNulls);
  return scalar(chance);
}

const scalar = (chance: Chance): Json => chance.one<Json>([0, 1, 42, 1.5, -3, 1e6, 12345678, true, false, "text", "", "a: b", "yes", "x y"]);

/** Names that several charts define: which of them wins is a rule of its own. */
function helpers(chance: Chance, name: string, depth: number): string {
  const shared = chance
    .some(SHARED, depth === 0 ? 1 : 0.6)
    .map((shared) => `{{- define "${shared}" -}}${name} {{ .Chart.Name }} {{ .Values.a | default "none" }}{{- end }}\n`);
  return `{{- define "${name}.labels" }}\nchart: {{ .Chart.Name }}-{{ .Chart.Version }}\nrelease: {{ .Release.Name | quote }}\n{{- end }}\n${shared.join("")}`;
}
