import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** An object of S3, read whole. */
export type ReadObject = { readonly bytes: Uint8Array; readonly etag: string | undefined; readonly modifiedAt: Date | undefined };

const ATTEMPTS = 3;

/**
 * The object at `key`, or undefined when there is none. The client's own retries end where an answer's body begins, so one that breaks off is asked for
 * again here. Needs `s3:ListBucket`, too: without it S3 says "access denied" of what is not there.
 */
export async function readObject(client: S3Client, bucket: string, key: string): Promise<ReadObject | undefined> {
  for (let attempt = 1; ; attempt++) {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key })).catch(ifNotThere);
    if (answer === undefined) return undefined;
    try {
      return { bytes: (await answer.Body?.transformToByteArray()) ?? new Uint8Array(), etag: answer.ETag, modifiedAt: answer.LastModified };
    } catch (error) {
      if (attempt >= ATTEMPTS) throw new Error(`s3://${bucket}/${key}: the answer broke off ${attempt} times`, { cause: error });
    }
  }
}

/** "There is no such object" is an answer; a missing bucket is not, nor is anything else. A HEAD has no body that could tell them apart: it is `NotFound`. */
export function ifNotThere(error: unknown): undefined {
  if (isNamed(error, "NoSuchKey", "NotFound")) return undefined;
  throw error;
}

/** S3 answered with one of these error codes. */
export const isNamed = (error: unknown, ...names: readonly string[]): boolean => error instanceof Error && names.includes(error.name);
