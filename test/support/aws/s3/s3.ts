import { createHash } from "node:crypto";
import { type AwsAnswer, AwsProblem, notInTheFake } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import { elementOf, elementsOf, renderXml } from "../protocol/xml.ts";
import type { AwsRequest } from "../request.ts";
import type { Operation, Service } from "../service.ts";
import { parseChunks } from "./aws-chunked.ts";
import type { Bucket, Stored } from "./bucket.ts";
import { checkChecksums } from "./checksums.ts";
import { checkCopyConditions, checkReadConditions, checkWriteConditions } from "./conditions.ts";
import { identifyS3, type Target, targetOf } from "./identify.ts";
import { listObjects } from "./list-objects.ts";
import { keptHeaders, readAnswer } from "./object-headers.ts";

/** What a test sees of S3 beside its API. */
export type FakeS3 = {
  /** Makes a bucket; without `mayList` a missing key is answered with 403, as for a role without s3:ListBucket. */
  createBucket(name: string, options?: { readonly mayList?: boolean }): void;
  keys(bucket: string): readonly string[];
  read(bucket: string, key: string): Buffer | undefined;
  /** Puts bytes there behind everybody's back: a wrong or damaged object. */
  put(bucket: string, key: string, bytes: Uint8Array): void;
  remove(bucket: string, key: string): void;
  /** As if what is there had been written so much earlier. */
  age(bucket: string, key: string, milliseconds: number): void;
};

const XMLNS = "http://s3.amazonaws.com/doc/2006-03-01/";
const MAX_KEY_BYTES = 1024;

/** S3 as far as Sluice uses it: path style, strongly consistent, one version of each object. */
export function createS3(clock: AwsClock): { readonly service: Service; readonly s3: FakeS3 } {
  const buckets = new Map<string, Bucket>();
  const addBucket = (name: string, mayList = true): void => void buckets.set(name, { name, createdAt: clock.now(), mayList, objects: new Map() });

  const bucketOf = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (bucket === undefined) throw new AwsProblem("NoSuchBucket", "The specified bucket does not exist", { status: 404, details: { BucketName: name } });
    return bucket;
  };

  const find = (bucket: Bucket, key: string): Stored => {
    const stored = bucket.objects.get(key);
    if (stored !== undefined) return stored;
    if (!bucket.mayList) throw new AwsProblem("AccessDenied", "Access Denied", { status: 403 });
    throw new AwsProblem("NoSuchKey", "The specified key does not exist.", { status: 404, details: { Key: key } });
  };

  const store = (bucket: Bucket, key: string, bytes: Buffer, headers: Readonly<Record<string, string>>, checked: Stored["checksum"]): Stored => {
    if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new AwsProblem("KeyTooLongError", "Your key is too long");
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    const stored: Stored = { bytes, etag, modifiedAt: clock.now(), headers: keptHeaders(headers), checksum: checked };
    bucket.objects.set(key, stored);
    return stored;
  };

  const putObject = (target: Target, request: AwsRequest): AwsAnswer => {
    const bucket = bucketOf(target.bucket);
    const { content, headers } = contentOf(request);
    const checksum = checkChecksums(headers, content);
    checkWriteConditions(headers, bucket.objects.get(target.key));
    const stored = store(bucket, target.key, content, headers, checksum);
    return empty(200, { etag: stored.etag, [`x-amz-checksum-${checksum.algorithm}`]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" });
  };

  const copyObject = (target: Target, request: AwsRequest): AwsAnswer => {
    const from = targetOf(`/${decodeURIComponent(request.headers["x-amz-copy-source"] ?? "").replace(/^\//, "")}`, (part) => part);
    const source = find(bucketOf(from.bucket), from.key);
    const bucket = bucketOf(target.bucket);
    checkCopyConditions(request.headers, source);
    checkWriteConditions(request.headers, bucket.objects.get(target.key));
    const replace = request.headers["x-amz-metadata-directive"] === "REPLACE";
    if (!replace && from.bucket === target.bucket && from.key === target.key) {
      throw new AwsProblem(
        "InvalidRequest",
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
      );
    }
    const stored = store(bucket, target.key, source.bytes, replace ? request.headers : source.headers, source.checksum);
    return xml({ CopyObjectResult: { ETag: stored.etag, LastModified: new Date(stored.modifiedAt).toISOString() } });
  };

  const read = (target: Target, request: AwsRequest): AwsAnswer => {
    const stored = find(bucketOf(target.bucket), target.key);
    if (checkReadConditions(request.headers, stored) === "same") return empty(304, { etag: stored.etag });
    return readAnswer(stored, request);
  };

  const deleteObjects = (target: Target, request: AwsRequest): AwsAnswer => {
    const bucket = bucketOf(target.bucket);
    const { content, headers } = contentOf(request);
    if (!Object.keys(headers).some((name) => name === "content-md5" || /^x-amz-checksum-/.test(name))) {
      throw new AwsProblem("InvalidRequest", "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
    }
    checkChecksums(headers, content);
    const text = content.toString();
    const keys = elementsOf(text, "Object").map((object) => elementOf(object, "Key") ?? "");
    if (keys.length === 0 || keys.length > 1000)
      throw new AwsProblem("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema");
    for (const key of keys) bucket.objects.delete(key);
    const quiet = elementOf(text, "Quiet") === "true";
    return xml({ DeleteResult: { Deleted: quiet ? [] : keys.map((key) => ({ Key: key })) } });
  };

  const createBucket = (name: string): AwsAnswer => {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsProblem("InvalidBucketName", "The specified bucket is not valid.");
    if (buckets.has(name))
      throw new AwsProblem("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.", { status: 409 });
    addBucket(name);
    return empty(200, { location: `/${name}` });
  };

  const perform = async ({ name }: Operation, request: AwsRequest): Promise<AwsAnswer> => {
    const target = targetOf(request.path);
    switch (name) {
      case "PutObject":
        return putObject(target, request);
      case "CopyObject":
        return copyObject(target, request);
      case "GetObject":
      case "HeadObject":
        return read(target, request);
      case "DeleteObject": {
        const { objects } = bucketOf(target.bucket);
        checkWriteConditions(request.headers, objects.get(target.key));
        objects.delete(target.key);
        return empty(204, {});
      }
      case "DeleteObjects":
        return deleteObjects(target, request);
      case "ListObjectsV2":
        return xml({ ListBucketResult: listObjects(bucketOf(target.bucket), request) });
      case "CreateBucket":
        return createBucket(target.bucket);
      case "HeadBucket":
        bucketOf(target.bucket);
        return empty(200, { "x-amz-bucket-region": request.region });
    }
    throw notInTheFake(`s3 ${name}`);
  };

  return {
    service: { name: "s3", identify: identifyS3, perform, refuse },
    s3: {
      createBucket: (name, options) => addBucket(name, options?.mayList ?? true),
      keys: (bucket) => [...bucketOf(bucket).objects.keys()].toSorted(),
      read: (bucket, key) => bucketOf(bucket).objects.get(key)?.bytes,
      put: (bucket, key, bytes) => void store(bucketOf(bucket), key, Buffer.from(bytes), {}, checkChecksums({}, bytes)),
      remove: (bucket, key) => void bucketOf(bucket).objects.delete(key),
      age: (bucket, key, milliseconds) => {
        const { objects } = bucketOf(bucket);
        const stored = objects.get(key);
        if (stored !== undefined) objects.set(key, { ...stored, modifiedAt: stored.modifiedAt - milliseconds });
      },
    },
  };
}

/** The bytes that were meant, and headers and trailer in one. */
function contentOf(request: AwsRequest): { readonly content: Buffer; readonly headers: Readonly<Record<string, string>> } {
  const chunked = (request.headers["content-encoding"] ?? "").split(",").some((coding) => coding.trim() === "aws-chunked");
  const streaming = (request.headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-");
  if (!chunked && !streaming) return { content: request.body, headers: request.headers };
  const { content, trailer } = parseChunks(request.body, request.headers);
  return { content, headers: { ...request.headers, ...trailer } };
}

const empty = (status: number, headers: Readonly<Record<string, string>>): AwsAnswer => ({ status, headers, body: "" });

function xml(root: Readonly<Record<string, object>>): AwsAnswer {
  const body = Object.entries(root)
    .map(([name, content]) => `<${name} xmlns="${XMLNS}">${renderXml(content)}</${name}>`)
    .join("");
  return { status: 200, headers: { "content-type": "application/xml" }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` };
}

function refuse(problem: AwsProblem, request: AwsRequest): AwsAnswer {
  const inner = renderXml({ Code: problem.code, Message: problem.message, ...problem.details, RequestId: request.requestId });
  const body = request.method === "HEAD" ? "" : `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${inner}</Error>`;
  return { status: problem.status, headers: { "content-type": "application/xml", "x-amz-request-id": request.requestId }, body };
}
