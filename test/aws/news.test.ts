import { randomBytes } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { parseEventMessage } from "@sluice/platform/sns/event-message.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWebServer, type WebServer } from "../support/git/web-server.ts";
import { type StartedGitServer, startGitServer } from "../support/notifications/start-git-server.ts";
import { findSecrets } from "./checks/no-secrets.ts";
import { finish } from "./scenario/finish.ts";
import { hurry } from "./scenario/hurry.ts";
import { type Scenario, startScenario } from "./scenario/scenario.ts";
import { type AwsWorld, createAwsWorld } from "./world.ts";

/** From a push to everywhere that its outcome is to arrive at: Slack, a webhook, SNS, the commit; and a failure and its recovery at the installation's own channels. */
const NAMESPACE = "flux-system";
const CLUSTERS = ["prod", "inner"];
const secretOf = (what: string): string => `canary-${what}-${randomBytes(9).toString("hex")}`;
/** One in every Secret that has to do with notifications, and in the installation's own. */
const SECRETS = {
  ownSlack: secretOf("own-slack"),
  slack: secretOf("slack"),
  generic: secretOf("generic"),
  header: secretOf("header"),
  github: `ghp_${secretOf("github")}`,
};

let world: AwsWorld;
let app: Scenario;
let web: WebServer;
let git: StartedGitServer;
let teamTopic: string;

beforeAll(async () => {
  // A provider that says back whatever it was sent, as some proxies do.
  web = await startWebServer(({ url, headers, body }, response) => {
    if (url.startsWith("/echo")) response.writeHead(400).end(`no such place: ${url} ${JSON.stringify(headers)} ${body}`);
    else response.writeHead(200).end();
  });
  git = await startGitServer({ now: () => new Date().toISOString() });
  world = await createAwsWorld({
    clusters: [{ name: "prod" }, { name: "inner", private: true }],
    slack: `${web.url}/own/${SECRETS.ownSlack}`,
    amazonQ: "failures",
  });
  teamTopic = world.aws.sns.createTopic("team");
  app = await startScenario(world, { repository: "acme/shop" });
  for (const cluster of CLUSTERS) {
    await provide(cluster, "slack", { type: "slack", channel: "deployments" }, { address: `${web.url}/slack/${cluster}/${SECRETS.slack}` });
    const headers = `Authorization: Bearer ${SECRETS.header}\n`;
    await provide(cluster, "generic", { type: "generic" }, { address: `${web.url}/generic/${cluster}/${SECRETS.generic}`, headers });
    await provide(cluster, "echo", { type: "generic" }, { address: `${web.url}/echo/${cluster}/${SECRETS.generic}`, headers });
    await provide(cluster, "sns", { type: "sns", address: teamTopic });
    const annotations = {
      "sluice.dev/commit-status": "pending",
      "sluice.dev/deployments": "enabled",
      "sluice.dev/target-url": `https://clusters.example.com/${cluster}`,
    };
    await provide(cluster, "github", { type: "github", address: `${git.web.url}/acme/shop` }, { token: SECRETS.github }, annotations);
  }
});
afterAll(async () => {
  await world?.stop();
  await git?.web.close();
  await web?.close();
});

/** A Provider, its Secret, and an Alert of the same name over all Kustomizations. */
async function provide(
  cluster: string,
  name: string,
  spec: JsonObject,
  secret?: Readonly<Record<string, string>>,
  annotations: Readonly<Record<string, string>> = {},
): Promise<void> {
  const metadata = { name, namespace: NAMESPACE };
  const apiVersion = "notification.toolkit.fluxcd.io/v1beta3";
  if (secret !== undefined) await world.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: secret }, cluster);
  const named = secret === undefined ? spec : { ...spec, secretRef: { name } };
  await world.apply({ apiVersion, kind: "Provider", metadata: { ...metadata, annotations }, spec: named }, cluster);
  const eventSources = [{ kind: "Kustomization", name: "*" }];
  await world.apply({ apiVersion, kind: "Alert", metadata, spec: { providerRef: { name }, eventSources, eventMetadata: { env: cluster } } }, cluster);
}

const bodies = (path: string): readonly JsonObject[] =>
  web.seen
    .filter(({ url }) => url.startsWith(path))
    .map(({ body }): Json => JSON.parse(body))
    .filter(isObject);
/** Of messages in Slack's form: text, and its fields. */
const slackTexts = (path: string): readonly string[] =>
  bodies(path).map(({ channel, attachments }) => {
    const [one] = Array.isArray(attachments) ? attachments.filter(isObject) : [];
    const fields = Array.isArray(one?.fields) ? one.fields.filter(isObject) : [];
    return [channel, one?.color, one?.author_name, one?.text, ...fields.map(({ title, value }) => `${title}=${value}`)].join(" | ");
  });
const onTopic = (arn: string) =>
  world.aws.sns.published(arn).map(({ message }) => {
    const parsed = parseEventMessage(message);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value;
  });
const statesOf = (commit: string): readonly string[] => git.statuses.filter(({ sha }) => sha === commit).map(({ state }) => String(state));
const environmentOf = (id: Json | undefined): string => String(git.deployments.find((one) => one.id === id)?.environment);
const line = (cluster: string, reason: string): string => `${cluster} ${reason}`;

describe("a push that goes well", () => {
  let commit = "";
  const revision = (): string => `main@sha1:${commit}`;

  it("is applied, and all hear of it", async () => {
    commit = await app.push({ a: "1" });
    await finish(world);
    await hurry(world);
    await app.ends();
  });

  it.each(CLUSTERS)("Slack, of %s: what was changed, in the channel, with what the Alert adds", (cluster) => {
    // As with Flux: that nothing more is to be done is for commit statuses and machines.
    const [text = "", ...more] = slackTexts(`/slack/${cluster}/`);
    expect(more).toEqual([]);
    expect(text).toMatch(/^deployments \| good \| kustomization\/app\.flux-system \| ConfigMap\/default\/a created\n/);
    expect(text).toContain(`env=${cluster}`);
    expect(text).toContain(`revision=${revision()}`);
  });

  it.each(CLUSTERS)("a webhook, of %s: as Flux says it, with the header of its Secret", (cluster) => {
    const seen = web.seen.filter(({ url }) => url.startsWith(`/generic/${cluster}/`));
    expect(seen.map(({ headers }) => headers.authorization)).toEqual(Array(2).fill(`Bearer ${SECRETS.header}`));
    expect(bodies(`/generic/${cluster}/`)).toContainEqual(
      expect.objectContaining({
        severity: "info",
        reason: "ReconciliationSucceeded",
        metadata: { env: cluster, revision: revision(), commit_status: "update" },
        involvedObject: expect.objectContaining({ kind: "Kustomization", name: "app" }),
      }),
    );
  });

  it("SNS: the topic of the installation hears of all, the one of the Provider of what its Alert lets through", () => {
    const ends = (arn: string) =>
      onTopic(arn)
        .filter((event) => event.revision === revision() && event.object.kind === "Kustomization")
        .map(({ cluster, reason }) => line(cluster, reason));
    const want = CLUSTERS.flatMap((cluster) => [line(cluster, "Progressing"), line(cluster, "ReconciliationSucceeded")]).toSorted();
    expect(ends(world.topicArn).toSorted()).toEqual(want);
    expect(ends(teamTopic).toSorted()).toEqual(want);
    expect(onTopic(world.topicArn).map(({ object }) => object.kind)).toContain("GitRepository");
    expect(new Set(onTopic(teamTopic).map(({ metadata }) => metadata["env"]))).toEqual(new Set(CLUSTERS));
  });

  it("the commit: a success of each cluster under a name of its own, with its link; pending before it, if it was told before", () => {
    const contexts = Map.groupBy(
      git.statuses.filter(({ sha }) => sha === commit),
      ({ context }) => String(context),
    );
    expect([...contexts.keys()].map((name) => name.replace(/\/[0-9a-f]{8}$/, "/uid"))).toEqual(CLUSTERS.map(() => "kustomization/app/uid"));
    for (const all of contexts.values()) expect(all.map(({ state }) => state).join(" ")).toMatch(/^(pending )?success$/);
    const links = new Set(git.statuses.map(({ target_url }) => target_url));
    expect(links).toEqual(new Set(CLUSTERS.map((cluster) => `https://clusters.example.com/${cluster}`)));
  });

  it("a deployment of that commit to each cluster, with its end", () => {
    const deployed = git.deployments.filter(({ ref }) => ref === commit);
    expect(deployed.map(({ environment }) => environment).toSorted()).toEqual(CLUSTERS.toSorted());
    const ends = git.deploymentStatuses.filter(({ state }) => state === "success").map(({ deployment }) => environmentOf(deployment));
    expect(ends.toSorted()).toEqual(CLUSTERS.toSorted());
  });

  it("is nothing for the channels that hear of failures", () => {
    expect(bodies("/own/")).toEqual([]);
    expect(world.aws.sns.published(world.amazonQTopicArn)).toEqual([]);
  });

  it("a provider that refuses, and says back what it was sent, is told of on its Alert, without what is secret", () => {
    for (const { sandbox } of world.clusters) {
      const events = (sandbox?.store.list({ group: "", plural: "events" }) ?? []).map((event) => JSON.stringify(event));
      const said = events.filter((event) => event.includes("no such place"));
      expect(said.length).toBeGreaterThan(0);
      for (const event of said) expect(event).toContain("*****");
    }
  });
});

describe("a push that cannot be built, and its mending", () => {
  let broken = "";
  let mended = "";
  const amazonQ = (): readonly JsonObject[] => world.aws.sns.published(world.amazonQTopicArn).map(({ message }) => JSON.parse(message));
  const titles = (): readonly string[] => amazonQ().map(({ content }) => String(isObject(content) ? content.title : ""));

  it("are told to everybody", async () => {
    ({ commit: broken } = await world.push("acme/shop", { "a.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a\n" }));
    await finish(world);
    await hurry(world);
    expect(
      slackTexts("/own/")
        .map((text) => /cluster=(\w+)/.exec(text)?.[1])
        .toSorted(),
    ).toEqual(CLUSTERS.toSorted());
    mended = await app.push({ a: "2" });
    await finish(world);
    await hurry(world);
    await app.ends();
  });

  it("the installation's own channel in Slack: each cluster's failure and recovery, once, by its name", () => {
    for (const cluster of CLUSTERS) {
      const texts = slackTexts("/own/").filter((text) => text.includes(`cluster=${cluster}`));
      expect(texts, cluster).toHaveLength(2);
      expect(texts[0]).toMatch(/ \| danger \| kustomization\/app\.flux-system \| kustomize build failed/);
      expect(texts[1]).toMatch(/ \| good \| kustomization\/app\.flux-system \| Reconciliation finished/);
    }
    expect(slackTexts("/own/")).toHaveLength(4);
  });

  it("Amazon Q: the same, in one thread for each object", () => {
    expect(titles().toSorted()).toEqual(
      CLUSTERS.flatMap((cluster) => [
        `:rotating_light: ${cluster}: Kustomization/flux-system/app build failed`,
        `:white_check_mark: ${cluster}: Kustomization/flux-system/app reconciliation succeeded`,
      ]).toSorted(),
    );
    const threads = amazonQ().map(({ metadata }) => (isObject(metadata) ? metadata.threadId : undefined));
    expect([...new Set(threads)].toSorted()).toEqual(CLUSTERS.map((cluster) => `${cluster}/Kustomization/flux-system/app`).toSorted());
  });

  it("the commits: one has failed, the other is a success", () => {
    expect(statesOf(broken).filter((state) => state !== "pending")).toEqual(["failure", "failure"]);
    expect(statesOf(mended).filter((state) => state !== "pending")).toEqual(["success", "success"]);
  });

  it("Slack, the webhook and SNS hear of failure and recovery, too", () => {
    for (const cluster of CLUSTERS) {
      expect(
        slackTexts(`/slack/${cluster}/`).some((text) => text.includes("danger") && text.includes("kustomize build failed")),
        cluster,
      ).toBe(true);
      expect(bodies(`/generic/${cluster}/`).map(({ reason }) => reason)).toContain("BuildFailed");
      expect(onTopic(teamTopic).map((event) => line(event.cluster, event.reason))).toContain(line(cluster, "BuildFailed"));
    }
  });
});

it("no secret is in any log line, event, message, note or status", () => {
  expect(findSecrets(world, { inClusters: Object.values(SECRETS) })).toEqual([]);
  expect(world.deadLetters()).toEqual([]);
});
