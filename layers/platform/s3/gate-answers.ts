import { DeleteObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { LargeAnswers } from "../gate/large-answers.ts";
import { readObject } from "./read-object.ts";

/** Answers of a gate as objects, each read once. What nobody takes, since its caller died, the bucket's lifecycle removes after a day. */
export function createS3GateAnswers(client: S3Client, bucket: string): LargeAnswers {
  return {
    put: async (key, bytes) => {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentType: "application/octet-stream" }));
    },
    take: async (key) => {
      const read = await readObject(client, bucket, key);
      if (read === undefined) throw new Error(`s3://${bucket}/${key}: the gate's answer is not there`);
      // It is had; that its copy stays a day longer is no reason to ask the API server again.
      await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })).catch(() => undefined);
      return read.bytes;
    },
  };
}
