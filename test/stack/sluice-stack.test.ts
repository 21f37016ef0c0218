import { LONGEST_ATTEMPT } from "@sluice/engine/reconcile/notify/schedule.ts";
import { ENV_AMAZON_Q_WANTS, ENV_CLUSTERS, ENV_SETTINGS, ENV_SLACK_SECRET, MAX_RECEIVES } from "@sluice/platform/lambda/environment.ts";
import { METRIC_DIMENSIONS } from "@sluice/platform/lambda/metric-names.ts";
import { parseInstallation as parseParameter } from "@sluice/platform/ssm/installation.ts";
import { describe, expect, it } from "vitest";
import { VERSION } from "../../lib/config.ts";
import { CLUSTERS, FULL, flat, PRIVATE, type Properties, type Resource, synthesize, the } from "./synthesize.ts";

// Each is built once: what a template says does not change.
const none = synthesize({});
const full = synthesize(FULL);
const { main } = full;

const functionNamed = (name: string): Properties =>
  the(main.ofType("AWS::Lambda::Function").filter(({ Properties }) => Properties.FunctionName === `sluice-${name}`));
const alarmNamed = (name: string): Properties =>
  the(main.ofType("AWS::CloudWatch::Alarm").filter(({ Properties }) => Properties.AlarmName === `sluice ${name}`));
describe("queues", () => {
  const queues = main.ofType("AWS::SQS::Queue");
  const isDead = ({ id }: Resource): boolean => id.includes("DeadLetters") || id.includes("UnheardEvents") || id.includes("MissedTicks");
  const work = queues.filter((queue) => !isDead(queue));

  it("there are five, and a dead-letter queue for each of them and for each function that reads none", () => {
    expect(work.map(({ id }) => flat({ Ref: id }))).toEqual(["<SourceQueue>", "<ApplyQueue>", "<SweepQueue>", "<LaterQueue>", "<DeliveryQueue>"]);
    expect(queues.filter(isDead)).toHaveLength(7);
  });
  it.each(work)("$id: redrive after as many receives as the functions count, kept for two weeks", ({ id, Properties }) => {
    const dead = queues.find((queue) => queue.id.startsWith(id.slice(0, -8)) && isDead(queue));
    expect(Properties.RedrivePolicy).toEqual({ maxReceiveCount: MAX_RECEIVES, deadLetterTargetArn: { "Fn::GetAtt": [dead?.id, "Arn"] } });
    expect(dead?.Properties.FifoQueue).toBe(Properties.FifoQueue);
    expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 3600);
  });
  it.each(work.filter(({ Properties }) => Properties.FifoQueue))("$id: each group by itself", ({ Properties }) =>
    expect(Properties).toMatchObject({ DeduplicationScope: "messageGroup", FifoThroughputLimit: "perMessageGroupId" }));
  it.each(queues)("$id is encrypted and takes TLS only", ({ id, Properties }) => {
    expect(Properties.SqsManagedSseEnabled).toBe(true);
    const policies = main.ofType("AWS::SQS::QueuePolicy").filter((policy) => policy.Properties.Queues.some((queue: Properties) => queue.Ref === id));
    expect(the(policies).PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
    );
  });
  it.each(queues.filter(isDead))("$id: one message is an alarm", ({ id }) => {
    const alarms = main.ofType("AWS::CloudWatch::Alarm").filter(({ Properties }) => JSON.stringify(Properties.Dimensions ?? []).includes(`"${id}"`));
    expect(the(alarms)).toMatchObject({ MetricName: "ApproximateNumberOfMessagesVisible", Threshold: 1, EvaluationPeriods: 1, Period: 60 });
  });
  it.each([
    { reader: "source", queue: "SourceQueue", batch: 10, atOnce: 20 },
    { reader: "apply", queue: "ApplyQueue", batch: 1, atOnce: 50 },
    { reader: "sweep", queue: "SweepQueue", batch: 10, atOnce: 50 },
    { reader: "relay", queue: "LaterQueue", batch: 10, atOnce: 5 },
    { reader: "notify", queue: "DeliveryQueue", batch: 5, atOnce: 20 },
  ])("$reader reads $queue, $batch at a time, and outlives no message", ({ reader, queue, batch, atOnce }) => {
    const mapping = the(main.ofType("AWS::Lambda::EventSourceMapping").filter(({ Properties }) => flat(Properties.EventSourceArn) === `<${queue}.Arn>`));
    expect(flat(mapping.FunctionName)).toBe(`<${reader}Function>`);
    expect(mapping).toMatchObject({ BatchSize: batch, ScalingConfig: { MaximumConcurrency: atOnce }, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    const visible = the(queues.filter(({ id }) => flat({ Ref: id }) === `<${queue}>`)).VisibilityTimeout;
    expect(visible - functionNamed(reader).Timeout).toBe(30);
  });
});

describe("functions", () => {
  const functions = main.ofType("AWS::Lambda::Function");
  it("are seven and a gate for each private cluster, and no others", () =>
    expect(functions.map(({ Properties }) => Properties.FunctionName).toSorted()).toEqual([
      "sluice-apply",
      "sluice-gate-inside",
      "sluice-notify",
      "sluice-receiver",
      "sluice-relay",
      "sluice-source",
      "sluice-sweep",
      "sluice-webhook",
    ]));
  it.each(functions)("$Properties.FunctionName: Node 24 on arm64, no layer, a log of its own with retention", ({ Properties }) => {
    expect(Properties).toMatchObject({ Runtime: "nodejs24.x", Architectures: ["arm64"], Handler: "index.handler" });
    expect(Properties.Layers).toBeUndefined();
    const log = the(main.ofType("AWS::Logs::LogGroup").filter(({ id }) => id === Properties.LoggingConfig.LogGroup.Ref));
    expect(log).toEqual({ LogGroupName: `/aws/lambda/${Properties.FunctionName}`, RetentionInDays: 30 });
  });
  it("each has a role of its own, with no managed policy", () => {
    expect(new Set(functions.map(({ Properties }) => flat(Properties.Role))).size).toBe(functions.length);
    for (const { Properties } of main.ofType("AWS::IAM::Role")) expect(Properties.ManagedPolicyArns).toBeUndefined();
  });
  it("those in the circle of delayed looks or deliveries, and the sweep, which sends windows on to itself, are not taken for an endless loop", () =>
    expect(
      functions
        .filter(({ Properties }) => Properties.RecursiveLoop === "Allow")
        .map(({ Properties }) => Properties.FunctionName)
        .toSorted(),
    ).toEqual(["sluice-apply", "sluice-notify", "sluice-relay", "sluice-source", "sluice-sweep"]));
  it("an attempt at a provider takes less than its function's time limit, and what is read before it has a while", () =>
    expect(functionNamed("notify").Timeout * 1000).toBeGreaterThanOrEqual(LONGEST_ATTEMPT + 25_000));
  it("a storm of events has its share of the account's concurrency; in small accounts it goes without", () => {
    expect(functionNamed("notify").ReservedConcurrentExecutions).toBe(40);
    expect(synthesize({ reserveConcurrency: "false" }).main.text).not.toContain("ReservedConcurrentExecutions");
  });
  it.each(functions)("$Properties.FunctionName: failing and throttled are alarms", ({ Properties }) => {
    const label = Properties.FunctionName === "sluice-gate-inside" ? "gate inside" : Properties.FunctionName.slice("sluice-".length);
    if (label !== "webhook") expect(alarmNamed(`${label} fails`)).toMatchObject({ MetricName: "Errors", EvaluationPeriods: 3, Period: 300 });
    expect(alarmNamed(`${label} throttled`)).toMatchObject({ MetricName: "Throttles", EvaluationPeriods: 3, Period: 300 });
  });
});

describe("notifications of the installation itself", () => {
  it("there are none unless the configuration says so", () => {
    expect(none.main.ofType("AWS::SNS::Topic").map(({ id }) => flat({ Ref: id }))).toEqual(["<EventsTopic>"]);
    expect(none.main.text).not.toContain(ENV_SLACK_SECRET);
  });
  it("the function is told which secret, and what Amazon Q wants", () =>
    expect(functionNamed("notify").Environment.Variables).toMatchObject({ [ENV_SLACK_SECRET]: "sluice/slack", [ENV_AMAZON_Q_WANTS]: "failures" }));
});

describe("what is kept, and what is public", () => {
  it("the bucket: encrypted, TLS 1.2, nothing public, not versioned, cleared by a lifecycle, kept when the stack goes", () => {
    const [bucket] = main.ofType("AWS::S3::Bucket");
    expect(bucket?.DeletionPolicy).toBe("Retain");
    expect(bucket?.Properties).toEqual({
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] },
      OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: [
          { Id: "unused-artifacts", Prefix: "artifacts/", ExpirationInDays: 90, Status: "Enabled" },
          { Id: "renders", Prefix: "renders/", ExpirationInDays: 30, Status: "Enabled" },
          { Id: "parts-of-indexes", Prefix: "indexes/", ExpirationInDays: 30, Status: "Enabled" },
          { Id: "answers-of-gates", Prefix: "gate/", ExpirationInDays: 1, Status: "Enabled" },
          { Id: "notes", Prefix: "notes/", ExpirationInDays: 14, Status: "Enabled" },
          { Id: "receivers", Prefix: "receivers/", ExpirationInDays: 30, Status: "Enabled" },
          { Id: "incomplete-uploads", AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" },
        ],
      },
    });
    const { Statement: rules } = the(main.ofType("AWS::S3::BucketPolicy")).PolicyDocument;
    expect(rules.map(({ Effect, Condition }: Properties) => [Effect, Condition])).toEqual([
      ["Deny", { Bool: { "aws:SecureTransport": "false" } }],
      ["Deny", { NumericLessThan: { "s3:TlsVersion": 1.2 } }],
    ]);
  });
  it("the secret is made, not given, and has no name that stays taken", () =>
    expect(the(main.ofType("AWS::SecretsManager::Secret"))).toEqual({
      Description: expect.any(String),
      GenerateSecretString: { ExcludePunctuation: true, PasswordLength: 48 },
    }));
  it("the topics of events and for Amazon Q are encrypted, that of alarms takes what CloudWatch sends; all TLS only", () => {
    const topics = main.ofType("AWS::SNS::Topic");
    expect(topics.map(({ id, Properties }) => [flat({ Ref: id }), flat(Properties.KmsMasterKeyId)])).toEqual([
      ["<AlarmsTopic>", "undefined"],
      ["<EventsTopic>", expect.stringMatching(/:alias\/aws\/sns$/)],
      ["<NotificationsAmazonQ>", expect.stringMatching(/:alias\/aws\/sns$/)],
    ]);
    for (const { id } of topics) {
      const policy = the(main.ofType("AWS::SNS::TopicPolicy").filter(({ Properties }) => Properties.Topics[0].Ref === id));
      expect(policy.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
      );
    }
  });
  it("what leads in: POST /github and the paths of Receivers, throttled each, logged without headers and body", () => {
    const routes = main.ofType("AWS::ApiGatewayV2::Route");
    const targets = routes.map(({ Properties: { RouteKey, Target } }) => [RouteKey, flat(Target)]);
    expect(targets).toEqual([
      ["POST /github", expect.stringMatching(/Webhook/)],
      ["ANY /hook", expect.stringMatching(/Receiver/)],
      ["ANY /hook/{proxy+}", expect.stringMatching(/Receiver/)],
    ]);
    const [found] = main.ofType("AWS::ApiGatewayV2::Stage");
    const { Properties: stage, DependsOn } = found ?? expect.fail();
    expect(stage.DefaultRouteSettings).toEqual({ ThrottlingBurstLimit: 100, ThrottlingRateLimit: 50 });
    const less = { ThrottlingBurstLimit: 40, ThrottlingRateLimit: 20 };
    expect(stage.RouteSettings).toEqual({ "ANY /hook": less, "ANY /hook/{proxy+}": less });
    // Settings of a route that is not there yet are refused.
    expect(DependsOn).toEqual(expect.arrayContaining(routes.slice(1).map(({ id }) => id)));
    expect(stage.AccessLogSettings.Format).not.toMatch(/header|body|authorizer/i);
    expect(the(main.ofType("AWS::Logs::LogGroup").filter(({ Properties }) => Properties.LogGroupName.includes("vendedlogs"))).RetentionInDays).toBe(30);
    expect(main.ofType("AWS::Lambda::Url")).toEqual([]);
    const callers = main.ofType("AWS::Lambda::Permission").map(({ Properties }) => `${Properties.Principal} ${flat(Properties.FunctionName)}`);
    expect([...new Set(callers)].toSorted()).toEqual([
      "apigateway.amazonaws.com <receiverFunction.Arn>",
      "apigateway.amazonaws.com <webhookFunction.Arn>",
      "sns.amazonaws.com <notifyFunction.Arn>",
    ]);
  });
});

describe("the clock", () => {
  it("ticks each minute, late rather than never", () =>
    expect(the(main.ofType("AWS::Scheduler::Schedule"))).toMatchObject({
      ScheduleExpression: "rate(1 minute)",
      State: "ENABLED",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}', RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 30 } },
    }));
  it("stands still while there is no cluster", () => expect(the(none.main.ofType("AWS::Scheduler::Schedule")).State).toBe("DISABLED"));
});

describe("what people look at", () => {
  it("a cluster that was not swept for five minutes is an alarm, also when nothing is said at all", () =>
    expect(alarmNamed("prod not swept")).toMatchObject({
      Namespace: "Sluice",
      MetricName: "Swept",
      Dimensions: [{ Name: "cluster", Value: "prod" }],
      ComparisonOperator: "LessThanThreshold",
      Threshold: 1,
      EvaluationPeriods: 5,
      Period: 60,
      TreatMissingData: "breaching",
    }));
  it("deliveries of GitHub that fail again and again are an alarm, answers of Receivers are none", () => {
    const { Threshold, Metrics } = alarmNamed("deliveries fail");
    expect(Threshold).toBe(3);
    const counted = Metrics.flatMap((one: { readonly MetricStat?: { readonly Metric: object; readonly Period: number; readonly Stat: string } }) =>
      one.MetricStat === undefined ? [] : [{ ...one.MetricStat.Metric, Period: one.MetricStat.Period, Stat: one.MetricStat.Stat }],
    );
    expect(counted).toMatchObject([
      { Namespace: "Sluice", MetricName: "DeliveryFailed", Period: 3600, Stat: "Sum" },
      { Namespace: "AWS/Lambda", MetricName: "Errors", Period: 3600, Stat: "Sum" },
    ]);
    expect(JSON.stringify(counted)).toContain("webhookFunction");
    expect(JSON.stringify(main.ofType("AWS::CloudWatch::Alarm"))).not.toContain("ApiGateway");
  });
  it("a notification that was given up is an alarm", () =>
    expect(alarmNamed("notifications given up")).toMatchObject({ Namespace: "Sluice", MetricName: "NotificationGivenUp", Statistic: "Sum", Threshold: 1 }));
  it("alarms go where somebody said, or nowhere", () => {
    for (const { Properties } of main.ofType("AWS::CloudWatch::Alarm")) expect(flat(Properties.AlarmActions[0])).toBe("<AlarmsTopic>");
    for (const { Properties } of none.main.ofType("AWS::CloudWatch::Alarm")) expect(Properties.AlarmActions).toBeUndefined();
    const topic = "arn:aws:sns:eu-central-1:123456789012:on-call";
    expect(synthesize({ alarmTopicArn: topic }).main.ofType("AWS::CloudWatch::Alarm")[0]?.Properties.AlarmActions).toEqual([topic]);
  });
  it("the dashboard shows only metrics that are counted, by the dimensions that they have", () => {
    const body = flat(the(main.ofType("AWS::CloudWatch::Dashboard")).DashboardBody);
    const shown = [...body.matchAll(/\["Sluice","(\w+)",(?!"cluster")/g)].map(([, name = ""]) => name);
    expect(shown).toEqual(expect.arrayContaining(["Push", "PushToApplied", "PassFailed", "DriftCorrected", "ApiRequests"]));
    const dimensions: { readonly [name: string]: readonly string[] } = METRIC_DIMENSIONS;
    for (const name of shown) expect([name, dimensions[name]]).toEqual([name, []]);
    for (const [, name = ""] of body.matchAll(/\{Sluice,cluster\} MetricName=\\+"(\w+)/g)) expect([name, dimensions[name]]).toEqual([name, ["cluster"]]);
  });
  it("the parameter tells the command line where things are", () => {
    const parameters = main.ofType("AWS::SSM::Parameter");
    expect(parameters.map(({ Properties }) => Properties.Name)).toEqual(CLUSTERS.map(({ name }) => `/sluice/${name}`));
    const logs = ["webhook", "source", "apply", "sweep", "relay", "notify", "receiver"].map((name) => `<${name}Log>`);
    const told = parameters.map(({ Properties }) => parseParameter(flat(Properties.Value)));
    expect(told[0]).toEqual({
      ok: true,
      value: {
        region: "<AWS::Region>",
        queues: { source: "<SourceQueue>", apply: "<ApplyQueue>" },
        logGroups: logs,
        webhookUrl: "https://<WebhookApi>.execute-api.eu-central-1.<AWS::URLSuffix>/github",
        webhookSecret: "<WebhookSecret>",
        version: VERSION,
      },
    });
    expect(told[2]).toMatchObject({ value: { logGroups: [...logs, "<GateinsideGateLog>"] } });
  });
  it("outputs", () => {
    expect(Object.keys(none.main.outputs)).toEqual(["WebhookUrl", "WebhookSecretArn", "ReceiverUrl", "EventTopicArn", "ArtifactBucketName", "DashboardUrl"]);
    expect(Object.keys(main.outputs)).toContain("AmazonQTopicArn");
    expect(flat(main.outputs["ReceiverUrl"].Value)).toBe("https://<WebhookApi>.execute-api.eu-central-1.<AWS::URLSuffix>");
    expect(flat(main.outputs["WebhookUrl"].Value)).toBe("https://<WebhookApi>.execute-api.eu-central-1.<AWS::URLSuffix>/github");
  });
});

describe("several installations in one account", () => {
  const names = (raw: Parameters<typeof synthesize>[0]): readonly string[] =>
    synthesize(raw).main.resources.flatMap(({ Type, Properties }) =>
      Object.entries(Properties).flatMap(([key, value]) =>
        /^(?!Cluster|Metric|Stage|Policy|Secret)\w*Name$/.test(key) && typeof value === "string" ? [`${Type} ${value}`] : [],
      ),
    );
  const first = names({ ...FULL });
  it("no physical name of one is that of another", () => {
    const second = names({ ...FULL, stackName: "team-b", clusters: [{ name: "staging", private: PRIVATE }] });
    expect(first.length).toBeGreaterThan(20);
    expect(first.filter((name) => second.includes(name))).toEqual([]);
  });
  it("nor in another region, where names are global", () => {
    const roles = (all: readonly string[]): readonly string[] => all.filter((name) => name.startsWith("AWS::IAM"));
    const second = roles(names({ ...FULL, clusters: [], region: "eu-west-1" }));
    expect(second).toHaveLength(7);
    expect(roles(first).filter((name) => second.includes(name))).toEqual([]);
  });
});

it("no environment is near the 4 KB that Lambda takes: clusters and settings are in the bundle", () => {
  for (const { Properties } of main.ofType("AWS::Lambda::Function")) {
    const { Variables: variables } = Properties.Environment;
    expect(Object.keys(variables)).not.toContain(ENV_CLUSTERS);
    expect(Object.keys(variables)).not.toContain(ENV_SETTINGS);
    expect(JSON.stringify(variables).length).toBeLessThan(2048);
  }
});
