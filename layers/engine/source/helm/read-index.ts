import { sanitized, validateMetadata } from "../../build/helm/chart/metadata.ts";
import { type DecodeProblem, decode } from "../../build/kustomize/decode/decode.ts";
import { unmarshal } from "../../build/kustomize/decode/unmarshal.ts";
import type { Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { compareLoose } from "./compare-loose.ts";
import { asGoTime } from "./go-time.ts";
import { type ChartVersionEntry, INDEX_FILE, type IndexFile } from "./index-shape.ts";
import { type IndexPiece, isUnusualPiece, mayHaveAliases, splitIndex } from "./split-index.ts";

/** What an index says beside its charts. */
export type IndexHead = Omit<IndexFile, "entries">;

/** Takes the charts of an index one by one, so that the index never stands in memory as a whole. */
export type TakeChart = (name: string, versions: readonly ChartVersionEntry[]) => void;

/**
 * Reads index.yaml as Helm does: strictly where it is YAML, as it comes where it is JSON. Entries that are no charts are left out, but for those with two
 * dependencies of one name; versions come sorted, the highest first. `begin` gives what takes the charts, once more when the reading begins anew.
 * Source: source-controller, IndexFromBytes; Helm 4, pkg/repo/v1.
 */
export function readIndex(bytes: Uint8Array, begin: () => TakeChart): Result<IndexHead> {
  if (bytes.length === 0) return problem("empty index.yaml file");
  const text = new TextDecoder().decode(bytes);
  const json = /^\s*\{/.test(text) ? parseJson(text) : undefined;
  if (json !== undefined) return takeWhole(decode(INDEX_FILE, json, "ignore"), begin());
  const split = splitIndex(text);
  const piecewise = split === undefined ? undefined : takePieces(split.head, split.pieces, begin());
  return piecewise ?? takeWhole(unmarshal(bytes, INDEX_FILE, "refuse"), begin());
}

/** With more of them the whole is read at once, which bounds what all of them become together. */
const MOST_ALIASED = 4;

/** Undefined where a piece cannot be read by itself: then the whole says what is wrong, or that nothing is. */
function takePieces(head: string, pieces: Iterable<IndexPiece>, take: TakeChart): Result<IndexHead> | undefined {
  const top = unmarshal(head, INDEX_FILE, "refuse");
  if (!top.ok) return undefined;
  const seen = new Set<string>();
  const repeated: string[] = [];
  let aliased = 0;
  for (const piece of pieces) {
    if (isUnusualPiece(piece) || (mayHaveAliases(piece) && ++aliased > MOST_ALIASED)) return undefined;
    const read = unmarshal(`entries:\n${piece.text}`, INDEX_FILE, "refuse");
    const [entry, another] = read.ok ? read.value.entries : [];
    if (entry === undefined || another !== undefined) return undefined;
    const [name, versions] = entry;
    if (seen.has(name)) repeated.push(`\n  line ${piece.line + 1}: key ${JSON.stringify(name)} already set in map`);
    seen.add(name);
    const sound = soundVersions(versions);
    if (!sound.ok) return sound;
    take(name, sound.value);
  }
  if (repeated.length > 0) return problem(`error converting YAML to JSON: yaml: unmarshal errors:${repeated.join("")}`);
  return soundHead(top.value);
}

function takeWhole(read: Result<IndexFile, DecodeProblem>, take: TakeChart): Result<IndexHead> {
  if (!read.ok) return problem(read.problem.message);
  for (const [name, versions] of read.value.entries) {
    const sound = soundVersions(versions);
    if (!sound.ok) return sound;
    take(name, sound.value);
  }
  return soundHead(read.value);
}

function soundHead({ entries: _, ...head }: IndexFile): Result<IndexHead> {
  const generated = asGoTime(head.generated);
  if (generated === undefined) return noTime(head.generated);
  return head.apiVersion === "" ? problem("no API version specified") : ok({ ...head, generated });
}

/** No chart may be without an API version, but many an old index has none: it is the first then. */
function soundVersions(versions: readonly ChartVersionEntry[]): Result<readonly ChartVersionEntry[]> {
  const kept: ChartVersionEntry[] = [];
  for (const version of versions) {
    const created = asGoTime(version.created);
    if (created === undefined) return noTime(version.created);
    const entry = { ...version, ...sanitized(version), created, apiVersion: version.apiVersion === "" ? "v1" : version.apiVersion };
    if (isSound(entry)) kept.push(entry);
  }
  return ok(kept.toSorted((a, b) => compareLoose(b.version, a.version)));
}

const NO_NULLS = { maintainers: false, dependencies: false };

function isSound(entry: ChartVersionEntry): boolean {
  const valid = validateMetadata(entry, NO_NULLS);
  return valid.ok || valid.problem.startsWith("validation: more than one dependency with name or alias");
}

const noTime = (text: string): Result<never> => {
  const shown = JSON.stringify(text);
  return problem(`error unmarshaling JSON: while decoding JSON: parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`);
};

/** Nothing in an index nests so deep; what does is for the reader of YAML, which says so and does not fall over it. */
const DEEPEST = 100;

function parseJson(text: string): Json | undefined {
  if (nestsDeeper(text, DEEPEST)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether brackets nest deeper than `most`, texts left out. */
function nestsDeeper(text: string, most: number): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === QUOTE) at = endOfText(text, at);
    else if (sign === OPEN_LIST || sign === OPEN_MAP) {
      if (++depth > most) return true;
    } else if (sign === CLOSE_LIST || sign === CLOSE_MAP) depth--;
  }
  return false;
}

const QUOTE = 34;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

function endOfText(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === BACKSLASH) at++;
    else if (sign === QUOTE) return at;
  }
  return text.length;
}
