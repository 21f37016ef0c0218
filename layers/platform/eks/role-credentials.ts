import { minutes } from "@sluice/engine/domain/time.ts";
import type { Credentials } from "../aws/credentials.ts";
import { createKeptByName, type Kept } from "../aws/kept.ts";
import { elementText, queryRequest } from "../aws/query-protocol.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";

export type RoleCredentialsOptions = {
  readonly sts: Pick<SignedRequests, "send">;
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
export function createRoleCredentials({ sts, now, sessionName }: RoleCredentialsOptions): (roleArn: string) => Kept<Credentials> {
  const name = sessionName.replace(NOT_IN_NAMES, "-").slice(0, 64).padEnd(2, "-");
  return createKeptByName<RoleSession>((roleArn) => ({
    load: () => assume(sts, roleArn, name),
    now,
    until: ({ expiration }) => expiration.getTime() - RENEWED_BEFORE,
    isUsable: ({ expiration }) => expiration.getTime() > now(),
  }));
}

async function assume(sts: Pick<SignedRequests, "send">, roleArn: string, sessionName: string): Promise<RoleSession> {
  const { body } = await sts.send(queryRequest("AssumeRole", "2011-06-15", { RoleArn: roleArn, RoleSessionName: sessionName }));
  const answer = body.toString("utf8");
  const [accessKeyId, secretAccessKey, sessionToken, ends] = ["AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration"].map((name) =>
    elementText(answer, name),
  );
  const expiration = new Date(ends ?? "");
  if (accessKeyId === undefined || secretAccessKey === undefined || sessionToken === undefined || Number.isNaN(expiration.getTime()))
    throw new Error(`STS gave no credentials for ${roleArn}`);
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}
