import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Signature } from "./parse-signature.ts";

/** What a signature is made over. */
export type Signed = {
  readonly method: string;
  /** As sent. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** As sent: with the chunks of `aws-chunked`. */
  readonly body: Uint8Array;
};

/** True when `secret` made the signature over this request. Source: IAM User Guide, "Create a signed AWS API request" (SigV4). */
export function isSignedWith(secret: string, signature: Signature, request: Signed): boolean {
  const toSign = ["AWS4-HMAC-SHA256", signature.date, signature.scope, sha256(canonicalRequest(signature, request))].join("\n");
  const key = signature.scope.split("/").reduce<Buffer | string>((previous, part) => hmac(previous, part), `AWS4${secret}`);
  const wanted = hmac(key, toSign);
  const given = Buffer.from(signature.signature, "hex");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function canonicalRequest(signature: Signature, request: Signed): string {
  const names = signature.signedHeaders.toSorted();
  const headers = names.map((name) => `${name}:${(request.headers[name] ?? "").trim().replace(/ +/g, " ")}\n`).join("");
  const query = canonicalQuery(request.query);
  return [request.method, canonicalPath(signature.service, request.path), query, headers, names.join(";"), payloadHash(signature, request)].join("\n");
}

/** S3 signs the path as it is sent, all others encode it once more. */
function canonicalPath(service: string, path: string): string {
  const encode = service === "s3" ? (part: string) => encodePart(decodeURIComponent(part)) : encodePart;
  return path.split("/").map(encode).join("/");
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`)
    .toSorted()
    .join("&");
}

function payloadHash(signature: Signature, request: Signed): string {
  const said = request.headers["x-amz-content-sha256"] ?? request.query.get("X-Amz-Content-Sha256") ?? undefined;
  if (said !== undefined) return said;
  return signature.service === "s3" && signature.place.kind === "query" ? "UNSIGNED-PAYLOAD" : sha256(request.body);
}

const encodePart = (text: string): string => encodeURIComponent(text).replace(/[!'()*]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
const hmac = (key: string | Uint8Array, data: string): Buffer => createHmac("sha256", key).update(data).digest();
