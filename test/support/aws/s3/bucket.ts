import type { Checksum } from "./checksums.ts";

/** What is stored under a key. */
export type Stored = {
  readonly bytes: Buffer;
  /** With its quotes, as S3 gives it. */
  readonly etag: string;
  readonly modifiedAt: number;
  /** Headers that come back as they were given: content-type, x-amz-meta-… */
  readonly headers: Readonly<Record<string, string>>;
  readonly checksum: Checksum;
};

export type Bucket = {
  readonly name: string;
  readonly createdAt: number;
  /** Without the right to list, a missing key is "forbidden". Source: S3 API, GetObject, "Permissions". */
  readonly mayList: boolean;
  readonly objects: Map<string, Stored>;
};

/** Keys in the order in which S3 lists them: by their bytes in UTF-8. */
export const sortedKeys = (bucket: Bucket): readonly string[] => [...bucket.objects.keys()].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
