import { AwsProblem } from "./answer.ts";
import { createBackground } from "./background.ts";
import { type CallLog, createCallLog } from "./call-log.ts";
import { type AwsClock, createRealClock } from "./clock.ts";
import { createAuthenticator, type KubernetesUser } from "./eks/authenticator.ts";
import { createEks, type FakeEks } from "./eks/eks.ts";
import { createEvents, type FakeEvents } from "./events/events.ts";
import { createFaults, type Faults } from "./faults.ts";
import { createGateway } from "./gateway.ts";
import { type Credentials, createAccessKeys } from "./identity.ts";
import { createLambda, type FakeLambda, type RunFunction } from "./lambda/lambda.ts";
import { createLogs, type FakeLogs } from "./logs/logs.ts";
import type { Place } from "./request.ts";
import { createS3, type FakeS3 } from "./s3/s3.ts";
import { createScheduler, type FakeScheduler } from "./scheduler/scheduler.ts";
import { createSecretsManager, type FakeSecrets } from "./secrets-manager/secrets-manager.ts";
import { createSns, type FakeSns } from "./sns/sns.ts";
import { createSqs, type FakeSqs } from "./sqs/sqs.ts";
import { createSsm, type FakeSsm } from "./ssm/ssm.ts";
import { createSts, type FakeSts } from "./sts/sts.ts";

export type AwsOptions = {
  /** The machine's clock without it; `createVirtualClock()` for time that the test moves. */
  readonly clock?: AwsClock;
  /** The account and region of what a test makes by hand. */
  readonly account?: string;
  readonly region?: string;
  /** Runs Lambda functions; without it there are none. */
  readonly lambda?: RunFunction;
};

/** AWS on loopback; what it does and does not stands in README.md beside this file. */
export type FakeAws = {
  /** For `endpoint` or AWS_ENDPOINT_URL: one address for all services. */
  readonly url: string;
  readonly account: string;
  readonly region: string;
  readonly clock: AwsClock;
  /** Of a user of the fake's own account. */
  readonly credentials: Credentials;
  /** Endpoint, region and credentials as an SDK client takes them. */
  readonly client: { readonly endpoint: string; readonly region: string; readonly credentials: Credentials };
  /** The same as environment variables, for a child process. */
  environment(credentials?: Credentials): Readonly<Record<string, string>>;
  /** Credentials of a session of the role, as a function gets those of its execution role; good for `seconds` (an hour). */
  credentialsOf(roleArn: string, sessionName?: string, seconds?: number): Credentials;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly s3: FakeS3;
  readonly sqs: FakeSqs;
  readonly sns: FakeSns;
  readonly secrets: FakeSecrets;
  readonly sts: FakeSts;
  readonly eks: FakeEks;
  readonly ssm: FakeSsm;
  readonly lambda: FakeLambda;
  readonly logs: FakeLogs;
  readonly scheduler: FakeScheduler;
  readonly events: FakeEvents;
  /** What EKS' webhook authenticator says to a bearer token; undefined is 401. */
  authenticateToken(token: string, clusterName: string, place?: Partial<Place>): KubernetesUser | undefined;
  /** Ends when all deliveries and asynchronous invocations that are under way are done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
};

/** Starts the fake on a free port of loopback. */
export async function createAws(options: AwsOptions = {}): Promise<FakeAws> {
  const clock = options.clock ?? createRealClock();
  const home: Place = { account: options.account ?? "000000000000", region: options.region ?? "eu-central-1" };
  const keys = createAccessKeys();
  const calls = createCallLog();
  const faults = createFaults();
  const background = createBackground();
  let url = "";

  const sqs = createSqs(clock, () => url, home);
  const lambda = createLambda(clock, background, options.lambda ?? noFunction);
  const sns = createSns({ clock, background, url: () => url, home, send: sqs.send, later: lambda.later });
  const s3 = createS3(clock);
  const secrets = createSecretsManager(clock, home);
  const sts = createSts(clock, keys);
  const eks = createEks(clock, home);
  const ssm = createSsm(clock, home);
  const logs = createLogs(clock, home);
  const scheduler = createScheduler(clock, home, sqs.send, lambda.later);
  const events = createEvents(clock, home);
  const services = [s3, sqs, sns, secrets, sts, eks, ssm, lambda, logs, scheduler, events].map(({ service }) => service);

  const { server, stop } = createGateway({ clock, keys, calls, faults, services: () => services });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the fake has no port");
  url = `http://127.0.0.1:${address.port}`;
  const credentials = publicPart(keys.addUser(home.account, "tester"));

  return {
    url,
    ...home,
    clock,
    credentials,
    client: { endpoint: url, region: home.region, credentials },
    environment: (given = credentials) => ({
      AWS_ENDPOINT_URL: url,
      AWS_REGION: home.region,
      AWS_ACCESS_KEY_ID: given.accessKeyId,
      AWS_SECRET_ACCESS_KEY: given.secretAccessKey,
      ...(given.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: given.sessionToken }),
    }),
    credentialsOf: (roleArn, sessionName = "session", seconds = 3600) => publicPart(keys.addSession(roleArn, sessionName, clock.now() + seconds * 1000)),
    calls,
    faults,
    s3: s3.s3,
    sqs: sqs.sqs,
    sns: sns.sns,
    secrets: secrets.secrets,
    sts: sts.sts,
    eks: eks.eks,
    ssm: ssm.ssm,
    lambda: lambda.lambda,
    logs: logs.logs,
    scheduler: scheduler.scheduler,
    events: events.events,
    authenticateToken: createAuthenticator(clock, keys, eks.state, home),
    settled: background.settled,
    stop: async () => {
      clock.stop();
      await stop();
      await background.settled();
    },
  };
}

const publicPart = ({ accessKeyId, secretAccessKey, sessionToken }: Credentials): Credentials =>
  sessionToken === undefined ? { accessKeyId, secretAccessKey } : { accessKeyId, secretAccessKey, sessionToken };

const noFunction: RunFunction = async (name) => {
  throw new AwsProblem("ResourceNotFoundException", `Function not found: ${name}`, { status: 404 });
};
