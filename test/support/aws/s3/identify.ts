import { notInTheFake } from "../answer.ts";
import type { AwsRequest } from "../request.ts";
import type { Operation } from "../service.ts";

export type Target = { readonly bucket: string; readonly key: string };

/** Bucket and key of a path in path style. */
export function targetOf(path: string, decode: (part: string) => string = decodeURIComponent): Target {
  const [, bucket = "", ...rest] = path.split("/");
  return { bucket, key: rest.map(decode).join("/") };
}

/** Parameters that say nothing of what is asked for. */
const SILENT = /^(x-id|x-amz-.*|prefix|delimiter|max-keys|continuation-token|start-after|encoding-type|fetch-owner|list-type)$/i;
/** Headers that would change what S3 does and that the fake does not know. */
const REFUSED = ["x-amz-tagging", "x-amz-object-lock-mode", "x-amz-website-redirect-location", "x-amz-write-offset-bytes", "x-amz-grant-read"];

/** Which operation a request to S3 is: by method, path and sub-resource. */
export function identifyS3(request: AwsRequest): Operation {
  const target = targetOf(request.path);
  const name = nameOf(request, target);
  const refused = REFUSED.find((header) => request.headers[header] !== undefined);
  if (refused !== undefined) throw notInTheFake(`s3 ${name} with ${refused}`);
  const conditions = Object.entries(request.headers).filter(([header]) => /^(if-|range$|x-amz-copy-source)/.test(header));
  return { name, input: { Bucket: target.bucket, Key: target.key, ...Object.fromEntries(conditions) } };
}

function nameOf(request: AwsRequest, { key }: Target): string {
  const sub = [...request.query.keys()].filter((name) => !SILENT.test(name));
  const what = `${request.method} ${key === "" ? "bucket" : "object"}${sub.map((name) => `?${name}`).join("")}`;
  const found = NAMES[what];
  if (found === undefined) throw notInTheFake(`s3 ${what}`);
  if (found === "PutObject" && request.headers["x-amz-copy-source"] !== undefined) return "CopyObject";
  if (found === "ListObjectsV2" && request.query.get("list-type") !== "2") throw notInTheFake("s3 ListObjects (version 1)");
  return found;
}

const NAMES: Readonly<Record<string, string>> = {
  "PUT object": "PutObject",
  "GET object": "GetObject",
  "HEAD object": "HeadObject",
  "DELETE object": "DeleteObject",
  "POST bucket?delete": "DeleteObjects",
  "GET bucket": "ListObjectsV2",
  "PUT bucket": "CreateBucket",
  "HEAD bucket": "HeadBucket",
};
