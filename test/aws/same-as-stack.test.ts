import { ENV_AMAZON_Q_TOPIC, ENV_AMAZON_Q_WANTS, ENV_CLUSTERS, ENV_SETTINGS, ENV_SLACK_SECRET } from "@sluice/platform/lambda/environment.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FUNCTION_NAMES } from "../../lib/stack/bundling.ts";
import { flat, PRIVATE, synthesize, the } from "../stack/synthesize.ts";
import { createAws, type FakeAws } from "../support/aws/create-aws.ts";
import { ACCESS } from "./world/clusters.ts";
import { environmentOf, gateEnvironment, SHARED_NAMES, SIZES } from "./world/functions.ts";
import { createQueues, nameOf, QUEUE_NAMES, queueAttributes, READERS } from "./world/queues.ts";
import { MARGIN_SECONDS, RECEIVER_ROUTES, ROUTE, tickEvent } from "./world.ts";

/** The world is written by hand; what it claims of the stack is held against the template. */
const { main, stacks } = synthesize({ clusters: [{ name: "prod", private: PRIVATE }], slack: "s", amazonQ: "all" });
const CHANNELS = { [ENV_SLACK_SECRET]: "s", [ENV_AMAZON_Q_TOPIC]: "t", [ENV_AMAZON_Q_WANTS]: "all" };
const functions = main.ofType("AWS::Lambda::Function");
const functionOf = (name: string) =>
  the(functions.filter(({ Properties }) => Properties.FunctionName === (name === "gate" ? "sluice-gate-prod" : `sluice-${name}`)));

let aws: FakeAws;
beforeAll(async () => {
  aws = await createAws();
  createQueues(aws, (queue) => SIZES[READERS[queue].fn].seconds + MARGIN_SECONDS);
});
afterAll(() => aws.stop());

describe("functions", () => {
  it.each(FUNCTION_NAMES)("%s: time and memory", (name) => {
    const { Timeout, MemorySize, Handler } = functionOf(name);
    expect({ seconds: Timeout, memoryMb: MemorySize }).toEqual(SIZES[name]);
    expect(Handler).toBe("index.handler");
  });

  it.each(FUNCTION_NAMES)("%s: environment", (name) => {
    const given = Object.keys(functionOf(name).Environment.Variables);
    const ours =
      name === "gate"
        ? gateEnvironment("b", "https://a.example")
        : environmentOf({ aws, clusters: [], bucket: "b", topicArn: "t", secretArn: "s", settings: {}, channels: CHANNELS }, name);
    const baked: readonly string[] = [ENV_CLUSTERS, ENV_SETTINGS];
    expect(
      Object.keys(ours)
        .filter((variable) => !baked.includes(variable))
        .toSorted(),
    ).toEqual(given.filter((variable) => variable !== "NODE_OPTIONS").toSorted());
  });

  it("there are no others", () => expect(functions).toHaveLength(SHARED_NAMES.length + 1));
});

describe("queues", () => {
  const mappings = main.ofType("AWS::Lambda::EventSourceMapping").map(({ Properties }) => Properties);

  it.each(QUEUE_NAMES)("%s", (queue) => {
    const { fn, batchSize } = READERS[queue];
    const mapping = mappings.find(({ FunctionName }) => flat(FunctionName).startsWith(`<${fn}Function`));
    expect(mapping).toMatchObject({ BatchSize: batchSize, FunctionResponseTypes: ["ReportBatchItemFailures"] });
    const id = mapping.EventSourceArn["Fn::GetAtt"][0];
    const { RedrivePolicy, ...made } = the(main.resources.filter((one) => one.id === id));
    const ours = queueAttributes(queue, "arn", SIZES[fn].seconds + MARGIN_SECONDS);
    const asTexts = Object.fromEntries(Object.keys(ours).map((name) => [name, String(made[name])]));
    expect({ ...asTexts, RedrivePolicy: RedrivePolicy.maxReceiveCount }).toEqual({
      ...ours,
      RedrivePolicy: JSON.parse(ours["RedrivePolicy"] ?? "{}").maxReceiveCount,
    });
    expect(made.FifoQueue).toBe(nameOf(queue).endsWith(".fifo") ? true : undefined);
  });

  it("nobody reads another", () => expect(mappings).toHaveLength(QUEUE_NAMES.length));
});

describe("the rest", () => {
  it("the routes", () => expect(main.ofType("AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties.RouteKey)).toEqual([ROUTE, ...RECEIVER_ROUTES]));

  it("what the clock says", () => {
    const { Target } = the(main.ofType("AWS::Scheduler::Schedule"));
    const said = JSON.parse(Target.Input);
    expect(said).toEqual({ scheduledTime: "<aws.scheduler.scheduled-time>" });
    expect(tickEvent(new Date("2030-01-01T00:00:00.000Z"))).toEqual({ scheduledTime: "2030-01-01T00:00:00Z" });
  });

  it("events go to notify", () => {
    const { Protocol, Endpoint } = the(main.ofType("AWS::SNS::Subscription"));
    expect([Protocol, flat(Endpoint)]).toEqual(["lambda", expect.stringMatching(/^<notifyFunction/)]);
  });

  it.each(Object.entries(ACCESS))("access of %s", (name, { groups, ...more }) => {
    const entries = ["Access", "MessageAccess"].flatMap((stack) => stacks[stack]?.ofType("AWS::EKS::AccessEntry") ?? []);
    const entry = entries.find(({ Properties }) => flat(Properties.PrincipalArn).endsWith(`-${name}`))?.Properties;
    expect(entry.KubernetesGroups).toEqual(groups);
    const policies = (entry.AccessPolicies ?? []).map(({ PolicyArn }: { readonly PolicyArn: unknown }) => flat(PolicyArn).split("/").at(-1));
    expect(policies).toEqual("policies" in more ? more.policies.map(({ policy }) => policy) : []);
  });
});
