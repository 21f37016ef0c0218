import { ok, problem, type Result } from "../../domain/result.ts";
import { type Secret, secret } from "../../domain/secret.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { HttpProxy, HttpTls } from "../../ports/http-options.ts";
import { percentDecoded } from "./percent-decoded.ts";

/** What a Secret holds that a Provider names. */
export type NamedSecret = {
  /** `<namespace>/<name>`, for messages. */
  readonly named: string;
  readonly values: { readonly [key: string]: Secret };
};

/** The Secret, or why not. A value that is no text in base64 counts as not given. */
export async function readSecret(cluster: Pick<Cluster, "get">, namespace: string, name: string): Promise<Result<NamedSecret>> {
  const named = `${namespace}/${name}`;
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  if (answer.kind !== "found") return problem(`failed to get secret '${named}': ${answer.message}`);
  const { data } = answer.object;
  const texts = Object.entries(typeof data === "object" && data !== null ? data : {}).flatMap(([key, value]) =>
    typeof value === "string" ? [[key, secret(Buffer.from(value, "base64").toString("utf8"))] as const] : [],
  );
  return ok({ named, values: Object.fromEntries(texts) });
}

/** The value under `key`, `""` when it is not there. */
export const textUnder = ({ values }: NamedSecret, key: string): string => (Object.hasOwn(values, key) ? (values[key]?.reveal() ?? "") : "");

export const hasKey = ({ values }: NamedSecret, key: string): boolean => Object.hasOwn(values, key);

/** Own certificates; the legacy names count where the new ones are absent. Source: reference 0.8; recorded in providers/bad-cert-secret. */
export function tlsIn(given: NamedSecret): Result<HttpTls> {
  const either = (key: string, legacy: string): string => textUnder(given, hasKey(given, key) ? key : legacy);
  const ca = either("ca.crt", "caFile");
  const certificate = either("tls.crt", "certFile");
  const key = either("tls.key", "keyFile");
  if (certificate !== "" && key === "") return problem(`secret '${given.named}' contains 'tls.crt' but missing 'tls.key'`);
  if (certificate === "" && key !== "") return problem(`secret '${given.named}' contains 'tls.key' but missing 'tls.crt'`);
  if (certificate === "" && ca === "") return problem(`secret '${given.named}' must contain either 'ca.crt' or both 'tls.crt' and 'tls.key'`);
  if (certificate !== "" && !isPem(certificate))
    return problem("failed to parse TLS certificate and key: tls: failed to find any PEM data in certificate input");
  if (key !== "" && !isPem(key)) return problem("failed to parse TLS certificate and key: tls: failed to find any PEM data in key input");
  if (ca !== "" && !isPem(ca)) return problem("failed to parse CA certificate");
  return ok({ ...(ca !== "" && { ca }), ...(certificate !== "" && { certificate, key: secret(key) }) });
}

const isPem = (text: string): boolean => text.includes("-----BEGIN ");

/** Whether a Secret of credentials brings certificates, too. */
export const hasTls = (given: NamedSecret): boolean => ["ca.crt", "caFile", "tls.crt", "certFile", "tls.key", "keyFile"].some((key) => hasKey(given, key));

export const MAX_ADDRESS = 2048;
const SCHEMES = ["http", "https", "socks5"];

/** Source: reference 0.8; recorded in providers/bad-proxy-secret. */
export function proxyIn(given: NamedSecret): Result<HttpProxy> {
  const wrong = (text: string) => problem(`secret '${given.named}': ${text}`);
  if (!hasKey(given, "address")) return wrong("key 'address' not found");
  const address = textUnder(given, "address");
  if (address === "") return wrong("proxy address is empty");
  if (Buffer.byteLength(address) > MAX_ADDRESS) return wrong(`proxy URL exceeds maximum length of ${MAX_ADDRESS} characters`);
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? "";
  if (!SCHEMES.includes(scheme)) return wrong(`proxy URL must use one of the supported schemes (${SCHEMES.join(", ")}), got '${scheme}'`);
  if (!URL.canParse(address)) return wrong("failed to parse proxy address");
  if (!hasKey(given, "username")) return ok(proxyAt(address));
  const password = given.values["password"];
  return ok({ ...proxyAt(address), username: textUnder(given, "username"), ...(password !== undefined && { password }) });
}

/** A proxy by its address, which may hold credentials. */
export function proxyAt(address: string): HttpProxy {
  if (!URL.canParse(address)) return { address };
  const url = new URL(address);
  const { username, password } = url;
  if (username === "" && password === "") return { address };
  url.username = "";
  url.password = "";
  return { address: url.href, username: percentDecoded(username), ...(password !== "" && { password: secret(percentDecoded(password)) }) };
}
