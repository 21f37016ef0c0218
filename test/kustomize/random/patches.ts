import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import YAML from "yaml";
import type { Chance } from "./chance.ts";
import { maybe, NAMES, NAMESPACES, scalar, word } from "./maker.ts";
import { type Made, type Way, type World, waysIn } from "./world.ts";
import { written } from "./written.ts";

/** An entry of `patches`, and files that it names. */
export type Patch = { readonly entry: JsonObject; readonly files: Readonly<Record<string, string>> };

const KEYS = ["name", "containerPort", "port", "mountPath"] as const;

export function patch(world: World, fileName: string): Patch {
  const { chance } = world;
  return chance.happens(0.55) ? strategicPatch(world, fileName) : jsonPatch(world, fileName);
}

function strategicPatch({ chance, made }: World, fileName: string): Patch {
  const victim = chance.one(made);
  const body = strategicBody(chance, victim);
  const text = written(chance, [body]);
  const options = maybe(chance, 0.08, () => ({ options: { allowNameChange: true, ...maybe(chance, 0.5, () => ({ allowKindChange: true })) } }));
  const target = chance.happens(0.25) ? { target: targetOf(chance, victim) } : {};
  if (chance.happens(0.4)) return { entry: { path: fileName, ...target, ...options }, files: { [fileName]: text } };
  return { entry: { patch: text, ...target, ...options }, files: {} };
}

/** A strategic merge patch that means the object. */
export function strategicBody(chance: Chance, { kind, name, namespace, object }: Made): JsonObject {
  const rest = Object.fromEntries(Object.entries(object).filter(([key]) => key !== "apiVersion" && key !== "kind" && key !== "metadata"));
  return {
    apiVersion: kind.apiVersion,
    kind: kind.kind,
    metadata: {
      name,
      ...(namespace !== undefined && chance.happens(0.95) && { namespace }),
      ...maybe(chance, 0.25, () => ({ labels: { patched: word(chance) } })),
      ...maybe(chance, 0.2, () => ({ annotations: { note: chance.happens(0.3) ? null : "patched" } })),
    },
    ...(chance.happens(0.04) ? { $patch: "delete" } : changedMap(chance, rest)),
  };
}

function changed(chance: Chance, value: Json): Json {
  if (isObject(value)) return changedMap(chance, value);
  if (isArray(value)) return changedList(chance, value);
  return chance.happens(0.15) ? null : chance.happens(0.04) ? { x: "y" } : scalar(chance);
}

function changedMap(chance: Chance, map: JsonObject): JsonObject {
  if (chance.happens(0.03)) return { $patch: chance.one(["delete", "replace", "merge"]), ...maybe(chance, 0.5, () => ({ extra: "1" })) };
  const kept = chance.some(Object.entries(map), 0.5).map(([key, value]): [string, Json] => [key, chance.happens(0.06) ? null : changed(chance, value)]);
  return { ...Object.fromEntries(kept), ...maybe(chance, 0.12, () => ({ added: scalar(chance) })) };
}

function changedList(chance: Chance, list: readonly Json[]): Json {
  if (chance.happens(0.05)) return [];
  const items = chance.some(list, 0.6).map((item) => changedItem(chance, item));
  const first = list[0];
  const fresh =
    chance.happens(0.3) && first !== undefined ? [isObject(first) ? { ...changedMap(chance, first), ...freshKey(chance, first) } : scalar(chance)] : [];
  const directive = chance.happens(0.05) ? [{ $patch: "replace" }] : [];
  return chance.happens(0.5) ? [...directive, ...items, ...fresh] : [...directive, ...fresh, ...items];
}

function changedItem(chance: Chance, item: Json): Json {
  if (!isObject(item)) return chance.happens(0.5) ? item : scalar(chance);
  const keys = Object.fromEntries(KEYS.flatMap((key) => (item[key] === undefined ? [] : [[key, item[key]]])));
  if (chance.happens(0.1)) return { ...keys, $patch: "delete" };
  return { ...changedMap(chance, item), ...keys };
}

const freshKey = (chance: Chance, like: JsonObject): JsonObject =>
  Object.fromEntries(
    KEYS.flatMap((key) => (like[key] === undefined ? [] : [[key, typeof like[key] === "number" ? 9000 + chance.int(3) : `new-${chance.int(3)}`]])),
  );

function jsonPatch({ chance, made }: World, fileName: string): Patch {
  const victim = chance.one(made);
  const operations = Array.from({ length: 1 + chance.int(3) }, () => operation(chance, victim.object));
  const text = chance.happens(0.3) && !JSON.stringify(operations).includes("⟨") ? JSON.stringify(operations) : written(chance, [operations]);
  const target = { target: targetOf(chance, victim) };
  if (chance.happens(0.3)) return { entry: { path: fileName, ...target }, files: { [fileName]: text } };
  return { entry: { patch: text, ...target }, files: {} };
}

function operation(chance: Chance, object: JsonObject): Json {
  const wrong = chance.happens(0.004);
  const ways = waysIn(object, () => true).filter((each) => isPatchable(each) || (wrong && each.length > 0));
  const way = ways.length === 0 ? ["metadata", "labels"] : chance.one(ways);
  const path = pointer(chance.happens(0.02) ? [...way, "none"] : way);
  const dice = chance.int(10);
  if (dice < 4) return { op: "replace", path, value: value(chance, object) };
  if (dice < 7)
    return {
      op: "add",
      path: pointer(chance.happens(0.5) ? [...way.slice(0, -1), typeof way.at(-1) === "number" ? "-" : "added~/x"] : way),
      value: value(chance, object),
    };
  if (dice < 8) return { op: "remove", path };
  if (dice < 9) return { op: chance.one(["copy", "move"]), from: path, path: pointer(["metadata", chance.happens(0.9) ? "copied" : "annotations"]) };
  return { op: "test", path, value: chance.happens(0.93) ? at(object, way) : scalar(chance) };
}

/** What makes of the object another one, or none at all, is nothing that people write. */
const isPatchable = (way: Way): boolean =>
  way.length > 0 && way[0] !== "kind" && way[0] !== "apiVersion" && (way[0] !== "metadata" || (way.length > 1 && way[1] !== "name"));

const value = (chance: Chance, object: JsonObject): Json => (chance.happens(0.7) ? scalar(chance) : at(object, chance.one(waysIn(object, () => true))));
const at = (object: Json, way: Way): Json =>
  way.reduce<Json>((here, key) => (isObject(here) || isArray(here) ? ((here as { readonly [key: string | number]: Json })[key] ?? null) : null), object);
const pointer = (way: Way): string => way.map((part) => `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");

/** A target that mostly means the object, and now and then others or nobody. */
export function targetOf(chance: Chance, { kind, name, namespace }: Made): JsonObject {
  const [group, version] = kind.apiVersion.includes("/") ? kind.apiVersion.split("/") : ["", kind.apiVersion];
  const target = {
    ...maybe(chance, 0.8, () => ({ kind: chance.happens(0.1) ? `${kind.kind.slice(0, 3)}.*` : kind.kind })),
    ...maybe(chance, 0.7, () => ({ name: chance.happens(0.15) ? `${name.slice(0, 1)}.+` : name })),
    ...maybe(chance, 0.2, () => ({ group: group ?? "", version: version ?? "" })),
    ...maybe(chance, 0.1, () => ({ namespace: namespace ?? chance.one(NAMESPACES) })),
    ...maybe(chance, 0.1, () => ({
      labelSelector: chance.one([`app=${chance.one(NAMES)}`, "app", "!tier", "app in (web,db)", "tier notin (front)", "app!=web"]),
    })),
    ...maybe(chance, 0.06, () => ({ annotationSelector: `note=${chance.one(NAMES)}` })),
  };
  return Object.keys(target).length === 0 ? { kind: kind.kind } : target;
}

/** The text of a JSON patch for the old field. */
export function oldJsonPatch({ chance, made }: World): JsonObject {
  const { kind, name, namespace, object } = chance.one(made);
  const [group, version] = kind.apiVersion.includes("/") ? kind.apiVersion.split("/") : ["", kind.apiVersion];
  const target = { ...(group !== "" && { group: group ?? "" }), version: version ?? "", kind: kind.kind, name, ...(namespace !== undefined && { namespace }) };
  return { target, patch: YAML.stringify([operation(chance, object)]).replaceAll(/⟨([^⟩]*)⟩/g, "$1") };
}
