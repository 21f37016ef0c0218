import { join } from "node:path";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startWebServer, type WebServer } from "../support/git/web-server.ts";
import { type ApiServer, startApiServer } from "../support/kubernetes/api-server.ts";
import { type StartedGitServer, startGitServer } from "../support/notifications/start-git-server.ts";
import { type Clone, cloneOf } from "./support/clone.ts";
import { type Dev, startDev } from "./support/dev.ts";
import { type Answer, shellFor } from "./support/shell.ts";
import { until } from "./support/until.ts";

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined || value === "") throw new Error(`${name} is not set: see test/support/kubernetes/README.md`);
  return value;
};

const EXAMPLES = new URL("../../examples/notifications/", import.meta.url).pathname;

/** A day with notifications, with the real flux and kubectl. The cases follow one another. */
describe.each(["a real API server", "the sandbox"])("npm start on %s, notifications with the real flux", (where) => {
  let cluster: ApiServer | undefined;
  let dev: Dev;
  let web: WebServer;
  let git: StartedGitServer;
  let clone: Clone;
  let shell: ReturnType<typeof shellFor>;
  let base = "";
  const flux = (words: string): Promise<Answer> => shell.sh(`'${given("FLUX")}' -n flux-system --timeout 20s ${words}`);
  /** Where the examples of npm start lie: in a cluster of their own beside Flux's objects. */
  const home = where === "the sandbox" ? "flux-system" : "sluice-examples";
  const examples = (words: string): Promise<Answer> => shell.sh(`'${given("FLUX")}' -n ${home} --timeout 20s ${words}`);
  const field = (object: string, path: string): Promise<string> => shell.must(`kubectl get ${object} -o jsonpath='{${path}}'`);
  const apply = (yaml: string): Promise<string> => shell.must(`cat <<'END' | kubectl apply -f -\n${yaml}\nEND`);
  /** The table of `flux get`, without padding. */
  const table = async (words: string): Promise<readonly string[]> => {
    const { code, out } = await flux(words);
    expect(code).toBe(0);
    return out
      .trimEnd()
      .split("\n")
      .slice(1)
      .map((line) => line.replace(/\s*\t\s*/g, " | ").replace(/ \| $/, ""));
  };

  beforeAll(async () => {
    given("FLUX");
    if (where === "a real API server") cluster = await startApiServer({ assets: given("KUBEBUILDER_ASSETS") });
    web = await startWebServer((_, response) => void response.end("ok"));
    git = await startGitServer({ now: () => new Date().toISOString() });
    dev = await startDev(cluster === undefined ? [] : ["--kubeconfig", cluster.kubeconfig]);
    await dev.ready();
    shell = shellFor(cluster?.kubeconfig ?? dev.kubeconfig, join(dev.folder, ".sluice", "bin"));
    clone = await cloneOf(dev.printed().cloneUrl);
    base = new URL(dev.printed().cloneUrl).origin;
  });
  afterAll(async () => {
    await clone?.dispose();
    await dev?.dispose();
    await git?.web.close();
    await web?.close();
    await cluster?.stop();
  });

  it("the examples are there, and flux get shows them", async () => {
    await shell.must(`kubectl apply -f '${EXAMPLES}'`);
    expect(await table("get alerts")).toEqual(["failures", "flux-alerts", "github-status"].map((name) => `${name} | False | True | Alert is Ready`));
    expect(await table("get alert-providers")).toEqual(
      ["github-status", "slack-by-sns", "webhook-provider"].map((name) => `${name} | True | Provider is Ready`),
    );
    const missing = `unable to read token from secret 'flux-system/github-receiver' error: secrets "github-receiver" not found`;
    await until("Receiver → seen", async () => (await table("get receivers"))[0] === `github-receiver | False | False | ${missing}`);
    expect(await shell.must("kubectl -n flux-system describe receiver github-receiver")).toMatch(
      /Warning +Failed +.*notification-controller +unable to read token/,
    );
    await until(
      "Provider → finalizer",
      async () => (await field("provider/webhook-provider -n flux-system", ".metadata.finalizers")) === '["finalizers.fluxcd.io"]',
    );
  });

  it("flux reconcile receiver finds the token, ends with success and is noted", async () => {
    expect(await flux("create secret receiver github-receiver --type github --hostname localhost --token tok")).toMatchObject({ code: 0 });
    const { code, err } = await flux("reconcile receiver github-receiver");
    expect({ code, last: err.trimEnd().split("\n").at(-1) }).toEqual({ code: 0, last: "✔ Receiver reconciliation completed" });
    const asked = await field("receiver/github-receiver -n flux-system", ".metadata.annotations.reconcile\\.fluxcd\\.io/requestedAt");
    expect(await field("receiver/github-receiver -n flux-system", ".status.lastHandledReconcileAt")).toBe(asked);
    expect(await table("get receivers")).toEqual([
      expect.stringMatching(/^github-receiver \| False \| True \| Receiver initialized for path: \/hook\/[0-9a-f]{64}$/),
    ]);
    expect((await flux("events --for Receiver/github-receiver")).out).toMatch(
      /Normal\s+Succeeded\s+Receiver\/github-receiver\tReconciliation finished, next run in 10m0s/,
    );
  });

  it.each([
    { type: "receiver", name: "github-receiver", kind: "Receiver", listed: "receivers" },
    { type: "alert", name: "flux-alerts", kind: "Alert", listed: "alerts" },
    { type: "alert-provider", name: "webhook-provider", kind: "Provider", listed: "alert-providers" },
  ])("flux suspend and resume $type", async ({ type, name, kind, listed }) => {
    expect(await flux(`suspend ${type} ${name}`)).toMatchObject({ code: 0 });
    expect(await field(`${kind}/${name} -n flux-system`, ".spec.suspend")).toBe("true");
    if (kind !== "Provider") expect(await table(`get ${listed}`)).toContainEqual(expect.stringMatching(new RegExp(`^${name} \\| True \\| True`)));
    if (kind === "Receiver") expect(await flux(`reconcile receiver ${name}`)).toMatchObject({ code: 1, err: "✗ resource is suspended\n" });
    const { code, err } = await flux(`resume ${type} ${name}`);
    expect({ code, end: err.trimEnd().split("\n").slice(-2) }).toEqual({
      code: 0,
      end: [`✔ ${kind} ${name} reconciliation completed`, `✔ ${kind} reconciliation completed`],
    });
    expect(await field(`${kind}/${name} -n flux-system`, ".spec.suspend")).toBe("");
  });

  it("flux create waits until they are ready", async () => {
    const ready = [
      `alert-provider hook --type generic --address '${web.url}/hook'`,
      "alert hook --provider-ref hook --event-severity info --event-source 'Kustomization/*' --event-source 'GitRepository/*'",
      "receiver plain --type generic --secret-ref plain --resource GitRepository/workshop",
      "receiver signed --type generic-hmac --secret-ref signed --resource GitRepository/workshop",
    ];
    expect(await examples("create secret receiver plain --type generic --hostname localhost --token one")).toMatchObject({ code: 0 });
    expect(await examples("create secret receiver signed --type generic-hmac --hostname localhost --token two")).toMatchObject({ code: 0 });
    for (const words of ready) expect({ words, ...(await examples(`create ${words}`)) }).toMatchObject({ code: 0, err: expect.stringContaining("is ready") });
    const { code, err } = await shell.sh(
      `'${given("FLUX")}' -n ${home} --timeout 3s create receiver lost --type generic --secret-ref lost --resource GitRepository/workshop`,
    );
    expect({ code, last: err.trimEnd().split("\n").at(-1) }).toEqual({ code: 1, last: "✗ context deadline exceeded" });
  });

  it.each([
    { name: "plain", words: "plain --token one" },
    { name: "signed", words: "signed --type generic-hmac --token two --payload '{\"a\": 1}'" },
  ])("flux trigger receiver $name makes its source look", async ({ words }) => {
    const handled = (): Promise<string> => field(`gitrepository/workshop -n ${home}`, ".status.lastHandledReconcileAt");
    const before = await handled();
    expect(await examples(`trigger receiver ${words} --url ${base} --retries 0`)).toMatchObject({ code: 0 });
    await until("request → looked", async () => (await handled()) !== before);
  });

  it("flux trigger receiver is refused where signature or token are wrong", async () => {
    const { code, err } = await examples(`trigger receiver signed --type generic-hmac --token three --url ${base} --retries 0`);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining("404 Not Found") });
    const unsigned = await examples(`trigger receiver signed --token two --url ${base} --retries 0`);
    expect(unsigned).toMatchObject({ code: 1, err: expect.stringContaining("400 Bad Request") });
  });

  it("a push is told of, and becomes one deployment for each object", async () => {
    await apply(`apiVersion: v1
kind: Secret
metadata: {name: github, namespace: ${home}}
stringData: {token: ghp_1}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Provider
metadata: {name: github, namespace: ${home}, annotations: {sluice.dev/deployments: enabled}}
spec: {type: github, address: "${git.web.url}/acme/fleet", secretRef: {name: github}}
---
apiVersion: notification.toolkit.fluxcd.io/v1beta3
kind: Alert
metadata: {name: github, namespace: ${home}}
spec: {providerRef: {name: github}, eventSources: [{kind: Kustomization, name: "*"}]}`);
    const names = (await shell.must(`kubectl -n ${home} get kustomizations -o jsonpath='{.items[*].metadata.name}'`)).split(" ").toSorted();
    expect(names).toEqual(expect.arrayContaining(["applications", "platform", "podinfo"]));
    for (const replicas of [4, 5]) {
      await clone.edit("gitops/applications/01-sample-app.yaml", (text) => text.replace(/replicas: \d/, `replicas: ${replicas}`));
      await clone.push(`${replicas} replicas`);
      const commit = await clone.run("git rev-parse HEAD");
      await until("push → deployments", () => succeededAt(commit).length === names.length);
      await until("push → webhook", () => bodies().some((body) => JSON.stringify(body).includes("applications") && JSON.stringify(body).includes(commit)));
    }
    const tasks = new Set(git.deployments.map(({ task }) => String(task)));
    expect([...tasks].map((task) => task.split("/")[1]).toSorted()).toEqual(names);
    for (const task of tasks) {
      const states = (): string =>
        git.deployments
          .filter((each) => each.task === task)
          .map(newestState)
          .join(" ");
      await until("the one before → inactive", () => states() === "inactive success");
    }
  });

  const bodies = (): readonly Json[] => web.seen.filter(({ url }) => url === "/hook").map(({ body }) => JSON.parse(body));
  const newestState = ({ id }: JsonObject): unknown => git.deploymentStatuses.findLast(({ deployment }) => deployment === id)?.state;
  const succeededAt = (commit: string): readonly JsonObject[] => git.deployments.filter((each) => each.sha === commit && newestState(each) === "success");

  it("what could not be sent is told on the Alert: flux events and kubectl describe", async () => {
    expect(await examples("create alert-provider dead --type generic --address http://127.0.0.1:1/x")).toMatchObject({ code: 0 });
    await shell.must(`kubectl -n ${home} patch provider dead --type merge -p '{"spec":{"timeout":"1s"}}'`);
    expect(await examples("create alert dead --provider-ref dead --event-source Kustomization/applications")).toMatchObject({ code: 0 });
    await shell.must("kubectl -n workshop scale deployment nginx --replicas=1");
    expect(await examples("reconcile kustomization applications")).toMatchObject({ code: 0 });
    const why = /Warning\s+NotificationDispatchFailed\s+.*failed to send notification for Kustomization\/[a-z-]+\/applications: postMessage failed/;
    await until("failure → Alert", async () => why.test((await examples("events --for Alert/dead")).out));
    expect(await shell.must(`kubectl -n ${home} describe alert dead`)).toMatch(why);
  });

  it("what flux exports is what is there", async () => {
    for (const [type, kinds] of [
      ["alert", "alerts"],
      ["alert-provider", "providers"],
      ["receiver", "receivers"],
    ]) {
      const { code, out } = await examples(`export ${type} --all`);
      const there = (await shell.must(`kubectl -n ${home} get ${kinds} -o name`)).split("\n").length;
      expect({ code, objects: out.match(/^kind:/gm)?.length }).toEqual({ code: 0, objects: there });
      // flux writes durations as Go does; what lies there was written by the CRD's default.
      expect(await shell.must(`cat <<'END' | kubectl diff -f -\n${out.replaceAll("interval: 10m0s", "interval: 10m")}\nEND`)).toBe("");
    }
  });

  it.each([
    "get alerts",
    "get alert-providers",
    "get receivers",
    "get receivers --status-selector ready=false",
    "events --for Alert/dead",
    "export receiver --all",
    "suspend alert hook",
    "resume alert hook",
    "suspend receiver plain",
    "reconcile receiver plain",
    "resume receiver plain signed",
    "reconcile receiver plain",
    "resume receiver lost --timeout 3s",
    "suspend alert-provider hook",
    "resume alert-provider hook",
    "reconcile receiver nowhere",
  ])("sluice as flux: %s", async (words) => {
    const ages = ({ code, out, err }: Answer): Answer => ({ code, out: out.replace(/^.*\bx\d+ over.*?\t|^\d\w*( +)?\t/gm, ""), err });
    const theirs = ages(await examples(words));
    expect(ages(await shell.sh(`sluice -n ${home} --timeout 20s ${words}`))).toEqual(theirs);
  });

  it("flux delete and kubectl delete leave nothing", async () => {
    for (const words of ["alert hook", "alert-provider hook", "receiver plain"]) expect(await examples(`delete ${words} --silent`)).toMatchObject({ code: 0 });
    await shell.must(`kubectl delete --timeout=20s -f '${EXAMPLES}'`);
    await shell.must(`kubectl -n ${home} delete --timeout=20s providers,alerts,receivers --all`);
    await until("deleted → gone", async () => (await shell.must("kubectl get providers,alerts,receivers -A -o name")) === "");
    expect(await examples(`trigger receiver signed --type generic-hmac --token two --url ${base} --retries 0`)).toMatchObject({ code: 1 });
  });

  it("no token is shown", () => {
    for (const text of [dev.out(), dev.err()]) expect(text).not.toContain("ghp_1");
  });
});
