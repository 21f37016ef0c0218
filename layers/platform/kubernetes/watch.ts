import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";
import type { Http } from "./http.ts";
import { collectionPath, query } from "./paths.ts";
import { parseJson } from "./status.ts";

export type WatchEvent = { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Manifest };

/** How long the server may leave a watch open before it ends it; we begin the next one where it ended. */
const OPEN_SECONDS = 290;
const PAUSE_MS = 1000;
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Tells `onEvent` of every object of one kind in all namespaces, first those that are there, then what happens to them, until
 * `signal` ends it. What goes wrong on the way (the server is away, the version is too old) leads to a new list, and to `onTrouble`.
 */
export async function watchKind(
  http: Http,
  kind: KindFacts,
  onEvent: (event: WatchEvent) => void,
  onTrouble: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = collectionPath(kind, undefined);
  while (!signal.aborted) {
    try {
      let version: string | undefined = await listAll(http, kind, path, onEvent);
      while (version !== undefined && !signal.aborted) version = await watchOnce(http, kind, path, version, onEvent, signal);
    } catch (error) {
      if (signal.aborted) return;
      onTrouble(error instanceof Error ? error.message : String(error));
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

async function listAll(http: Http, kind: KindFacts, path: string, onEvent: (event: WatchEvent) => void): Promise<string> {
  const answer = await http.send({ method: "GET", path });
  const body = answer.code === 200 ? parseJson(answer.body) : undefined;
  if (!isObject(body) || !isObject(body.metadata) || !Array.isArray(body.items))
    throw new Error(`LIST ${kind.plural}: ${answer.code}: ${answer.body.slice(0, 200)}`);
  for (const item of body.items) onEvent({ type: "ADDED", object: asManifest(item, kind) });
  return String(body.metadata.resourceVersion);
}

/** The version to go on from, or undefined when it is too old and a list must come first. */
async function watchOnce(
  http: Http,
  kind: KindFacts,
  path: string,
  from: string,
  onEvent: (event: WatchEvent) => void,
  signal: AbortSignal,
): Promise<string | undefined> {
  const parameters = query({ watch: "true", resourceVersion: from, allowWatchBookmarks: "true", timeoutSeconds: String(OPEN_SECONDS) });
  const answer = await http.open({ method: "GET", path: path + parameters }, signal);
  if (answer.statusCode !== 200) {
    answer.destroy();
    if (answer.statusCode === 410) return undefined;
    throw new Error(`WATCH ${kind.plural}: ${answer.statusCode}`);
  }
  let version = from;
  for await (const line of linesOf(answer)) {
    const event = parseJson(line);
    if (!isObject(event) || !isObject(event.object)) throw new Error(`WATCH ${kind.plural}: no event: ${line.slice(0, 200)}`);
    const { type, object } = event;
    if (type === "ERROR") return undefined;
    const metadata = object.metadata;
    if (isObject(metadata) && typeof metadata.resourceVersion === "string") version = metadata.resourceVersion;
    if (type === "ADDED" || type === "MODIFIED" || type === "DELETED") onEvent({ type, object: asManifest(object, kind) });
  }
  return version;
}

async function* linesOf(stream: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let rest = Buffer.alloc(0);
  for await (const part of stream) {
    rest = Buffer.concat([rest, part]);
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      yield rest.subarray(0, end).toString("utf8");
      rest = rest.subarray(end + 1);
    }
    if (rest.length > LONGEST_LINE) throw new Error("a watch event is larger than 64 MiB");
  }
}

const asManifest = (object: Json, kind: KindFacts): Manifest =>
  ({ apiVersion: kind.apiVersion, kind: kind.kind, ...(isObject(object) ? object : {}) }) as unknown as Manifest; // parsed here: the API server's own answer
