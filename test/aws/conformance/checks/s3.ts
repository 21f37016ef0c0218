import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { type Check, outcome, outcomes, type World } from "../check.ts";

const sha256 = (text: string): string => createHash("sha256").update(text).digest("base64");

/** Of "123456789". Source: the check values of the catalogue of parametrised CRC algorithms; RFC 3174. */
const KNOWN = { CRC32: "y/Q5Jg==", CRC32C: "4waSgw==", CRC64NVME: "rosUhgp5mIg=", SHA1: "98O8HYCOBHMq32eZZczDTKeuNEE=" };

/** A client and a bucket of its own. */
async function open(world: World): Promise<{ readonly s3: S3Client; readonly Bucket: string }> {
  const s3 = new S3Client({ ...world.client, forcePathStyle: true, maxAttempts: 1 });
  const Bucket = world.name("bucket");
  const LocationConstraint = "eu-central-1";
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  return { s3, Bucket };
}

async function textOf(s3: S3Client, Bucket: string, Key: string): Promise<string> {
  return (await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()) ?? "nothing";
}

export const S3_CHECKS: readonly Check[] = [
  {
    id: "s3: bytes, type, metadata and ETag come back",
    want: 'hello text/plain {"a":"b"} "5d41402abc4b2a76b9719d911017c592"',
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "hello", ContentType: "text/plain", Metadata: { a: "b" } }));
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "k" }));
      return `${await got.Body?.transformToString()} ${got.ContentType} ${JSON.stringify(got.Metadata)} ${got.ETag}`;
    },
  },
  {
    id: "s3: keys of every kind",
    want: "a b/ü+c(1)!'*~ a%2Fb",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      for (const Key of ["a b/ü+c(1)!'*~", "a%2Fb"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      for (const { Key } of Contents) await s3.send(new GetObjectCommand({ Bucket, Key }));
      return Contents.map(({ Key }) => Key).join(" ");
    },
  },
  {
    id: "s3: what is not there",
    want: "NoSuchKey 404, NotFound 404, ok, NoSuchBucket 404",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const Key = "none";
      return outcomes(
        () => s3.send(new GetObjectCommand({ Bucket, Key })),
        () => s3.send(new HeadObjectCommand({ Bucket, Key })),
        () => s3.send(new DeleteObjectCommand({ Bucket, Key })),
        () => s3.send(new GetObjectCommand({ Bucket: world.name("absent"), Key })),
      );
    },
  },
  {
    id: "s3: If-None-Match * writes once",
    want: "ok, PreconditionFailed 412, first",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const put = (Body: string) => () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body, IfNoneMatch: "*" }));
      return `${await outcomes(put("first"), put("second"))}, ${await textOf(s3, Bucket, "k")}`;
    },
  },
  {
    id: "s3: of twenty racing writers one wins",
    want: "1 ok, 19 PreconditionFailed 412",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const racers = Array.from({ length: 20 }, (_, n) => outcome(s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: `${n}`, IfNoneMatch: "*" }))));
      const all = await Promise.all(racers);
      const ok = all.filter((one) => one === "ok").length;
      return `${ok} ok, ${all.length - ok} ${all.find((one) => one !== "ok")}`;
    },
  },
  {
    id: "s3: If-Match replaces what one has seen",
    want: "ok, PreconditionFailed 412, NoSuchKey 404",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
      const put = (Key: string) => () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "2", IfMatch: ETag }));
      return outcomes(put("k"), put("k"), put("other"));
    },
  },
  {
    id: "s3: If-None-Match on reading",
    want: "304 304, ok",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const { ETag } = await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "1" }));
      const same = await outcome(s3.send(new GetObjectCommand({ Bucket, Key: "k", IfNoneMatch: ETag })));
      const other = await outcome(s3.send(new GetObjectCommand({ Bucket, Key: "k", IfNoneMatch: '"x"' })));
      return `${same.replace(/^\w+ 304$/, "304 304")}, ${other}`;
    },
  },
  {
    id: "s3: a checksum that does not fit",
    want: "BadDigest 400, NoSuchKey 404",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      return outcomes(
        () => s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ChecksumSHA256: sha256("y") })),
        () => s3.send(new GetObjectCommand({ Bucket, Key: "k" })),
      );
    },
  },
  {
    id: "s3: a checksum comes back when asked for",
    want: sha256("x"),
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", ChecksumSHA256: sha256("x") }));
      return String((await s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }))).ChecksumSHA256);
    },
  },
  ...(["CRC32", "CRC32C", "CRC64NVME", "SHA1"] as const).map(
    (ChecksumAlgorithm): Check => ({
      id: `s3: ${ChecksumAlgorithm} of a known text`,
      want: KNOWN[ChecksumAlgorithm],
      run: async (world) => {
        const { s3, Bucket } = await open(world);
        const given = { [`Checksum${ChecksumAlgorithm}`]: KNOWN[ChecksumAlgorithm] };
        await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789", ...given }));
        const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" }));
        return String(head[`Checksum${ChecksumAlgorithm}`]);
      },
    }),
  ),
  {
    id: "s3: a stream in chunks with its checksum at the end",
    want: `200000 ${createHash("sha256").update(Buffer.alloc(200_000, 7)).digest("hex")}`,
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const chunks = Array.from({ length: 4 }, () => Buffer.alloc(50_000, 7));
      await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: Readable.from(chunks), ContentLength: 200_000 }));
      const bytes = (await (await s3.send(new GetObjectCommand({ Bucket, Key: "k" }))).Body?.transformToByteArray()) ?? new Uint8Array();
      return `${bytes.length} ${createHash("sha256").update(bytes).digest("hex")}`;
    },
  },
  {
    id: "s3: a part of an object",
    want: "206 bytes 2-4/9 345, 206 89, InvalidRange 416",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      await s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "123456789" }));
      const some = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=2-4" }));
      const last = await s3.send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=-2" }));
      const beyond = await outcome(s3.send(new GetObjectCommand({ Bucket, Key: "k", Range: "bytes=50-60" })));
      const first = `${some.$metadata.httpStatusCode} ${some.ContentRange} ${await some.Body?.transformToString()}`;
      return `${first}, ${last.$metadata.httpStatusCode} ${await last.Body?.transformToString()}, ${beyond}`;
    },
  },
  {
    id: "s3: listing by prefix, delimiter and pages",
    want: "a/1 a/2 | b/ | more a/1,c,end",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      for (const Key of ["c", "b/2", "b/1", "a/2", "a/1"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      const under = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "a/" }));
      const folded = await s3.send(new ListObjectsV2Command({ Bucket, Delimiter: "/", StartAfter: "a0" }));
      const page = await s3.send(new ListObjectsV2Command({ Bucket, MaxKeys: 4 }));
      const rest = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken: page.NextContinuationToken }));
      const more = `${page.IsTruncated === true ? "more" : "end"} ${page.Contents?.[0]?.Key},${rest.Contents?.[0]?.Key},${rest.IsTruncated === true ? "more" : "end"}`;
      return `${under.Contents?.map(({ Key }) => Key).join(" ")} | ${folded.CommonPrefixes?.map(({ Prefix }) => Prefix).join(" ")} | ${more}`;
    },
  },
  {
    id: "s3: keys are listed by their bytes",
    want: "A a ä \uFF01 \u{1F600}",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      for (const Key of ["\u{1F600}", "ä", "a", "\uFF01", "A"]) await s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      return ((await s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? []).map(({ Key }) => Key).join(" ");
    },
  },
  {
    id: "s3: deleting many at once, absent ones too",
    want: "a&b none 0",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      await s3.send(new PutObjectCommand({ Bucket, Key: "a&b", Body: "x" }));
      const { Deleted = [] } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: "a&b" }, { Key: "none" }] } }));
      return `${Deleted.map(({ Key }) => Key)
        .toSorted()
        .join(" ")} ${(await s3.send(new ListObjectsV2Command({ Bucket }))).KeyCount}`;
    },
  },
  {
    id: "s3: a copy has content and metadata",
    want: "x 1, NoSuchKey 404",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      await s3.send(new PutObjectCommand({ Bucket, Key: "a b", Body: "x", Metadata: { m: "1" } }));
      await s3.send(new CopyObjectCommand({ Bucket, Key: "c", CopySource: `${Bucket}/a%20b` }));
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: "c" }));
      const absent = await outcome(s3.send(new CopyObjectCommand({ Bucket, Key: "d", CopySource: `${Bucket}/none` })));
      return `${await got.Body?.transformToString()} ${got.Metadata?.["m"]}, ${absent}`;
    },
  },
  {
    id: "s3: a key of more than 1024 bytes",
    want: "ok, KeyTooLongError 400",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      const put = (Key: string) => () => s3.send(new PutObjectCommand({ Bucket, Key, Body: "x" }));
      return outcomes(put("k".repeat(1024)), put("k".repeat(1025)));
    },
  },
  {
    id: "s3: metadata of more than 2 KB",
    want: "MetadataTooLarge 400",
    run: async (world) => {
      const { s3, Bucket } = await open(world);
      return outcome(s3.send(new PutObjectCommand({ Bucket, Key: "k", Body: "x", Metadata: { m: "v".repeat(2048) } })));
    },
  },
];
