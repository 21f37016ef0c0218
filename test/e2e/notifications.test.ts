import { createHash, createHmac } from "node:crypto";
import { join } from "node:path";
import type { Json } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createAws, type FakeAws } from "../support/aws/create-aws.ts";
import { startWebServer, type WebServer } from "../support/git/web-server.ts";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, startDev } from "./support/dev.ts";
import { shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const CANARY = "CANARY-8d1f7c";

const provider = (name: string, spec: string): string => `apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: ${name}, namespace: flux-system}
spec: ${spec}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: ${name}, namespace: flux-system}
spec:
  providerRef: {name: ${name}}
  eventSources: [{kind: Kustomization, name: applications}]
  eventMetadata: {env: laptop}
---
`;

const secret = (name: string, data: string): string => `apiVersion: v1
kind: Secret
metadata: {name: ${name}, namespace: flux-system}
stringData: ${data}
---
`;

/** One push, and everybody who is told of it. */
describe("npm start tells others", { timeout: 120_000 }, () => {
  let aws: FakeAws;
  let web: WebServer;
  let dev: Dev;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;
  let commit = "";

  beforeAll(async () => {
    aws = await createAws();
    aws.sns.createTopic("deployments");
    web = await startWebServer(({ url, method }, response) => {
      const isGitHub = url.startsWith("/api/v3/");
      response.writeHead(isGitHub && method === "POST" ? 201 : 200, { "content-type": "application/json" }).end(isGitHub ? "[]" : "ok");
    });
    dev = await startDev(["--send-notifications"], { env: { ...aws.environment() } });
    await dev.ready();
    shell = shellFor(dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
    clone = await cloneOf(dev.printed().cloneUrl);
  });
  afterAll(async () => {
    await clone?.dispose();
    await dev?.dispose();
    await web?.close();
    await aws?.stop();
  });

  const apply = async (yaml: string): Promise<string> => shell.must(`cat <<'END' | kubectl apply -f -\n${yaml}\nEND`);
  const bodies = (path: string): readonly Json[] =>
    web.seen.filter(({ url, method }) => url.startsWith(path) && method === "POST").map(({ body }) => JSON.parse(body));
  const topicMessages = (): readonly Json[] =>
    aws.calls.all("sns", "Publish").flatMap(({ input: { Message } }) => (typeof Message === "string" ? [JSON.parse(Message)] : []));
  const saying = (messages: readonly Json[], text: string): readonly Json[] => messages.filter((message) => JSON.stringify(message).includes(text));

  it("a push arrives at Slack, a webhook, SNS and as a commit status", async () => {
    await apply(
      [
        secret("slack", `{address: "${web.url}/services/${CANARY}"}`),
        provider("slack", "{type: slack, channel: deployments, secretRef: {name: slack}}"),
        secret("hook", `{token: ${CANARY}}`),
        provider("hook", `{type: generic-hmac, address: "${web.url}/hook", secretRef: {name: hook}}`),
        provider("topic", `{type: sns, address: "arn:aws:sns:${aws.region}:${aws.account}:deployments"}`),
        secret("status", `{token: ${CANARY}}`),
        provider("status", `{type: github, address: "${web.url}/acme/fleet", secretRef: {name: status}}`),
      ].join(""),
    );
    await clone.edit("gitops/applications/01-sample-app.yaml", (text) => text.replace("replicas: 3", "replicas: 4"));
    await clone.push("Four");
    commit = await clone.run("git rev-parse HEAD");
    await until("push → Slack", () => saying(bodies("/services/"), "Deployment/workshop/nginx configured").length > 0);
    await until("push → webhook", () => saying(bodies("/hook"), "Reconciliation finished").length > 0);
    await until("push → SNS", () => saying(topicMessages(), "Deployment/workshop/nginx configured").length > 0);
    await until("push → commit status", () => bodies(`/api/v3/repos/acme/fleet/statuses/${commit}`).length > 0);
  });

  it("each hears once, in its own form", () => {
    const [slack, ...more] = saying(bodies("/services/"), "Deployment/workshop/nginx configured");
    expect(more).toEqual([]);
    expect(slack).toMatchObject({
      channel: "deployments",
      username: "kustomize-controller",
      attachments: [{ color: "good", author_name: "kustomization/applications.flux-system", text: "Deployment/workshop/nginx configured" }],
    });
    const hooks = web.seen.filter(({ url }) => url === "/hook");
    expect(hooks.map(({ headers }) => headers["x-signature"])).toEqual(
      hooks.map(({ body }) => `sha256=${createHmac("sha256", CANARY).update(body).digest("hex")}`),
    );
    expect(JSON.parse(hooks.at(-1)?.body ?? "")).toMatchObject({
      reason: "ReconciliationSucceeded",
      metadata: { commit_status: "update", env: "laptop", revision: `main@sha1:${commit}` },
    });
    const states = bodies(`/api/v3/repos/acme/fleet/statuses/${commit}`);
    expect(states).toEqual([
      { state: "success", context: expect.stringMatching(/^kustomization\/applications\/[0-9a-f]{8}$/), description: "reconciliation succeeded" },
    ]);
    expect(saying(topicMessages(), "Deployment/workshop/nginx configured")).toHaveLength(1);
  });

  it("a failure arrives as one", async () => {
    await clone.write("gitops/applications/kustomization.yaml", "resources: [nothing.yaml]\n");
    await clone.push("Broken");
    const broken = await clone.run("git rev-parse HEAD");
    await until("failure → commit status", () => bodies(`/api/v3/repos/acme/fleet/statuses/${broken}`).length > 0);
    expect(bodies(`/api/v3/repos/acme/fleet/statuses/${broken}`)).toMatchObject([{ state: "failure", description: "build failed" }]);
    await until("failure → Slack", () => saying(bodies("/services/"), '"color":"danger"').length > 0);
    await clone.run("git revert --no-edit HEAD && git push -q");
  });

  it("a provider that is not there is told of on its Alert, and delays nobody", async () => {
    await apply(provider("dead", '{type: generic, address: "http://127.0.0.1:1/hook", timeout: 1s}'));
    const before = saying(bodies("/services/"), "configured").length;
    await clone.edit("gitops/applications/01-sample-app.yaml", (text) => text.replace("replicas: 4", "replicas: 5"));
    await clone.push("Five");
    await until("push → Slack beside a dead one", () => saying(bodies("/services/"), "configured").length > before);
    await until("dead → Event", async () =>
      (await shell.must("kubectl -n flux-system get events --field-selector involvedObject.name=dead")).includes("NotificationDispatchFailed"),
    );
  });

  it("a request to a Receiver makes its source look", async () => {
    await shell.must(`sluice create secret receiver hook-in --type generic-hmac --hostname localhost --token ${CANARY}`);
    await apply(`apiVersion: notification.toolkit.fluxcd.io/v1
kind: Receiver
metadata: {name: hook-in, namespace: flux-system}
spec: {type: generic-hmac, secretRef: {name: hook-in}, resources: [{kind: GitRepository, name: workshop}]}
`);
    const path = (): Promise<string> => shell.must("kubectl -n flux-system get receiver hook-in -o jsonpath='{.status.webhookPath}'");
    await until("Receiver → path", async () => (await path()) !== "");
    expect(await path()).toBe(`/hook/${createHash("sha256").update(`${CANARY}hook-influx-system`).digest("hex")}`);
    const url = new URL(await path(), dev.printed().cloneUrl);
    const signature = `sha256=${createHmac("sha256", CANARY).update("{}").digest("hex")}`;
    const unsigned = await fetch(url, { method: "POST", body: "{}" });
    expect(unsigned.status).toBe(400);
    const signed = await fetch(url, { method: "POST", body: "{}", headers: { "x-signature": signature } });
    expect(signed.status).toBe(200);
    const handled = "jsonpath='{.status.lastHandledReconcileAt}'";
    await until("request → looked", async () => (await shell.must(`kubectl -n flux-system get gitrepository workshop -o ${handled}`)) !== "");
  });

  it("no key is shown anywhere", async () => {
    const everything = [
      dev.out(),
      dev.err(),
      await shell.must("kubectl get events -A -o json"),
      await shell.must(`cat '${join(dev.folder, ".sluice", "log.jsonl")}'`),
    ];
    for (const text of everything) expect(text).not.toContain(CANARY);
  });
});
