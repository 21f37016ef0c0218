import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { minutes } from "@sluice/engine/domain/time.ts";
import { createKeptByName, type Kept } from "../aws/kept.ts";
import type { Credentials } from "./token.ts";

export type RoleCredentialsOptions = {
  readonly client: STSClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Seen in CloudTrail of the role's account. */
  readonly sessionName: string;
};

type RoleSession = Credentials & { readonly expiration: Date };

const RENEWED_BEFORE = minutes(5);
/** Source: STS API reference, AssumeRole, RoleSessionName. */
const NOT_IN_NAMES = /[^\w+=,.@-]/g;

/** Credentials of roles by their ARNs, kept until shortly before they expire; while STS is silent, until they do. */
export function createRoleCredentials({ client, now, sessionName }: RoleCredentialsOptions): (roleArn: string) => Kept<Credentials> {
  const name = sessionName.replace(NOT_IN_NAMES, "-").slice(0, 64).padEnd(2, "-");
  return createKeptByName<RoleSession>((roleArn) => ({
    load: () => assume(client, roleArn, name),
    now,
    until: ({ expiration }) => expiration.getTime() - RENEWED_BEFORE,
    isUsable: ({ expiration }) => expiration.getTime() > now(),
  }));
}

async function assume(client: STSClient, roleArn: string, sessionName: string): Promise<RoleSession> {
  const { Credentials: given } = await client.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: sessionName }));
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = given ?? {};
  if (AccessKeyId === undefined || SecretAccessKey === undefined || SessionToken === undefined || Expiration === undefined)
    throw new Error(`STS gave no credentials for ${roleArn}`);
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken, expiration: Expiration };
}
