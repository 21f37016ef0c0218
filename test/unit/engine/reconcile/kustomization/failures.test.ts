import type { Refusal } from "@sluice/engine/ports/cluster.ts";
import { NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Bench, type Scenario, startBench } from "../../../../support/reconcile/bench.ts";
import { configMap, secret } from "../../../../support/reconcile/manifests.ts";

let bench: Bench;
let scenario: Scenario;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());
beforeEach(async () => {
  scenario = await bench.scenario();
});

const READY = "Ready=True:ReconciliationSucceeded | observed 1 of 1";
const refused = (code: number, reason: string, message: string): Refusal => ({
  kind: "refused",
  why: code === 403 ? "forbidden" : "other",
  code,
  reason,
  message,
});

describe("an API server that does not answer", () => {
  it.each([
    "list ConfigMap",
    "dry-run ConfigMap/new",
    "patch status Kustomization/apps",
    "apply ConfigMap/new",
    "delete ConfigMap/gone",
    "get GitRepository/app",
  ])("at %s: the run breaks off, is tried again with back-off, and then all is well", async (where) => {
    await scenario.push(configMap("a") + configMap("gone"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(configMap("a") + configMap("new"));
    const broken = await scenario.pass({ instead: (line) => (line === where ? new NoAnswer("GET /api: 503 after 5 attempts: ") : undefined), attempt: 1 });
    expect(broken).toMatchObject({ outcome: "failed", queued: ["Kustomization/NS/apps (failed) in 1.5s"] });
    expect(scenario.log.some((line) => line.includes("run broke off") && line.includes("503 after 5 attempts"))).toBe(true);
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["a", "new"]);
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_new__ConfigMap v1"]);
  });

  it("one that is gone from the first call on leaves the object as it is", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    const before = JSON.stringify(await scenario.object());
    const down = await scenario.pass({ instead: () => new NoAnswer("connect ECONNREFUSED") });
    expect(down).toMatchObject({ outcome: "failed", queued: ["Kustomization/NS/apps (failed) in 0.75s"] });
    expect(JSON.stringify(await scenario.object())).toBe(before);
  });
});

describe("an API server that answers 500", () => {
  const ERROR = refused(500, "InternalError", "etcdserver: request timed out");
  it.each<{ where: string; line: string; message: string }>([
    {
      where: "dry-run ConfigMap/new",
      line: "Reconciling=True:ProgressingWithRetry Ready=False:ReconciliationFailed | observed 1 of 1",
      message: "ConfigMap/NS/new dry-run failed (InternalError): etcdserver: request timed out\n",
    },
    {
      where: "apply ConfigMap/new",
      line: "Reconciling=True:ProgressingWithRetry Ready=False:ReconciliationFailed | observed 1 of 1",
      message: "ConfigMap/NS/new apply failed (InternalError): etcdserver: request timed out\n",
    },
    {
      where: "delete ConfigMap/gone",
      line: "Reconciling=True:ProgressingWithRetry Ready=False:PruneFailed | observed 1 of 1",
      message: "delete failed, errors: ConfigMap/NS/gone delete failed: etcdserver: request timed out",
    },
    { where: "get GitRepository/app", line: "Ready=False:ArtifactFailed | observed 1 of 1", message: "etcdserver: request timed out" },
    // Single reads and dry-runs take its place.
    { where: "list ConfigMap", line: READY, message: "Applied revision: " },
  ])("at $where: the object says so, and nothing that exists is forgotten", async ({ where, line, message }) => {
    await scenario.push(configMap("a") + configMap("gone"));
    await scenario.spec({});
    await scenario.pass();
    const next = await scenario.push(configMap("a") + configMap("new"));
    await scenario.pass({ instead: (call) => (call === where ? ERROR : undefined) });
    expect(await scenario.line()).toBe(line);
    expect(await scenario.message()).toBe(line === READY ? message + next : message);
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["a", "new"]);
  });

  it("when an object that is to be pruned cannot be read, it is not taken for gone", async () => {
    await scenario.push(configMap("a") + configMap("gone"));
    await scenario.spec({});
    await scenario.pass();
    await scenario.push(configMap("a"));
    await scenario.pass({ instead: (call) => (call === "list ConfigMap" || call === "get ConfigMap/gone" ? ERROR : undefined) });
    expect(await scenario.inventory()).toEqual(["NS_a__ConfigMap v1", "NS_gone__ConfigMap v1"]);
    await scenario.settle();
    expect(await scenario.names("v1", "ConfigMap")).toEqual(["a"]);
  });
});

describe("stores that fail", () => {
  it.each(["recall render", "remember render", "read artifact"])("%s: the run breaks off, and the next one ends well", async (where) => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    expect((await scenario.pass({ instead: (line) => (line === where ? new Error("no space left on device") : undefined) })).outcome).toBe("failed");
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
  });

  it("a render that cannot be read counts as lost", async () => {
    await scenario.push(configMap("a"));
    await scenario.spec({});
    await scenario.pass();
    for (const key of [...scenario.memory.renders.keys()]) scenario.memory.renders.set(key, Buffer.from("{ not json"));
    await scenario.settle();
    expect(await scenario.line()).toBe(READY);
  });

  it("an artifact that is no archive fails the build, and says so", async () => {
    await scenario.push(configMap("a"));
    for (const key of scenario.memory.artifacts.keys()) scenario.memory.artifacts.set(key, Buffer.from("nonsense"));
    await scenario.spec({});
    await scenario.pass();
    expect(await scenario.line()).toBe("Reconciling=True:ProgressingWithRetry Ready=False:BuildFailed | observed -1 of 1");
  });
});

describe("where the cause of a failed build stands", () => {
  it("is in the log, and neither in conditions nor in events", async () => {
    await scenario.push({ "kustomization.yaml": "resources:\n  - a.yaml\n  - none.yaml\n", "a.yaml": configMap("a") });
    await scenario.spec({});
    await scenario.pass();
    expect(scenario.log.at(-1)).toContain('"outcome":"failed"');
    expect(scenario.log.at(-1)).toContain('"file":"kustomization.yaml","line":3,"field":"resources[1]"');
    expect(JSON.stringify(scenario.events)).toContain("BuildFailed");
    expect(JSON.stringify([await scenario.object(), scenario.events])).not.toContain("resources[1]");
  });
});

describe("one bad object", () => {
  it("does not touch the Kustomization beside it", async () => {
    await scenario.push({ "good/a.yaml": configMap("a"), "bad/b.yaml": configMap("Bad-One") });
    await scenario.spec({ path: "./bad" });
    await scenario.spec({ path: "./good" }, "good");
    await scenario.pass();
    await scenario.settle({ name: "good" });
    expect(await scenario.line("good")).toBe(READY);
  });
});

describe("Secrets", () => {
  const CANARY = "c4n4ry-0xDEADBEEF";
  const NUMBER = "918273645";
  const BASE64 = Buffer.from(CANARY).toString("base64");
  /** Everything that leaves the engine for somebody to read. */
  const said = async (): Promise<string> =>
    [
      ...scenario.events.map((event) => JSON.stringify(event)),
      ...scenario.log,
      JSON.stringify((await scenario.object())?.status),
      ...[...scenario.memory.renders.values()].map(String),
    ].join("\n");

  it.each<{ name: string; files: string; spec?: object; instead?: (line: string) => object | undefined }>([
    { name: "applied from Git", files: secret("s", `stringData: {password: ${CANARY}}`) },
    {
      name: "refused, the server quoting the value",
      files: secret("s", `stringData: {password: ${CANARY}}`),
      instead: (line) => (line === "dry-run Secret/s" ? refused(422, "Invalid", `data[password]: Invalid value: "${CANARY}" or "${BASE64}"`) : undefined),
    },
    { name: "of the wrong type, which the server quotes", files: secret("s", `data: {password: {nested: ${CANARY}}}`) },
    { name: "data that is no base64", files: secret("s", `data: {password: "${CANARY}!"}`) },
    { name: "a field that nobody knows", files: secret("s", `stringData: {password: ${CANARY}}\nimmutable: "${CANARY}"`) },
    { name: "without a name", files: secret("s", `stringData: {password: ${CANARY}}`).replace("name: s,", "") },
    {
      name: "substituted into a ConfigMap",
      files: configMap("a", "$" + "{token}"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "substituted where the server will not have it",
      files: configMap("'$" + "{token}'"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "substituted into a number",
      files: configMap("a").replace('key: "1"', "key: '$" + "{number}'"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "substituted by a broken expression",
      files: configMap("a", "$" + "{token/x}"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "beside a variable that is not set",
      files: configMap("a", "$" + "{token} $" + "{none}"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "substituted into broken YAML",
      files: configMap("a").replace('key: "1"', "key: '$" + "{broken}'"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
    {
      name: "substituted into a Secret",
      files: secret("s", "stringData: {password: '$" + "{token}'}"),
      spec: { postBuild: { substituteFrom: [{ kind: "Secret", name: "vars" }] } },
    },
  ])("$name: no event, condition, log line or stored render shows its value", async ({ files, spec = {}, instead }) => {
    await scenario.put(secret("vars", `stringData: {token: ${CANARY}, broken: "[${CANARY}: {", number: "${NUMBER}"}`));
    await scenario.push(files);
    await scenario.spec({ ...spec });
    await scenario.pass(instead === undefined ? {} : { instead });
    await scenario.pass();
    const everything = await said();
    // Confirmations are stored, too: something must be there to look at.
    expect(everything.length).toBeGreaterThan(100);
    // What Git itself holds may lie in the store of renders; what a run says may not hold it, nor may values out of the cluster be kept.
    const fromCluster = "postBuild" in spec;
    const shown = fromCluster ? everything : everything.replaceAll(/^\{"kind":"rendered".*$/gm, "");
    expect(
      shown.includes(CANARY) || shown.includes(BASE64) || shown.includes(NUMBER),
      shown.slice(Math.max(0, shown.indexOf(CANARY) - 300), shown.indexOf(CANARY) + 40),
    ).toBe(false);
  });
});
