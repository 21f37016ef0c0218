import { DescribeClusterCommand, EKSClient } from "@aws-sdk/client-eks";
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { type Check, outcome, outcomes, type World } from "../check.ts";

const ROLE = "arn:aws:iam::111122223333:role/folder/deployer";
const stsOf = (world: World): STSClient => new STSClient({ ...world.client, maxAttempts: 1 });

export const STS_CHECKS: readonly Check[] = [
  {
    id: "sts: credentials of a role are known as its session",
    want: "111122223333 arn:aws:sts::111122223333:assumed-role/deployer/me",
    run: async (world) => {
      const { Credentials } = await stsOf(world).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName: "me" }));
      const { AccessKeyId: accessKeyId = "", SecretAccessKey: secretAccessKey = "", SessionToken: sessionToken = "" } = Credentials ?? {};
      const session = new STSClient({ ...world.client, credentials: { accessKeyId, secretAccessKey, sessionToken }, maxAttempts: 1 });
      const { Account, Arn } = await session.send(new GetCallerIdentityCommand({}));
      return `${Account} ${Arn}`;
    },
  },
  {
    id: "sts: for how long, and by which name",
    want: "ValidationError 400, ValidationError 400, ValidationError 400",
    run: (world) => {
      const assume = (RoleSessionName: string, DurationSeconds: number) => () =>
        stsOf(world).send(new AssumeRoleCommand({ RoleArn: ROLE, RoleSessionName, DurationSeconds }));
      return outcomes(assume("me", 899), assume("me", 43_201), assume("m e", 900));
    },
  },
  {
    id: "sts: credentials that nobody has",
    want: "InvalidClientTokenId 403",
    run: (world) => {
      const credentials = { accessKeyId: "AKIAUNKNOWN000000000", secretAccessKey: "x" };
      return outcome(new STSClient({ ...world.client, credentials, maxAttempts: 1 }).send(new GetCallerIdentityCommand({})));
    },
  },
  {
    id: "sts: a wrong secret",
    want: "SignatureDoesNotMatch 403",
    run: (world) => {
      const credentials = { ...world.client.credentials, secretAccessKey: "wrong" };
      return outcome(new STSClient({ ...world.client, credentials, maxAttempts: 1 }).send(new GetCallerIdentityCommand({})));
    },
  },
];

export const EKS_CHECKS: readonly Check[] = [
  {
    id: "eks: a cluster that is not there",
    want: "ResourceNotFoundException 404",
    run: (world) => outcome(new EKSClient({ ...world.client, maxAttempts: 1 }).send(new DescribeClusterCommand({ name: world.name("absent") }))),
  },
];
