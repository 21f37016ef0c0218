import { S3Client } from "@aws-sdk/client-s3";
import { S3_CLIENT_OPTIONS } from "@sluice/platform/s3/client-options.ts";
import { createVirtualClock } from "../../../support/aws/clock.ts";
import { createAws } from "../../../support/aws/create-aws.ts";

export const BUCKET = "artifacts";

/** The fake's S3 with a bucket, and a client as our functions make theirs. */
export async function createS3World(options: { readonly mayList?: boolean } = {}) {
  const clock = createVirtualClock();
  const aws = await createAws({ clock });
  aws.s3.createBucket(BUCKET, options);
  // Not as long as in earnest: a test waits for it.
  const requestHandler = { ...S3_CLIENT_OPTIONS.requestHandler, socketTimeout: 500 };
  const client = new S3Client({ ...S3_CLIENT_OPTIONS, requestHandler, ...aws.client });
  return {
    aws,
    clock,
    client,
    /** What was asked of S3 since the last time, in order, with how it ended. */
    asked: () => {
      const calls = aws.calls.all("s3").map(({ operation, status }) => `${operation} ${status ?? "dropped"}`);
      aws.calls.clear();
      return calls;
    },
    stop: async () => {
      client.destroy();
      await aws.stop();
    },
  };
}
