import { STATUS_CODES } from "node:http";
import { gunzipSync } from "node:zlib";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import type { ChartAnswer, ChartFailure, ChartTarget, IndexAnswer, IndexValidators } from "@sluice/engine/ports/chart-repositories.ts";
import type { HttpTls } from "@sluice/engine/ports/http-options.ts";
import { indexUrl } from "@sluice/engine/source/helm/repository-url.ts";
import { hidePassword } from "@sluice/engine/source/remote-url.ts";
import type { Http, HttpAnswer, HttpSilence } from "../http/exchange.ts";
import { basicAuthorization } from "./authorization.ts";
import { type ChartLimits, tooLargeChart } from "./limits.ts";

/** The index of a repository; `known` makes the request a conditional one. Source: Helm 4, pkg/getter; source-controller, DownloadIndex. */
export async function fetchIndex(http: Http, target: ChartTarget, known: IndexValidators | undefined, limits: ChartLimits): Promise<IndexAnswer> {
  const url = indexUrl(target.url);
  if (!url.ok) return failed(url.problem);
  const conditions = {
    ...(known?.etag !== undefined && { "if-none-match": known.etag }),
    ...(known?.lastModified !== undefined && { "if-modified-since": known.lastModified }),
  };
  const answer = await get(http, target, url.value, { headers: conditions, maxBytes: limits.indexBytes });
  const tooLarge = `index exceeds the maximum index file size of ${limits.indexBytes} bytes`;
  if (answer.kind === "silent") return failed(answer.why === "too-large" ? tooLarge : answer.message);
  if (answer.status === 304 && known !== undefined) return { kind: "unchanged" };
  if (answer.status !== 200) return notFetched(url.value, answer.status);
  const bytes = plainBody(answer, limits.indexBytes);
  if (!bytes.ok) return failed(bytes.problem === "too large" ? tooLarge : bytes.problem);
  const validators = validatorsOf(answer);
  return { kind: "found", bytes: bytes.value, ...(validators !== undefined && { validators }) };
}

/** A chart that an index named. */
export async function fetchChart(http: Http, target: ChartTarget, url: string, limits: ChartLimits): Promise<ChartAnswer> {
  const answer = await get(http, target, url, { maxBytes: limits.chartBytes });
  const tooLarge = tooLargeChart(url.split(/[?#]/, 1)[0]?.split("/").at(-1) ?? "", limits);
  if (answer.kind === "silent") return failed(answer.why === "too-large" ? tooLarge : answer.message);
  if (answer.status !== 200) return notFetched(url, answer.status);
  const bytes = plainBody(answer, limits.chartBytes);
  return bytes.ok ? { kind: "found", bytes: bytes.value } : failed(bytes.problem === "too large" ? tooLarge : bytes.problem);
}

const failed = (message: string): ChartFailure => ({ kind: "failed", message });
const notFetched = (url: string, status: number): ChartFailure =>
  failed(`failed to fetch ${hidePassword(url)} : ${status} ${STATUS_CODES[status] ?? ""}`.trimEnd());

type How = { readonly headers?: { readonly [name: string]: string }; readonly maxBytes: number };

function get(http: Http, target: ChartTarget, url: string, { headers, maxBytes }: How): Promise<HttpAnswer | HttpSilence> {
  const place = withoutUser(url);
  const authorization = place.authorization ?? ownAuthorization(target, url);
  const tls = tlsFor(target, url);
  return http.send({
    method: "GET",
    url: place.url,
    headers: { "user-agent": "sluice", "accept-encoding": "gzip", ...headers },
    ...(authorization !== undefined && { authorization }),
    ...(tls !== undefined && { tls }),
    signal: AbortSignal.timeout(target.timeout),
    maxBytes,
  });
}

/** User and password of a repository go to its own host, and to others where that is wanted. Source: Helm 4, HTTPGetter; CVE-2021-32690. */
function ownAuthorization(target: ChartTarget, url: string): string | undefined {
  const { credentials } = target;
  return credentials?.kind === "basic" && mayKnow(target, url) ? basicAuthorization(credentials.username, credentials.password) : undefined;
}

const mayKnow = ({ url: home, passCredentials }: ChartTarget, url: string): boolean => passCredentials || originOf(home) === originOf(url);

/** Whom the repository's own authority vouches for is believed anywhere; who we are is told to those only who may know it. */
function tlsFor(target: ChartTarget, url: string): HttpTls | undefined {
  const { tls } = target;
  if (tls === undefined || mayKnow(target, url)) return tls;
  return tls.ca === undefined ? undefined : { ca: tls.ca };
}

/** Scheme, host and port as they are written: as Helm compares them. */
const originOf = (url: string): string => {
  const [, scheme = "", host = ""] = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/?#]*@)?([^/?#]*)/i.exec(url) ?? [];
  return `${scheme}://${host}`.toLowerCase();
};

/** `https://ada:secret@host/…`: Go makes a header of it. */
function withoutUser(url: string): { readonly url: string; readonly authorization?: string } {
  const found = /^([a-z][a-z0-9+.-]*:\/\/)([^@/?#]*)@/i.exec(url);
  if (found === null) return { url };
  const [whole, scheme = "", user = ""] = found;
  const [name = "", ...password] = user.split(":");
  return { url: `${scheme}${url.slice(whole.length)}`, authorization: basicAuthorization(decoded(name), secret(decoded(password.join(":")))) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An index is a tenth of its size when it is packed. */
function plainBody({ headers, body }: HttpAnswer, most: number): Result<Uint8Array> {
  if (headers["content-encoding"]?.toLowerCase() !== "gzip") return ok(body);
  try {
    return ok(gunzipSync(body, { maxOutputLength: most }));
  } catch (error) {
    const tooLarge = error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";
    return problem(tooLarge ? "too large" : "gzip: invalid header");
  }
}

function validatorsOf({ headers }: HttpAnswer): IndexValidators | undefined {
  const { etag } = headers;
  const lastModified = headers["last-modified"];
  if (etag === undefined && lastModified === undefined) return undefined;
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) };
}
