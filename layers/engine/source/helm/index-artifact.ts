import { createHash } from "node:crypto";
import { encodeStruct } from "../../build/kustomize/decode/encode.ts";
import { byBytes } from "../../build/text/by-bytes.ts";
import { isArray, isObject, type Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ChartVersion } from "./chart-version.ts";
import { CHART_VERSION, type ChartVersionEntry, INDEX_FILE } from "./index-shape.ts";
import { readIndex } from "./read-index.ts";

/** An index in the form in which it is kept. */
export type IndexArtifact = {
  /** The whole, as JSON. */
  readonly bytes: Uint8Array;
  /** By name, with no more than it takes to fetch them. */
  readonly charts: ReadonlyMap<string, readonly ChartVersion[]>;
};

/** The artifact of an index: what Flux stores, which is the index as Go writes it as JSON. Source: reference 1.4. */
export function buildIndexArtifact(index: Uint8Array): Result<IndexArtifact> {
  const state: { charts: Map<string, readonly ChartVersion[]>; texts: [name: string, json: Uint8Array][] } = { charts: new Map(), texts: [] };
  const read = readIndex(index, () => {
    state.charts = new Map();
    state.texts = [];
    return (name, versions) => {
      state.charts.set(name, versions.map(slim));
      state.texts.push([name, encoder.encode(`    ${goText(JSON.stringify(name))}: ${listText(versions)}`)]);
    };
  });
  if (!read.ok) return read;
  const { serverInfo, apiVersion, generated, publicKeys, annotations } = read.value;
  const frame = goJson(encodeStruct(INDEX_FILE, { serverInfo, apiVersion, generated, publicKeys, annotations, entries: new Map() }));
  // What a server says of itself may have such a key as well, further in.
  const [before = "", after = ""] = frame.split(NO_ENTRIES);
  const charts = state.texts.toSorted(([a], [b]) => byBytes(a, b)).flatMap(([, json], index) => (index === 0 ? [json] : [COMMA, json]));
  const entries = charts.length === 0 ? [encoder.encode(NO_ENTRIES)] : [encoder.encode('\n  "entries": {\n'), ...charts, encoder.encode("\n  }")];
  return ok({ bytes: Buffer.concat([encoder.encode(before), ...entries, encoder.encode(after)]), charts: state.charts });
}

const encoder = new TextEncoder();
const NO_ENTRIES = '\n  "entries": {}';
const COMMA = encoder.encode(",\n");

function listText(versions: readonly ChartVersionEntry[]): string {
  return goJson(versions.map((version) => encodeStruct(CHART_VERSION, version))).replaceAll("\n", "\n    ");
}

/** JSON as Go indents it: a text has no line breaks, so that lines can be moved. */
const goJson = (value: Json): string => goText(JSON.stringify(value, null, 2));

/** Go escapes what HTML and JavaScript would read as their own. Source: Go, encoding/json. */
const goText = (json: string): string => json.replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);

const slim = ({ name, version, created, urls }: ChartVersionEntry): ChartVersion => ({ name, version, created, urls });

/** The charts in an artifact: what `buildIndexArtifact` made of it, when nothing but the bytes is left. */
export function chartsIn(bytes: Uint8Array): Result<IndexArtifact["charts"]> {
  const charts = new Map<string, readonly ChartVersion[]>();
  const read = readIndex(bytes, () => (name, versions) => charts.set(name, versions.map(slim)));
  return read.ok ? ok(charts) : read;
}

/** So many bytes of an index make one shard more; of a shard some fifth of that is left. */
const BYTES_OF_SHARD = 2 * 1024 * 1024;
const MOST_SHARDS = 32;

/** In how many parts the charts of an artifact of so many bytes are kept: a HelmChart reads one. */
const shardCount = (size: number): number => Math.min(MOST_SHARDS, Math.max(1, Math.ceil(size / BYTES_OF_SHARD)));

type Stored = { readonly digest: string; readonly size: number };

/** The name of the part that has `chart`. It begins with a digest: what it says once, it says for ever. */
export function shardKey({ digest, size }: Stored, chart: string): string {
  const count = shardCount(size);
  return keyOf(digest, shardOf(chart, count), count);
}

const keyOf = (digest: string, shard: number, count: number): string => `${digest} helm index 1 ${shard}/${count}`;
const shardOf = (chart: string, count: number): number => createHash("sha256").update(chart).digest().readUInt32BE(0) % count;

/** All parts by their names, empty ones as well: one that is missing is lost, and not empty. */
export function shardsOf(charts: IndexArtifact["charts"], { digest, size }: Stored): ReadonlyMap<string, Uint8Array> {
  const count = shardCount(size);
  const shards = Array.from({ length: count }, (): [string, readonly ChartVersion[]][] => []);
  for (const [name, versions] of charts) shards[shardOf(name, count)]?.push([name, versions]);
  return new Map(shards.map((shard, index) => [keyOf(digest, index, count), encoder.encode(JSON.stringify(shard))]));
}

/** The versions of `chart` in a part; undefined when it has none of it. A part that cannot be read is a problem: it counts as lost. */
export function versionsIn(shard: Uint8Array, chart: string): Result<readonly ChartVersion[] | undefined> {
  const parsed: Json = JSON.parse(new TextDecoder().decode(shard));
  if (!isArray(parsed)) return problem("not a list");
  for (const entry of parsed) {
    const [name, versions] = isArray(entry) ? entry : [];
    if (name === chart) return isArray(versions) ? ok(versions.flatMap(readVersion)) : problem("not a list");
  }
  return ok(undefined);
}

function readVersion(value: Json): readonly ChartVersion[] {
  if (!isObject(value)) return [];
  const { name, version, created, urls } = value;
  if (typeof name !== "string" || typeof version !== "string" || typeof created !== "string" || !isArray(urls)) return [];
  return [{ name, version, created, urls: urls.filter((url) => typeof url === "string") }];
}
