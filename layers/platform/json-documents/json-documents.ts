import { type EpochMs, type Milliseconds, minutes, seconds } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { JsonDocumentAnswer, JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import type { Http } from "../http/http.ts";

/** Issuers change their keys in days, and publish the new one before they use it. */
const KEPT: Milliseconds = minutes(10);
/** So often at most for a key that is not in what is kept: tokens with made-up keys do not turn us against an issuer. */
const FRESH: Milliseconds = minutes(1);
/** Whoever did not answer is left alone for so long. */
const FAILED: Milliseconds = seconds(10);
const PATIENCE: Milliseconds = seconds(5);
const MAX_BYTES = 512 * 1024;
/** Addresses come from Receivers: a few for each cluster. */
const MOST = 500;

/** `tried` is when it was last asked for; `at` is when this answer came. */
type Kept = { readonly at: EpochMs; readonly tried: EpochMs; readonly answer: JsonDocumentAnswer };

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
  function remember(url: string, answer: JsonDocumentAnswer): JsonDocumentAnswer {
    const now = clock.now();
    const before = kept.get(url);
    const stands = answer.kind === "failed" && before?.answer.kind === "found" && isWithin(before.at, KEPT);
    const next = stands ? { ...before, tried: now } : { at: now, tried: now, answer };
    kept.delete(url);
    kept.set(url, next);
    for (const oldest of kept.keys()) {
      if (kept.size <= MOST) break;
      kept.delete(oldest);
    }
    return next.answer;
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

async function fetchJson(http: Pick<Http, "send">, url: string, signal: AbortSignal): Promise<JsonDocumentAnswer> {
  const headers = { accept: "application/json" };
  const answer = await http.send({ method: "GET", url, headers, signal, maxBytes: MAX_BYTES });
  if (answer.kind === "silent") return { kind: "failed", message: answer.message };
  if (answer.status !== 200) return { kind: "failed", message: `GET ${answer.url}: ${answer.status}` };
  try {
    return { kind: "found", document: JSON.parse(Buffer.from(answer.body).toString("utf8")) };
  } catch {
    return { kind: "failed", message: `GET ${answer.url}: the answer is no JSON` };
  }
}
