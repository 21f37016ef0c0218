import type { Json } from "@sluice/engine/domain/json.ts";
import { type EpochMs, elapsed, hours, minutes } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { JsonDocumentAnswer, JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import type { Http } from "./http.ts";

export type JsonDocumentsOptions = {
  readonly http: Pick<Http, "send">;
  readonly clock: Clock;
  /** A signal that fires when a document has been waited for long enough. */
  readonly patience: () => AbortSignal;
};

/** Issuers change keys seldom, and a token with a key that is not there asks for what is fresh. */
const KEPT = hours(1);
/** Nobody can make us ask an issuer more often than this. */
const PAUSE = minutes(1);
const MOST = 100;
const LARGEST_BYTES = 512 * 1024;

type Kept = { readonly document: Json; readonly at: EpochMs };

/** Public documents over HTTP, the last ones kept in memory. */
export function createJsonDocuments({ http, clock, patience }: JsonDocumentsOptions): JsonDocuments {
  /** Least recently fetched first. */
  const kept = new Map<string, Kept>();
  /** When an issuer was last asked, however that ended. */
  const asked = new Map<string, EpochMs>();

  async function fetch(url: string): Promise<JsonDocumentAnswer> {
    remember(asked, url, clock.now());
    const answer = await http.send({ method: "GET", url, headers: { accept: "application/json" }, signal: patience(), maxBytes: LARGEST_BYTES });
    if (answer.kind === "silent") return { kind: "failed", message: answer.message };
    if (answer.status !== 200) return { kind: "failed", message: `GET "${url}": status ${answer.status}` };
    const document = parseJson(Buffer.from(answer.body).toString("utf8"));
    if (document === undefined) return { kind: "failed", message: `GET "${url}": no JSON` };
    remember(kept, url, { document, at: clock.now() });
    return { kind: "found", document };
  }

  return {
    get: async (url, { fresh = false } = {}) => {
      const known = kept.get(url);
      const since = fresh ? asked.get(url) : known?.at;
      const isGood = known !== undefined && since !== undefined && elapsed(since, clock.now()) < (fresh ? PAUSE : KEPT);
      return isGood ? { kind: "found", document: known.document } : fetch(url);
    },
  };
}

function remember<Value>(map: Map<string, Value>, url: string, value: Value): void {
  map.delete(url);
  map.set(url, value);
  for (const oldest of map.keys()) {
    if (map.size <= MOST) return;
    map.delete(oldest);
  }
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
