import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { KindFacts } from "@sluice/engine/ports/kinds.ts";
import type { Http } from "./http.ts";
import { collectionPath, query } from "./paths.ts";
import { parseJson, shownBody } from "./status.ts";

export type WatchEvent = { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Manifest };

/** How long the server may leave a watch open before it ends it; we begin the next one where it ended. */
const OPEN_SECONDS = 290;
const PAUSE_MS = 1000;
/** A kind whose CRD is gone is asked for more and more seldom. */
const LONGEST_PAUSE_MS = 30_000;
const LONGEST_LINE = 64 * 1024 * 1024;

export type Watched = {
  readonly kind: KindFacts;
  readonly labelSelector?: string;
  readonly onEvent: (event: WatchEvent) => void;
  /** What went wrong on the way: the server is away, a watch broke off. It goes on all the same. */
  readonly onTrouble: (text: string) => void;
  readonly signal: AbortSignal;
};

/**
 * Tells of every object of one kind in all namespaces, first those that are there, then what happens to them, until `signal` ends it.
 * What vanished while nobody watched is told of as deleted. `wait` passes the time before the next try, in milliseconds.
 */
export async function watchKind(http: Http, watched: Watched, wait: (milliseconds: number) => Promise<void> = pause): Promise<void> {
  const known = new Map<string, Manifest>();
  const onEvent = (event: WatchEvent): void => {
    const uid = event.object.metadata.uid ?? "";
    if (event.type === "DELETED") known.delete(uid);
    else known.set(uid, event.object);
    watched.onEvent(event);
  };
  const told: Watched = { ...watched, onEvent };
  let failures = 0;
  while (!watched.signal.aborted) {
    try {
      let version: string | undefined = await listAll(http, told, known);
      failures = 0;
      while (version !== undefined && !watched.signal.aborted) {
        const next: string | undefined = await watchOnce(http, told, version);
        // What ends every watch at once, as some proxies do, must not be asked in a circle.
        if (next === version) await wait(PAUSE_MS);
        version = next;
      }
    } catch (error) {
      if (watched.signal.aborted) return;
      watched.onTrouble(error instanceof Error ? error.message : String(error));
      await wait(Math.min(LONGEST_PAUSE_MS, PAUSE_MS * 2 ** failures++));
    }
  }
}

const pause = (milliseconds: number): Promise<void> => new Promise((done) => setTimeout(done, milliseconds));

async function listAll(http: Http, { kind, labelSelector, onEvent }: Watched, known: ReadonlyMap<string, Manifest>): Promise<string> {
  const answer = await http.send({ method: "GET", path: collectionPath(kind, undefined) + query({ labelSelector }) });
  const body = answer.code === 200 ? parseJson(answer.body) : undefined;
  if (!isObject(body) || !isObject(body.metadata) || !Array.isArray(body.items))
    throw new Error(`LIST ${kind.plural}: ${answer.code}: ${shownBody(answer.body)}`);
  const items = body.items.map((item: Json) => asManifest(item, kind));
  const there = new Set(items.map(({ metadata }) => metadata.uid));
  for (const [uid, object] of [...known]) if (!there.has(uid)) onEvent({ type: "DELETED", object });
  for (const object of items) onEvent({ type: "ADDED", object });
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
    if (!isObject(event) || !isObject(event.object)) throw new Error(`WATCH ${kind.plural}: no event: ${shownBody(line)}`);
    const { type, object } = event;
    if (type === "ERROR" && object.code === 410) return undefined;
    if (type === "ERROR") throw new Error(`WATCH ${kind.plural}: ${typeof object.message === "string" ? object.message : "an error"}`);
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
