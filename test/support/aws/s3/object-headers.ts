import { type AwsAnswer, AwsProblem } from "../answer.ts";
import type { AwsRequest } from "../request.ts";
import type { Stored } from "./bucket.ts";

const KEPT = ["content-type", "cache-control", "content-disposition", "content-language", "expires"];
const MAX_METADATA_BYTES = 2048;

/** The headers of a write that come back with each read. Source: S3 User Guide, "Working with object metadata". */
export function keptHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const meta = Object.entries(headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  const size = meta.reduce((sum, [name, value]) => sum + Buffer.byteLength(name.slice("x-amz-meta-".length)) + Buffer.byteLength(value), 0);
  if (size > MAX_METADATA_BYTES) throw new AwsProblem("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size");
  const plain = KEPT.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]));
  const coding = (headers["content-encoding"] ?? "")
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "" && one !== "aws-chunked");
  const codings = coding.length === 0 ? [] : [["content-encoding", coding.join(",")]];
  return { "content-type": "binary/octet-stream", ...Object.fromEntries([...plain, ...codings, ...meta]) };
}

/** The object, or the part of it that `Range` names. Source: S3 API, GetObject; RFC 9110 §14. */
export function readAnswer(stored: Stored, request: AwsRequest): AwsAnswer {
  const range = parseRange(request.headers["range"], stored.bytes.length);
  const bytes = range === undefined ? stored.bytes : stored.bytes.subarray(range.from, range.to + 1);
  const asked = request.headers["x-amz-checksum-mode"]?.toUpperCase() === "ENABLED" && range === undefined;
  const checksum = asked ? { [`x-amz-checksum-${stored.checksum.algorithm}`]: stored.checksum.value, "x-amz-checksum-type": "FULL_OBJECT" } : {};
  const part = range === undefined ? {} : { "content-range": `bytes ${range.from}-${range.to}/${stored.bytes.length}` };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...stored.headers,
      ...checksum,
      ...part,
      etag: stored.etag,
      "last-modified": new Date(stored.modifiedAt).toUTCString(),
      "accept-ranges": "bytes",
      "content-length": String(bytes.length),
    },
    body: request.method === "HEAD" ? "" : bytes,
  };
}

function parseRange(header: string | undefined, size: number): { readonly from: number; readonly to: number } | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (from > to) throw new AwsProblem("InvalidRange", "The requested range is not satisfiable", { status: 416 });
  return { from, to };
}
