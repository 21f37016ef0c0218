import { AwsProblem } from "../answer.ts";
import type { AwsRequest } from "../request.ts";
import { type Bucket, sortedKeys } from "./bucket.ts";

/** ListObjectsV2. Source: S3 API, ListObjectsV2: at most 1,000 keys, in the order of their bytes; a folded prefix counts as one. */
export function listObjects(bucket: Bucket, request: AwsRequest): object {
  const query = request.query;
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const limit = Math.min(Number(query.get("max-keys") ?? "1000"), 1000);
  if (Number.isNaN(limit) || limit < 0) throw new AwsProblem("InvalidArgument", "Provided max-keys not an integer or within integer range");
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : parseToken(token);
  const encode = query.get("encoding-type") === "url" ? encodeKey : (text: string) => text;

  const rows = fold(sortedKeys(bucket), prefix, delimiter).filter((row) => isAfter(row.text, after));
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const truncated = rows.length > shown.length && last !== undefined;
  return {
    Name: bucket.name,
    Prefix: encode(prefix),
    Delimiter: delimiter === "" ? undefined : encode(delimiter),
    MaxKeys: limit,
    EncodingType: query.get("encoding-type") ?? undefined,
    KeyCount: shown.length,
    IsTruncated: truncated,
    ContinuationToken: token ?? undefined,
    StartAfter: query.get("start-after") ?? undefined,
    NextContinuationToken: truncated ? Buffer.from(last.text).toString("base64url") : undefined,
    Contents: shown.flatMap((row) => (row.kind === "key" ? [describe(bucket, row.text, encode)] : [])),
    CommonPrefixes: shown.flatMap((row) => (row.kind === "prefix" ? [{ Prefix: encode(row.text) }] : [])),
  };
}

type Row = { readonly kind: "key" | "prefix"; readonly text: string };

function fold(keys: readonly string[], prefix: string, delimiter: string): readonly Row[] {
  const rows: Row[] = [];
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
    const row: Row = cut < 0 ? { kind: "key", text: key } : { kind: "prefix", text: key.slice(0, cut + delimiter.length) };
    if (row.kind === "key" || rows.at(-1)?.text !== row.text) rows.push(row);
  }
  return rows;
}

function describe(bucket: Bucket, key: string, encode: (text: string) => string): object {
  const stored = bucket.objects.get(key);
  if (stored === undefined) throw new Error(`listed and gone: ${key}`);
  return {
    Key: encode(key),
    LastModified: new Date(stored.modifiedAt).toISOString(),
    ETag: stored.etag,
    Size: stored.bytes.length,
    StorageClass: "STANDARD",
    ChecksumAlgorithm: stored.checksum.algorithm.toUpperCase(),
  };
}

function parseToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (text === "") throw new AwsProblem("InvalidArgument", "The continuation token provided is incorrect");
  return text;
}

const isAfter = (text: string, after: string): boolean => Buffer.compare(Buffer.from(text), Buffer.from(after)) > 0;
const encodeKey = (text: string): string => text.split("/").map(encodeURIComponent).join("/");
