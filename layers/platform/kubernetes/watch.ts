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

export type Watched = {
  readonly kind: KindFacts;
  readonly labelSelector?: string;
  readonly onEvent: (event: WatchEvent) => void;
  /** What went wrong on the way: the server is away, a watch broke off. It goes on all the same. */
  readonly onTrouble: (text: string) => void;
  readonly signal: AbortSignal;
};

/** Tells of every object of one kind in all namespaces, first those that are there, then what happens to them, until `signal` ends it. */
export async function watchKind(http: Http, watched: Watched): Promise<void> {
  while (!watched.signal.aborted) {
    try {
      let version: string | undefined = await listAll(http, watched);
      while (version !== undefined && !watched.signal.aborted) version = await watchOnce(http, watched, version);
    } catch (error) {
      if (watched.signal.aborted) return;
      watched.onTrouble(error instanceof Error ? error.message : String(error));
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  }
}

async function listAll(http: Http, { kind, labelSelector, onEvent }: Watched): Promise<string> {
  const answer = await http.send({ method: "GET", path: collectionPath(kind, undefined) + query({ labelSelector }) });
  const body = answer.code === 200 ? parseJson(answer.body) : undefined;
  if (!isObject(body) || !isObject(body.metadata) || !Array.isArray(body.items))
    throw new Error(`LIST ${kind.plural}: ${answer.code}: ${answer.body.slice(0, 200)}`);
  for (const item of body.items) onEvent({ type: "ADDED", object: asManifest(item, kind) });
  return String(body.metadata.resourceVersion);
}

/** The version to go on from, or undefined when it is too old and a list must come first. */
async function watchOnce(http: Http, { kind, labelSelector, onEvent, signal }: Watched, from: string): Promise<string | undefined> {
  const parameters = query({ watch: "true", resourceVersion: from, allowWatchBookmarks: "true", timeoutSeconds: String(OPEN_SECONDS), labelSelector });
  const answer = await http.open({ method: "GET", path: collectionPath(kind, undefined) + parameters }, signal);
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
