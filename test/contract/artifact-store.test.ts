import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { createArtifactFolder } from "@sluice/platform/node/artifact-folder.ts";
import { createS3ArtifactStore } from "@sluice/platform/s3/artifact-store.ts";
import { S3_CLIENT_OPTIONS } from "@sluice/platform/s3/client-options.ts";
import { createAws } from "../support/aws/create-aws.ts";
import { describeArtifactStore } from "./artifact-store.ts";

describeArtifactStore("a folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sluice-artifacts-"));
  return {
    store: createArtifactFolder({ folder: join(folder, "new"), url: () => "http://127.0.0.1:9090", now: () => 0 }),
    urlOf: (hex) => `http://127.0.0.1:9090/artifacts/${hex}.tar.gz`,
    count: async () => (await readdir(join(folder, "new"))).length,
    damage: (hex, bytes) => writeFile(join(folder, "new", `${hex}.tar.gz`), bytes),
    stop: () => rm(folder, { recursive: true, force: true }),
  };
});

describeArtifactStore("S3", async () => {
  const aws = await createAws();
  aws.s3.createBucket("artifacts");
  const client = new S3Client({ ...S3_CLIENT_OPTIONS, ...aws.client });
  return {
    store: createS3ArtifactStore({ client, bucket: "artifacts", now: aws.clock.now }),
    urlOf: (hex) => `s3://artifacts/artifacts/${hex}.tar.gz`,
    count: async () => aws.s3.keys("artifacts").length,
    damage: async (hex, bytes) => aws.s3.put("artifacts", `artifacts/${hex}.tar.gz`, bytes),
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
});
