import { createHash } from "node:crypto";
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { ArtifactStore } from "@sluice/engine/ports/artifact-store.ts";
import { ifNotThere, isNamed, readObject } from "./read-object.ts";

export type S3ArtifactStoreOptions = {
  readonly client: S3Client;
  readonly bucket: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /**
   * For who may not write: what ought to be written anew counts as not there. Whoever asked hands the object on to its source then, which writes it anew.
   * Without that, what only a sweep looks at would be removed by the lifecycle while it is in use.
   */
  readonly readOnly?: boolean;
};

const DIGEST = /^sha256:([0-9a-f]{64})$/;
/** What is in use and older than this is written anew. The bucket's lifecycle removes what nobody has used for weeks; it must wait longer than this. */
const RENEWED_AFTER_MS = 7 * 24 * 3_600_000;

/**
 * Artifacts as objects named by their content: written once, verified by S3 on their way in and by us on their way out. `has` and `put` go by the SHA-256
 * that S3 itself took of the bytes it holds, so an object that somebody else put in an artifact's place counts as lost and is written anew. Both are use:
 * they keep the bucket's lifecycle from what a source still has, at the price of one more write in a week.
 */
export function createS3ArtifactStore({ client, bucket, now, readOnly = false }: S3ArtifactStoreOptions): ArtifactStore {
  /** False when somebody else has written it, or does so right now. */
  async function write(hex: string, bytes: Uint8Array, onlyNew: boolean): Promise<boolean> {
    const input = { Bucket: bucket, Key: keyOf(hex), Body: bytes, ContentType: "application/gzip", ChecksumSHA256: inBase64(hex) };
    try {
      await client.send(new PutObjectCommand(onlyNew ? { ...input, IfNoneMatch: "*" } : input));
      return true;
    } catch (error) {
      if (onlyNew && isNamed(error, "PreconditionFailed", "ConditionalRequestConflict")) return false;
      throw error;
    }
  }

  /** What stands there by S3's own account; `other` is not what its name says. */
  async function look(hex: string): Promise<"young" | "old" | "other" | "nothing"> {
    const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: keyOf(hex), ChecksumMode: "ENABLED" })).catch(ifNotThere);
    if (head === undefined) return "nothing";
    if (head.ChecksumSHA256 !== inBase64(hex) || head.LastModified === undefined) return "other";
    return head.LastModified.getTime() > now() - RENEWED_AFTER_MS ? "young" : "old";
  }

  async function read(hex: string): Promise<Uint8Array | undefined> {
    const found = await readObject(client, bucket, keyOf(hex));
    if (found === undefined || sha256(found.bytes) === hex) return found?.bytes;
    await removeDamaged(client, { Bucket: bucket, Key: keyOf(hex), ...(found.etag !== undefined && { IfMatch: found.etag }) });
    return undefined;
  }

  /** False when it turns out on the way that it is not what its name says. */
  async function renew(hex: string): Promise<boolean> {
    const bytes = await read(hex);
    return bytes !== undefined && write(hex, bytes, false);
  }

  return {
    put: async (bytes) => {
      const hex = sha256(bytes);
      if (!(await write(hex, bytes, true)) && (await look(hex)) !== "young") await write(hex, bytes, false);
      return { digest: `sha256:${hex}`, size: bytes.length, url: `s3://${bucket}/${keyOf(hex)}` };
    },
    get: async (digest) => {
      const hex = DIGEST.exec(digest)?.[1];
      return hex === undefined ? undefined : read(hex);
    },
    has: async (digest) => {
      const hex = DIGEST.exec(digest)?.[1];
      const there = hex === undefined ? "nothing" : await look(hex);
      return there === "young" || (hex !== undefined && there === "old" && !readOnly && (await renew(hex)));
    },
  };
}

const keyOf = (hex: string): string => `artifacts/${hex}.tar.gz`;
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");
const inBase64 = (hex: string): string => Buffer.from(hex, "hex").toString("base64");

/** Removes what was read, not what may have been put in its place since. Who may only read leaves it: the next `put` writes it anew all the same. */
async function removeDamaged(client: S3Client, object: { Bucket: string; Key: string; IfMatch?: string }): Promise<void> {
  try {
    await client.send(new DeleteObjectCommand(object));
  } catch (error) {
    if (!isNamed(error, "PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "AccessDenied")) throw error;
  }
}
