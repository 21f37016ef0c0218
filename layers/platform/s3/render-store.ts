import { createHash } from "node:crypto";
import { PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { RenderStore } from "@sluice/engine/ports/artifact-store.ts";
import { readObject } from "./read-object.ts";

/** Where they lie: those who may write in one of these places have no business in the other. */
export type S3RenderStoreOptions = { readonly client: S3Client; readonly bucket: string; readonly prefix: "renders" | "indexes" };

const CHECKSUM_BYTES = 32;

/** Renders as objects named by the hash of what went into them, behind a checksum; one that does not match it counts as lost. The bucket's lifecycle removes them. */
export function createS3RenderStore({ client, bucket, prefix }: S3RenderStoreOptions): RenderStore {
  const keyOf = (inputs: string): string => `${prefix}/${sha256(inputs).toString("hex")}`;
  return {
    remember: async (inputs, bytes) => {
      const body = Buffer.concat([sha256(bytes), bytes]);
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: keyOf(inputs), Body: body, ContentType: "application/octet-stream" }));
    },
    recall: async (inputs) => {
      const stored = await readObject(client, bucket, keyOf(inputs));
      if (stored === undefined) return undefined;
      const bytes = stored.bytes.subarray(CHECKSUM_BYTES);
      return sha256(bytes).equals(stored.bytes.subarray(0, CHECKSUM_BYTES)) ? bytes : undefined;
    },
  };
}

const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();
