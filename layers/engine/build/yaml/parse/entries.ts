import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { isFolded, type Written, withWritten, writtenIn } from "../../node/written.ts";
import { quote } from "../../text/quote.ts";
import { scalarOf } from "../scalar-of.ts";
import { goSyntax, goValue } from "./go-syntax.ts";
import { jsonKey } from "./json-key.ts";
import { type Budget, type Faults, type KeyPlace, noteFault, type Reading, type Shape } from "./reading.ts";

/** A map while it is read. */
export type Entries = {
  readonly map: { [key: string]: Node };
  readonly places: KeyPlace[] | undefined;
  readonly before: Faults;
  /** Before the key that is being read. */
  beforeKey: Faults;
  repeated: boolean;
  merged: Set<string> | undefined;
  /** How fields are written, where a merge asks for it. */
  written: Map<string, Written> | undefined;
  merge: Merge | undefined;
};
type Merge = { readonly value: Node; readonly isAlias: boolean; readonly line: number };
export type Key = { readonly node: Node; readonly shape: Shape; readonly text: string; readonly line: number };

export const createEntries = (reading: Reading): Entries => ({
  map: {},
  places: reading.places === undefined ? undefined : [],
  before: reading.faults,
  beforeKey: reading.faults,
  repeated: false,
  merged: undefined,
  written: undefined,
  merge: undefined,
});

/** The key whose value was read last. */
export const takeKey = (reading: Reading, node: Node, line: number): Key => ({ node, shape: reading.shape, text: reading.text, line });

/** `valueLine` is the line on which the value begins. */
export function addEntry(reading: Reading, entries: Entries, key: Key, value: Node, valueLine: number, isAlias = false): void {
  if (entries.places !== undefined) {
    const kind = key.shape === "null" && key.text !== "" ? "null" : key.shape !== "collection" ? "scalar" : isList(key.node) ? "list" : "map";
    entries.places.push({ text: key.text, kind, line: key.line, valueLine });
  }
  if (reading.version === 3) addManifestEntry(reading, entries, key, value, isAlias);
  else addJsonEntry(reading, entries, key, value, valueLine);
}

/** Source: kyaml yaml/rnode.go (deAnchor), go-yaml v3 decode.go (mapping) and what encoding/json takes. */
function addManifestEntry(reading: Reading, entries: Entries, key: Key, value: Node, isAlias: boolean): void {
  switch (key.shape) {
    case "text":
      // kyaml clears the field "<<" of every map, also one in quotes that merges nothing.
      if (key.text !== "<<") setEntry(reading, entries, key.text, value, key.line);
      noteWritten(reading, entries, key.text, value);
      return;
    case "merge":
      if (entries.merge !== undefined) noteFault(reading, "merge", "duplicate merge key", key.line);
      entries.merge = { value, isAlias, line: key.line };
      return;
    case "null":
      // Nothing at all is written as `''`; `~` is never found again when kyaml rebuilds the map, and comes twice then.
      if (key.text === "") setEntry(reading, entries, "", value, key.line);
      else noteRepeated(reading, entries, quote(key.text), key.line);
      return;
    case "other":
      // The keys of an object itself may be anything; below, all must be text.
      if (reading.depth > 1) noteFault(reading, "json", "json: unsupported type: map[interface {}]interface {}", key.line);
      else setEntry(reading, entries, key.text, value, key.line);
      return;
    case "collection":
      if (reading.depth > 1) noteFault(reading, "decode", `yaml: invalid map key: ${goSyntax(key.node, 3)}`, key.line);
      else noteNoText(reading, entries, key);
  }
}

/** The keys of an object itself become text; one that cannot is passed over with its value, whatever is wrong with these. */
function noteNoText(reading: Reading, entries: Entries, { node, line }: Key): void {
  reading.faults = { ...reading.faults, decode: entries.beforeKey.decode, json: entries.beforeKey.json };
  noteFault(reading, "json", `yaml: unmarshal errors:\n  line ${line + 1}: cannot unmarshal !!${isList(node) ? "seq" : "map"} into string`, line);
}

/** Source: go-yaml v2 decode.go (mapping) and sigs.k8s.io/yaml (convertToJSONableObject). */
function addJsonEntry(reading: Reading, entries: Entries, key: Key, value: Node, valueLine: number): void {
  switch (key.shape) {
    case "text":
      setEntry(reading, entries, key.text, value, valueLine);
      return;
    case "merge":
      mergeJson(reading, entries, value, key.line);
      return;
    case "null":
      noteFault(reading, "json", `unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goValue(value, 2)}`, key.line);
      return;
    case "other": {
      const text = jsonKey(key.text, key.node);
      if (text === undefined) noteFault(reading, "json", `unsupported map key of type: uint64, key: ${key.text}, value: ${goValue(value, 2)}`, key.line);
      else setEntry(reading, entries, text, value, valueLine, text);
      return;
    }
    case "collection":
      noteFault(reading, "decode", `yaml: invalid map key: ${goSyntax(key.node, 2)}`, key.line);
  }
}

/** What is kept of the names of a file; a hostile one has more. */
const MOST_NAMES = 10_000;

/** The string that stands for `text` in all objects: finding it costs less than to add a property by a new string each time. */
function sharedName({ names }: Budget, text: string): string {
  const known = names.get(text);
  if (known !== undefined || names.size >= MOST_NAMES) return known ?? text;
  // The name of a property is the one string of its kind in the process.
  const [name = text] = Object.keys({ [text]: 0 });
  names.set(name, name);
  return name;
}

function setEntry(reading: Reading, entries: Entries, text: string, value: Node, line: number, shown = ""): void {
  const name = sharedName(reading.budget, text);
  if (name === "__proto__" || name === "constructor" || name === "prototype") {
    noteFault(reading, "merge", `yaml: the key "${name}" is not allowed`, line);
    return;
  }
  const { map } = entries;
  // Most keys are new, and `undefined` says so at once; a name that every object inherits (`toString`) needs the longer question.
  if (map[name] !== undefined && Object.hasOwn(map, name) && entries.merged?.delete(name) !== true) {
    noteRepeated(reading, entries, shown || quote(name), line);
    // Only in a List can such a map still be of use; there kyaml takes the first.
    if (reading.version === 3) return;
  }
  map[name] = value;
}

function noteRepeated(reading: Reading, entries: Entries, shown: string, line: number): void {
  if (reading.version === 2 && reading.lastWins) return;
  entries.repeated = true;
  const { repeated } = reading.faults;
  if (repeated.length < MOST_REPEATED) reading.faults = { ...reading.faults, repeated: [...repeated, `line ${line + 1}: key ${shown} already set in map`] };
}

/** A message names no more of them. */
const MOST_REPEATED = 100;

/** In version 2 a merge overwrites what stands before it and is overwritten by what follows; of several maps the first wins. */
function mergeJson(reading: Reading, entries: Entries, value: Node, line: number): void {
  const sources = isList(value) ? value.toReversed() : [value];
  if (!sources.every(isMap)) {
    noteFault(reading, "decode", "yaml: map merge requires map or sequence of maps as the value", line);
    return;
  }
  entries.merged ??= new Set();
  for (const source of sources) {
    Object.assign(entries.map, source);
    for (const name of Object.keys(source)) entries.merged.add(name);
  }
}

/** The complete map: own keys, then merged ones, of which those of the first map win. Source: kyaml yaml/rnode.go, mergeAll. */
export function finishMap(reading: Reading, entries: Entries): NodeMap {
  const { map, merge } = entries;
  if (merge !== undefined) mergeManifest(reading, entries, map, merge);
  if (entries.written !== undefined) withWritten(map, entries.written);
  // Version 3 does not look into a map with repeated keys.
  if (entries.repeated && reading.version === 3) reading.faults = { ...reading.faults, decode: entries.before.decode, json: entries.before.json };
  if (entries.places !== undefined) reading.places?.set(map, entries.places);
  return map;
}

function mergeManifest(reading: Reading, entries: Entries, map: { [key: string]: Node }, merge: Merge): void {
  const sources = isList(merge.value) && !merge.isAlias ? merge.value : [merge.value];
  const wrong = sources.find((source) => !isMap(source));
  if (wrong !== undefined) {
    noteFault(reading, "merge", notMergeable(wrong, merge), merge.line);
    return;
  }
  for (const source of sources.filter(isMap)) {
    const written = writtenIn(source);
    for (const [name, value] of Object.entries(source)) {
      if (Object.hasOwn(map, name)) continue;
      map[name] = value;
      const how = written.get(name);
      if (how !== undefined) entries.written = (entries.written ?? new Map<string, Written>()).set(name, how);
    }
  }
}

/** Quotes that a text needs are known without; so most maps remember nothing. */
function noteWritten({ written }: Reading, entries: Entries, name: string, value: Node): void {
  if (written === undefined || (value !== null && typeof value !== "string")) return;
  const isKnown = isFolded(written)
    ? false
    : written === "empty"
      ? value !== null && value !== ""
      : value === null || value.includes("\n") || scalarOf(value) !== value;
  if (!isKnown) entries.written = (entries.written ?? new Map<string, Written>()).set(name, written);
}

function notMergeable(node: Node, merge: Merge): string {
  if (merge.isAlias) return "invalid map merge: received alias for a non-map value";
  return isList(node) ? "invalid map merge: received a nested sequence" : "map merge requires map or sequence of maps as the value";
}
