import { createHash } from "node:crypto";
import type { Artifact } from "@sluice/engine/domain/artifact.ts";
import type { Cli, Session } from "../cli.ts";
import { Failure } from "../failure.ts";

/** The bytes of an artifact, from where its URL says that they are: the bucket of an installation on AWS, or `npm start`. They are checked against its digest. */
export async function readArtifact(cli: Cli, { awsRegion }: Session, { url, digest }: Artifact): Promise<Uint8Array> {
  const bytes = url.startsWith("s3://") ? await fromBucket(cli, awsRegion ?? cli.access.awsRegion, url) : await fromServer(url, cli.signal);
  if (`sha256:${createHash("sha256").update(bytes).digest("hex")}` !== digest) throw new Failure(`the artifact at ${url} is not the one of ${digest}`);
  return bytes;
}

async function fromBucket(cli: Cli, region: string | undefined, url: string): Promise<Uint8Array> {
  if (region === undefined) throw new Failure(`the region of ${url} is not known: set AWS_REGION, or name a chart of this machine with --chart`);
  const [, bucket = "", key = ""] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
  const answer = await (await cli.aws(region)).readArtifact(bucket, key);
  switch (answer.kind) {
    case "read":
      return answer.bytes;
    case "absent":
      throw new Failure(`${url} is not there`);
    case "trouble":
      throw new Failure(`failed to read ${url}: ${answer.message}`);
  }
}

async function fromServer(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(url, { signal }).catch((error: unknown) => {
    throw new Failure(`failed to fetch ${url}: ${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)}`);
  });
  if (!answer.ok) throw new Failure(`failed to fetch ${url}: ${answer.status} ${answer.statusText}`);
  return new Uint8Array(await answer.arrayBuffer());
}
