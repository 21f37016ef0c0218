import type { SQSClient } from "@aws-sdk/client-sqs";
import type { Credentials } from "@sluice/platform/aws/credentials.ts";

/**
 * The AWS credentials of whoever started us, as the AWS command line finds them: environment, profile, SSO … Looked for when something of AWS is told for the first
 * time; Lambda's, which come by the environment alone, need none of that.
 */
export function personCredentials(): () => Promise<Credentials> {
  let client: SQSClient | undefined;
  return async () => {
    const { SQSClient } = await import("@aws-sdk/client-sqs");
    client ??= new SQSClient({ region: "us-east-1" }); // the client makes the chain; where it would ask is of no matter
    return client.config.credentials();
  };
}
