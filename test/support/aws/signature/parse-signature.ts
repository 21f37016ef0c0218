/** What a request says of its signature; not yet checked. Source: IAM User Guide, "Elements of an AWS API request signature". */
export type Signature = {
  readonly accessKeyId: string;
  /** `YYYYMMDD/region/service/aws4_request`. */
  readonly scope: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** `YYYYMMDDTHHMMSSZ`. */
  readonly date: string;
  readonly token: string | undefined;
  /** Where it stood; a presigned URL says for how many seconds it is good. */
  readonly place: { readonly kind: "header" } | { readonly kind: "query"; readonly expires: number };
};

const ALGORITHM = "AWS4-HMAC-SHA256";

/** The signature in the Authorization header or the query, or undefined when there is none. */
export function parseSignature(headers: Readonly<Record<string, string>>, query: URLSearchParams): Signature | undefined {
  return fromHeader(headers) ?? fromQuery(query);
}

function fromHeader(headers: Readonly<Record<string, string>>): Signature | undefined {
  const match = /^AWS4-HMAC-SHA256 Credential=([^,]+),\s*SignedHeaders=([^,]+),\s*Signature=([0-9a-f]{64})$/.exec(headers["authorization"] ?? "");
  if (match === null) return undefined;
  const [, credential = "", signed = "", signature = ""] = match;
  return assemble(credential, signed, signature, headers["x-amz-date"] ?? "", headers["x-amz-security-token"], { kind: "header" });
}

function fromQuery(query: URLSearchParams): Signature | undefined {
  if (query.get("X-Amz-Algorithm") !== ALGORITHM) return undefined;
  const token = query.get("X-Amz-Security-Token") ?? undefined;
  const place = { kind: "query" as const, expires: Number(query.get("X-Amz-Expires") ?? "NaN") };
  const signature = query.get("X-Amz-Signature") ?? "";
  return assemble(query.get("X-Amz-Credential") ?? "", query.get("X-Amz-SignedHeaders") ?? "", signature, query.get("X-Amz-Date") ?? "", token, place);
}

function assemble(
  credential: string,
  signed: string,
  signature: string,
  date: string,
  token: string | undefined,
  place: Signature["place"],
): Signature | undefined {
  const [accessKeyId = "", day = "", region = "", service = "", end = ""] = credential.split("/");
  if (end !== "aws4_request" || !date.startsWith(day)) return undefined;
  return { accessKeyId, scope: `${day}/${region}/${service}/${end}`, region, service, signedHeaders: signed.split(";"), signature, date, token, place };
}

/** The time that `YYYYMMDDTHHMMSSZ` names, in milliseconds since 1970. */
export function signedAt(date: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}
