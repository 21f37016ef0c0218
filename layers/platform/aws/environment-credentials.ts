import type { AwsCredentialIdentity } from "@smithy/types";

/**
 * Takes the place of the SDK's chain of credential providers in the bundles of functions (lib/stack/bundling.ts): Lambda gives a function its credentials
 * as environment variables, which the chain would look at first, too. What else is in it, SSO, profiles, a command of the user's choice, is 100 KiB that no
 * function needs, and the one place where the SDK starts a child process.
 */
export const defaultProvider = () => async (): Promise<AwsCredentialIdentity> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId = "", AWS_SECRET_ACCESS_KEY: secretAccessKey = "", AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (accessKeyId === "" || secretAccessKey === "") throw new Error("no AWS credentials in the environment: Lambda sets them");
  return { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) };
};
