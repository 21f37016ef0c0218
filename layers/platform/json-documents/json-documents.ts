import { type EpochMs, type Milliseconds, minutes, seconds } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { JsonDocumentAnswer, JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import type { Http } from "../http/exchange.ts";

/** Issuers change their keys in days, and publish the new one before they use it. */
const KEPT: Milliseconds = minutes(10);
/** So often at most for a key that is not in what is kept: tokens with made-up keys do not turn us against an issuer. */
const FRESH: Milliseconds = minutes(1);
/** Whoever did not answer is left alone for so long. */
const FAILED: Milliseconds = seconds(10);
const PATIENCE: Milliseconds = seconds(5);
const MAX_BYTES = 256 * 1024;
/** Addresses come from Receivers: a few for each cluster. */
const MOST = 500;
/** Of all that are kept, as they were written; in memory they take many times that. */
const MOST_BYTES = 4 << 20;

/** `tried` is when it was last asked for; `at` is when this answer came, of so many bytes. */
type Kept = { readonly at: EpochMs; readonly tried: EpochMs; readonly answer: JsonDocumentAnswer; readonly bytes: number };

export type JsonDocumentsOptions = {
  readonly http: Pick<Http, "send">;
  readonly clock: Clock;
  /** A signal that fires when a document has been waited for long enough; after five seconds unless said. */
  readonly patience?: () => AbortSignal;
};

/** Documents over HTTP, with the guard of that client. One for each process: it remembers. */
export function createJsonDocuments({ http, clock, patience = () => AbortSignal.timeout(PATIENCE) }: JsonDocumentsOptions): JsonDocuments {
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Promise<JsonDocumentAnswer>>();

  /** An issuer that is silent for a moment still has the keys that it had. */
  function remember(url: string, { answer, bytes }: Fetched): JsonDocumentAnswer {
    const now = clock.now();
    const before = kept.get(url);
    const stands = answer.kind === "failed" && before?.answer.kind === "found" && isWithin(before.at, KEPT);
    const next = stands ? { ...before, tried: now } : { at: now, tried: now, answer, bytes };
    kept.delete(url);
    kept.set(url, next);
    forgetOldest();
    return next.answer;
  }

  function forgetOldest(): void {
    let size = [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
    for (const [url, { bytes }] of kept) {
      if (kept.size <= MOST && size <= MOST_BYTES) return;
      kept.delete(url);
      size -= bytes;
    }
  }

  /** A clock that was put back makes everything old. */
  const isWithin = (since: EpochMs, span: Milliseconds): boolean => clock.now() >= since && clock.now() - since < span;

  async function ask(url: string): Promise<JsonDocumentAnswer> {
    const before = asking.get(url);
    if (before !== undefined) return before;
    const asked = fetchJson(http, url, patience()).then((answer) => remember(url, answer));
    asking.set(url, asked);
    return asked.finally(() => asking.delete(url));
  }

  return {
    get: async (url, { fresh = false } = {}) => {
      const known = kept.get(url);
      if (known === undefined) return ask(url);
      if (known.answer.kind === "failed") return isWithin(known.tried, FAILED) ? known.answer : ask(url);
      return isWithin(known.at, KEPT) && (!fresh || isWithin(known.tried, FRESH)) ? known.answer : ask(url);
    },
  };
}

type Fetched = { readonly answer: JsonDocumentAnswer; readonly bytes: number };

async function fetchJson(http: Pick<Http, "send">, url: string, signal: AbortSignal): Promise<Fetched> {
  const headers = { accept: "application/json" };
  const answer = await http.send({ method: "GET", url, headers, signal, maxBytes: MAX_BYTES });
  const failed = (message: string): Fetched => ({ answer: { kind: "failed", message }, bytes: message.length });
  if (answer.kind === "silent") return failed(answer.message);
  if (answer.status !== 200) return failed(`GET ${answer.url}: ${answer.status}`);
  try {
    return { answer: { kind: "found", document: JSON.parse(Buffer.from(answer.body).toString("utf8")) }, bytes: answer.body.length };
  } catch {
    return failed(`GET ${answer.url}: the answer is no JSON`);
  }
}
