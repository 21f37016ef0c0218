import { describe, expect, it } from "vitest";
import { CHARTS, FAR, FULL, type Statement, statementsOf, synthesize, TARGETS } from "./synthesize.ts";

const { main } = synthesize(FULL);
const statements = statementsOf(main);
/** `sqs:SendMessage -> ${SourceQueue.Arn}`, of each role, sorted. */
const rightsOf = (role: string): readonly string[] =>
  statements
    .filter((statement) => statement.role === role)
    .flatMap(({ effect, actions, resources }) => actions.flatMap((action) => resources.map((on) => `${effect === "Allow" ? "" : "not "}${action} -> ${on}`)))
    .toSorted();

describe("rights", () => {
  const consume = (queue: string): readonly string[] =>
    ["ChangeMessageVisibility", "DeleteMessage", "GetQueueAttributes", "ReceiveMessage"].map((action) => `sqs:${action} -> <${queue}.Arn>`);
  const send = (...queues: readonly string[]): readonly string[] => queues.map((queue) => `sqs:SendMessage -> <${queue}.Arn>`);
  const log = (id: string): readonly string[] => ["logs:CreateLogStream", "logs:PutLogEvents"].map((action) => `${action} -> <${id}.Arn>`);
  const bucket = "<ArtifactsBucket.Arn>";
  const own = [
    "eu-central-1:ACCOUNT:cluster/prod",
    "eu-central-1:ACCOUNT:cluster/eks-tenants",
    "eu-central-1:ACCOUNT:cluster/inside",
    "us-west-2:ACCOUNT:cluster/west",
  ];
  const clusters = [
    ...own.map((cluster) => `eks:DescribeCluster -> arn:<AWS::Partition>:eks:${cluster.replace("ACCOUNT", "<AWS::AccountId>")}`),
    `sts:AssumeRole -> ${FAR}`,
    "lambda:InvokeFunction -> <GateinsideGateFunction.Arn>",
    `s3:GetObject -> ${bucket}/gate/*`,
    `s3:DeleteObject -> ${bucket}/gate/*`,
    `s3:ListBucket -> ${bucket}`,
  ];
  const lost = ["GetQueueAttributes", "GetQueueUrl", "SendMessage"];

  it.each<{ role: string; want: readonly string[] }>([
    { role: "webhook", want: [...log("webhookLog"), ...send("SourceQueue"), "secretsmanager:GetSecretValue -> <WebhookSecret>"] },
    {
      role: "source",
      want: [
        ...log("sourceLog"),
        ...consume("SourceQueue"),
        ...send("SourceQueue", "ApplyQueue", "LaterQueue", "SourceQueueDeadLetters"),
        ...["GetObject", "PutObject", "DeleteObject"].map((action) => `s3:${action} -> ${bucket}/artifacts/*`),
        ...["GetObject", "PutObject"].map((action) => `s3:${action} -> ${bucket}/indexes/*`),
        "ecr:GetAuthorizationToken -> *",
        ...["ListImages", "BatchGetImage", "GetDownloadUrlForLayer"].flatMap((action) => CHARTS.map((on) => `ecr:${action} -> ${on}`)),
        "sns:Publish -> <EventsTopic>",
        ...clusters,
      ],
    },
    {
      role: "apply",
      want: [
        ...log("applyLog"),
        ...consume("ApplyQueue"),
        ...send("SourceQueue", "ApplyQueue", "LaterQueue", "ApplyQueueDeadLetters"),
        `s3:GetObject -> ${bucket}/artifacts/*`,
        ...["GetObject", "PutObject"].flatMap((action) => [`s3:${action} -> ${bucket}/renders/*`, `s3:${action} -> ${bucket}/receivers/*`]),
        "sns:Publish -> <EventsTopic>",
        ...clusters,
      ],
    },
    {
      // Reads the bucket, and writes there whose which webhook is; says nothing to anybody.
      role: "sweep",
      want: [
        ...log("sweepLog"),
        ...consume("SweepQueue"),
        ...send("SourceQueue", "ApplyQueue", "SweepQueue", "LaterQueue", "SweepQueueDeadLetters"),
        `s3:GetObject -> ${bucket}/artifacts/*`,
        `s3:GetObject -> ${bucket}/renders/*`,
        `s3:GetObject -> ${bucket}/indexes/*`,
        "ecr:GetAuthorizationToken -> *",
        ...CHARTS.map((on) => `ecr:ListImages -> ${on}`),
        ...["GetObject", "PutObject"].map((action) => `s3:${action} -> ${bucket}/receivers/*`),
        ...lost.map((action) => `sqs:${action} -> <MissedTicksQueue.Arn>`),
        ...clusters,
      ],
    },
    { role: "relay", want: [...log("relayLog"), ...consume("LaterQueue"), ...send("SourceQueue", "ApplyQueue", "LaterQueue", "LaterQueueDeadLetters")] },
    {
      role: "notify",
      want: [
        ...log("notifyLog"),
        ...consume("DeliveryQueue"),
        ...send("DeliveryQueue", "DeliveryQueueDeadLetters"),
        ...["GetObject", "PutObject", "DeleteObject"].map((action) => `s3:${action} -> ${bucket}/notes/*`),
        ...lost.map((action) => `sqs:${action} -> <UnheardEventsQueue.Arn>`),
        "secretsmanager:GetSecretValue -> arn:<AWS::Partition>:secretsmanager:eu-central-1:123456789012:secret:sluice/slack-??????",
        "sns:Publish -> <NotificationsAmazonQ>",
        `sns:Publish -> ${TARGETS[0]}`,
        `events:PutEvents -> ${TARGETS[1]}`,
        `sqs:SendMessage -> ${TARGETS[2]}`,
        ...clusters,
      ],
    },
    {
      // Reads whose a webhook is, and sends what it asks for to where it is done.
      role: "receiver",
      want: [...log("receiverLog"), ...send("SourceQueue", "ApplyQueue"), `s3:GetObject -> ${bucket}/receivers/*`, ...clusters],
    },
    { role: "Clock", want: ["lambda:InvokeFunction -> <sweepFunction.Arn>", ...send("MissedTicksQueue")] },
    {
      role: "GateinsideGate",
      want: [...log("GateinsideGateLog"), `s3:PutObject -> ${bucket}/gate/*`, ...NETWORK.flatMap((action) => [`ec2:${action} -> *`, `not ec2:${action} -> *`])],
    },
  ])("$role: these and no others", ({ role, want }) => expect(rightsOf(role)).toEqual([...want].toSorted()));

  it("nobody else has any", () =>
    expect([...new Set(statements.map(({ role }) => role))].toSorted()).toEqual([
      "Clock",
      "GateinsideGate",
      "apply",
      "notify",
      "receiver",
      "relay",
      "source",
      "sweep",
      "webhook",
    ]));
  it("`*` ends the beginning of a key of the bucket or of a name that the installation lists, or is what tokens of ECR and a gate's network interface take", () => {
    const wild = ({ actions, resources }: Statement): boolean => [...actions, ...resources].some((text) => text.includes("*"));
    const unexpected = statements.filter(wild).filter(({ role, actions, resources }) => {
      const isPrefix =
        !actions.join().includes("*") && resources.every((on) => /^<ArtifactsBucket\.Arn>\/(artifacts|renders|indexes|gate|notes|receivers)\/\*$/.test(on));
      const isListed = resources.every((on) => CHARTS.includes(on)) || actions.every((action) => action === "ecr:GetAuthorizationToken");
      return !isPrefix && !isListed && !(role === "GateinsideGate" && actions.every((action) => action.startsWith("ec2:")));
    });
    expect(unexpected).toEqual([]);
  });
  it("Lambda and the Scheduler may take the roles, nobody else", () =>
    expect(
      main
        .ofType("AWS::IAM::Role")
        .map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement[0].Principal.Service)
        .toSorted(),
    ).toEqual([...Array(8).fill("lambda.amazonaws.com"), "scheduler.amazonaws.com"]));
});

const NETWORK = [
  "AssignPrivateIpAddresses",
  "CreateNetworkInterface",
  "DeleteNetworkInterface",
  "DescribeNetworkInterfaces",
  "DescribeSubnets",
  "UnassignPrivateIpAddresses",
];
