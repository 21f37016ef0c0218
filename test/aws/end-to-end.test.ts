import { randomBytes } from "node:crypto";
import { createServer } from "node:http";
import { type EventMessage, parseEventMessage } from "@sluice/platform/sns/event-message.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fluxWrites } from "./checks/changing-writes.ts";
import { findSecrets } from "./checks/no-secrets.ts";
import { finish } from "./scenario/finish.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** A team that subscribed to the topic by a queue of its own, raw, for failures only, and one by HTTP for all that there is. */
const OWN_QUEUE = "team-failures";
let world: AwsWorld;
let app: Scenario;
const posted: { readonly type: string; readonly body: string }[] = [];
const endpoint = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  posted.push({ type: String(request.headers["x-amz-sns-message-type"]), body: Buffer.concat(chunks).toString() });
  response.end();
});

beforeAll(async () => {
  world = await createAwsWorld({
    clusters: [{ name: "prod" }, { name: "inner", private: true }, { name: "other", account: "210987654321", region: "us-east-1" }],
  });
  await new Promise<void>((done) => endpoint.listen(0, "127.0.0.1", done));
  const address = endpoint.address();
  const port = typeof address === "object" ? address?.port : "";
  world.aws.sqs.createQueue(OWN_QUEUE);
  world.aws.sns.subscribe(world.topicArn, "sqs", world.aws.sqs.arn(OWN_QUEUE), {
    RawMessageDelivery: "true",
    FilterPolicy: JSON.stringify({ severity: ["error"], cluster: ["inner"] }),
  });
  world.aws.sns.subscribe(world.topicArn, "http", `http://127.0.0.1:${port}/hook`);
  app = await startScenario(world, { repository: "ada/app" });
});
afterAll(async () => {
  endpoint.closeAllConnections();
  endpoint.close();
  await world?.stop();
});

const parsed = (text: string): EventMessage => {
  const event = parseEventMessage(text);
  if (!event.ok) throw new Error(`${event.problem}: ${text}`);
  return event.value;
};
const overHttp = (): readonly EventMessage[] =>
  posted.filter(({ type }) => type === "Notification").map(({ body }) => parsed(String(JSON.parse(body).Message)));
const inOwnQueue = (): readonly EventMessage[] => world.aws.sqs.messages(OWN_QUEUE).map(({ body }) => parsed(body));
const told = ({ cluster, object, severity, reason }: EventMessage): string => `${cluster} ${object.kind} ${severity} ${reason}`;
const metricsOf = (name: "notify" | "apply" | "webhook"): readonly string[] =>
  world.fn(name).logs.flatMap(({ fields }) => (fields?.["_aws"] === undefined ? [] : Object.keys(fields)));

describe("a push that goes well", () => {
  let commit = "";

  it("is in every cluster, with as many writes as it takes and no more", async () => {
    commit = await app.push({ one: "1", two: "1" });
    await finish(world);
    for (const { spec } of world.clusters) {
      const writes = Object.values(fluxWrites(app.requests(spec.name)));
      expect(writes, spec.name).toHaveLength(2);
      for (const { status, other } of writes) expect({ status: status <= 2, other }, spec.name).toEqual({ status: true, other: 1 });
    }
    await app.ends();
  });

  it("is told to whoever subscribed to the topic, as docs/events.md has it", () => {
    for (const cluster of ["prod", "inner", "other"]) {
      const events = overHttp().filter((event) => event.cluster === cluster);
      expect(events.map(told)).toEqual(
        expect.arrayContaining([
          `${cluster} GitRepository info NewArtifact`,
          `${cluster} Kustomization info Progressing`,
          `${cluster} Kustomization info ReconciliationSucceeded`,
        ]),
      );
      expect(events.find(({ reason }) => reason === "ReconciliationSucceeded")).toMatchObject({
        version: 1,
        object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", namespace: "flux-system", name: "app", uid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
        revision: `main@sha1:${commit}`,
        controller: "kustomize-controller",
      });
    }
    expect(inOwnQueue()).toEqual([]);
  });

  it("is measured from its arrival to its end", () => {
    expect(metricsOf("webhook")).toContain("Push");
    expect(metricsOf("apply")).toContain("PushToApplied");
    expect(metricsOf("notify")).toContain("EventInfo");
  });
});

describe("a push that cannot be built", () => {
  it("is told with file and line, as a failure, and nothing of the cluster is touched", async () => {
    await world.push("ada/app", { "one.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one\n" });
    await finish(world);
    for (const { spec } of world.clusters) {
      expect(
        app.requests(spec.name).filter(({ target, changed, by }) => changed && by === "apply" && target.startsWith("configmaps/")),
        spec.name,
      ).toEqual([]);
    }
    const failures = inOwnQueue();
    expect(failures.map(told)).toContain("inner Kustomization error BuildFailed");
    expect(failures[0]?.message).toContain("one.yaml");
    expect(new Set(failures.map(({ cluster }) => cluster))).toEqual(new Set(["inner"]));
    expect(metricsOf("notify")).toContain("EventError");
    const line = world.fn("notify").logs.find(({ fields }) => fields?.["severity"] === "error");
    expect(line?.fields).toMatchObject({ reason: "BuildFailed", name: "app", cluster: expect.any(String), revision: expect.stringContaining("main@sha1:") });
  });

  it("is mended by the next one", async () => {
    const before = overHttp().length;
    await app.push({ one: "2", three: "1" });
    await app.ends();
    expect(overHttp().slice(before).map(told)).toEqual(expect.arrayContaining(["inner Kustomization info ReconciliationSucceeded"]));
  });
});

it("puts values of Secrets where they belong, and tells them to nobody", async () => {
  const substitute = { password: `canary-${randomBytes(9).toString("hex")}` };
  const values = await startScenario(world, { repository: "ada/values", object: "values", clusters: ["inner"], substitute });
  await values.push({ configured: `\${password}` });
  await finish(world);
  expect(world.cluster("inner").sandbox?.store.get({ group: "", plural: "configmaps" }, "default", "configured")).toMatchObject({
    data: { value: substitute.password },
  });
  expect(findSecrets(world, { inClusters: Object.values(substitute) })).toEqual([]);
});

it("says nothing of any of it that it should not, and every line is one object of JSON", () => {
  const lines = world.functions().flatMap(({ name, logs }) => logs.map(({ text, fields }) => ({ name, text, fields })));
  expect(lines.filter(({ fields }) => fields === undefined).map(({ name, text }) => `${name}: ${text}`)).toEqual([]);
  expect(lines.length).toBeGreaterThan(50);
});
