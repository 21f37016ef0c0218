import { Readable } from "node:stream";
import { S3Client } from "@aws-sdk/client-s3";
import { createS3ArtifactStore } from "@sluice/platform/s3/artifact-store.ts";
import { HttpResponse } from "@smithy/core/protocols";
import { expect, it } from "vitest";

const HEX = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // of "abc"
const DAY_MS = 24 * 3_600_000;
const NOW = Date.UTC(2026, 10, 21);

/** S3 that holds "abc", stored so many days ago; `log` has the methods of what it was asked. */
function holding(days: number, log: string[]): S3Client {
  return new S3Client({
    region: "eu-central-1",
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    requestHandler: {
      handle: async ({ method }: { method: string }) => {
        log.push(method);
        const headers = {
          "last-modified": new Date(NOW - days * DAY_MS).toUTCString(),
          "x-amz-checksum-sha256": Buffer.from(HEX, "hex").toString("base64"),
        };
        return { response: new HttpResponse({ statusCode: 200, headers, body: Readable.from([Buffer.from(method === "GET" ? "abc" : "")]) }) };
      },
    },
  });
}

it.each([
  { days: 1, readOnly: true, has: true, asked: "HEAD" },
  { days: 8, readOnly: true, has: false, asked: "HEAD" },
  { days: 8, readOnly: false, has: true, asked: "HEAD GET PUT" },
])("stored $days days ago, may write: not $readOnly -> $has after $asked", async ({ days, readOnly, has, asked }) => {
  const log: string[] = [];
  const store = createS3ArtifactStore({ client: holding(days, log), bucket: "b", now: () => NOW, readOnly });
  expect(await store.has(`sha256:${HEX}`)).toBe(has);
  expect(log.join(" ")).toBe(asked);
});
