export type Silence = {
  readonly why: "unreachable" | "timeout" | "too-large";
  readonly words: string;
  /** Another attempt would end the same. */
  readonly lasting?: boolean;
};

const CERTIFICATE: ReadonlyMap<string, string> = new Map([
  ["SELF_SIGNED_CERT_IN_CHAIN", "x509: certificate signed by unknown authority"],
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "x509: certificate signed by unknown authority"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "x509: certificate signed by unknown authority"],
  ["UNABLE_TO_GET_ISSUER_CERT", "x509: certificate signed by unknown authority"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "x509: certificate signed by unknown authority"],
  ["CERT_HAS_EXPIRED", "x509: certificate has expired or is not yet valid"],
  ["CERT_NOT_YET_VALID", "x509: certificate has expired or is not yet valid"],
]);

const SYSTEM: ReadonlyMap<string, string> = new Map([
  ["ECONNREFUSED", "connect: connection refused"],
  ["EHOSTUNREACH", "connect: no route to host"],
  ["ENETUNREACH", "connect: network is unreachable"],
  ["ETIMEDOUT", "connect: connection timed out"],
  ["EADDRNOTAVAIL", "connect: cannot assign requested address"],
]);

/** What a failed request would be called by a program in Go: users compare messages with Flux's. Recorded in sources/url-unusable, timeout-too-short, proxy-secret. */
export function goWords(error: unknown, signal: AbortSignal, throughProxy: boolean): Silence {
  if (signal.aborted) return { why: "timeout", words: "context deadline exceeded" };
  const cause = firstOf(error);
  const code = typeof cause.code === "string" ? cause.code : "";
  if (code === "TOO_LARGE") return { why: "too-large", words: cause.message };
  const lasting = CERTIFICATE.has(code) || LASTING.has(code) || UNREADABLE.test(code);
  return { why: "unreachable", ...(lasting && { lasting }), words: `${throughProxy && DIALED.has(code) ? "proxyconnect tcp: " : ""}${words(cause, code)}` };
}

const DIALED = new Set([...SYSTEM.keys(), "ENOTFOUND", "EAI_AGAIN"]);

/** Refused by the guard, for a key of our own, by Node, or by the certificate's name. */
const LASTING = new Set(["NOT_ALLOWED", "BAD_KEY", "ERR_INVALID_CHAR", "ERR_INVALID_HTTP_TOKEN", "ERR_UNESCAPED_CHARACTERS", "ERR_TLS_CERT_ALTNAME_INVALID"]);
/** A certificate or key of our own that is none. */
const UNREADABLE = /^ERR_OSSL_/;

type Cause = { readonly message: string; readonly code?: unknown; readonly address?: unknown; readonly port?: unknown; readonly hostname?: unknown };

/** Where several addresses were tried, the first failure speaks. */
function firstOf(error: unknown): Cause {
  if (error instanceof AggregateError && error.errors.length > 0) return firstOf(error.errors[0]);
  return error instanceof Error ? error : { message: String(error) };
}

function words(cause: Cause, code: string): string {
  const system = SYSTEM.get(code);
  if (system !== undefined) return `dial tcp ${address(cause)}: ${system}`;
  if (code === "ENOTFOUND") return `dial tcp: lookup ${cause.hostname}: no such host`;
  if (code === "EAI_AGAIN") return `dial tcp: lookup ${cause.hostname}: Temporary failure in name resolution`;
  if (code === "ECONNRESET") return cause.message.includes("socket hang up") ? "EOF" : "read: connection reset by peer";
  // OpenSSL's words have numbers of this process in them.
  if (cause.message.includes("wrong version number")) return "tls: first record does not look like a TLS handshake";
  const certificate = CERTIFICATE.get(code);
  if (certificate !== undefined) return `tls: failed to verify certificate: ${certificate}`;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `tls: failed to verify certificate: x509: ${cause.message}`;
  return cause.message;
}

const address = ({ address: host, port }: Cause): string => (String(host).includes(":") ? `[${host}]:${port}` : `${host}:${port}`);
