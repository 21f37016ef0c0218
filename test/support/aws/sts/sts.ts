import { AwsProblem } from "../answer.ts";
import type { AwsClock } from "../clock.ts";
import type { AccessKeys } from "../identity.ts";
import { maybeNumber, textOf } from "../input.ts";
import { createQueryService } from "../protocol/query.ts";
import type { Service } from "../service.ts";

export type FakeSts = {
  /** From now on nobody may assume the role; others may be assumed by everybody. */
  refuse(roleArn: string): void;
};

/** STS as far as Sluice uses it. Source: STS API. */
export function createSts(clock: AwsClock, keys: AccessKeys): { readonly service: Service; readonly sts: FakeSts } {
  const refused = new Set<string>();
  const service = createQueryService({
    name: "sts",
    namespace: "https://sts.amazonaws.com/doc/2011-06-15/",
    operations: {
      GetCallerIdentity: { members: [], run: (_, { caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.account }) },
      AssumeRole: {
        members: ["RoleArn", "RoleSessionName", "DurationSeconds"],
        run: (input, { caller }) => {
          const roleArn = textOf(input, "RoleArn", "ValidationError");
          const session = textOf(input, "RoleSessionName", "ValidationError");
          const seconds = maybeNumber(input, "DurationSeconds") ?? 3600;
          checkAssumption(roleArn, session, seconds);
          if (refused.has(roleArn))
            throw new AwsProblem("AccessDenied", `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`, { status: 403 });
          const key = keys.addSession(roleArn, session, clock.now() + seconds * 1000);
          return {
            Credentials: {
              AccessKeyId: key.accessKeyId,
              SecretAccessKey: key.secretAccessKey,
              SessionToken: key.sessionToken,
              Expiration: new Date(clock.now() + seconds * 1000).toISOString(),
            },
            AssumedRoleUser: { Arn: key.caller.arn, AssumedRoleId: key.caller.userId },
          };
        },
      },
    },
  });
  return { service, sts: { refuse: (roleArn) => void refused.add(roleArn) } };
}

function checkAssumption(roleArn: string, session: string, seconds: number): void {
  const invalid = (what: string): AwsProblem => new AwsProblem("ValidationError", what);
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(roleArn)) throw invalid(`${roleArn} is invalid`);
  if (!/^[\w+=,.@-]{2,64}$/.test(session)) throw invalid(`1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint`);
  if (!(seconds >= 900 && seconds <= 43_200))
    throw invalid(`1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint`);
}
