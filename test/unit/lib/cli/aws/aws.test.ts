import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { parseMessage } from "@sluice/platform/sqs/message.ts";
import { parseInstallation } from "@sluice/platform/ssm/installation.ts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Aws } from "../../../../../lib/cli/aws/aws.ts";
import { openAws } from "../../../../../lib/cli/aws/open-aws.ts";
import { createAws, type FakeAws } from "../../../../support/aws/create-aws.ts";
import { createMemoryCli, engineOf, type MemoryCli, type MemoryCliOptions, NOW } from "../../../../support/cli/memory-cli.ts";

const GROUPS = ["/aws/lambda/source", "/aws/lambda/apply"];
const SOURCE = "https://source.fifo";

let fake: FakeAws;
let queues: { readonly source: string; readonly apply: string };
beforeAll(async () => {
  fake = await createAws();
});
afterAll(() => fake.stop());
let turn = 0;
beforeEach(() => {
  turn++;
  const fifo = { FifoQueue: "true" };
  queues = { source: fake.sqs.createQueue(`source-${turn}.fifo`, fifo), apply: fake.sqs.createQueue(`apply-${turn}.fifo`, fifo) };
  fake.ssm.put("/sluice/prod", JSON.stringify(installation()));
});
afterEach(() => fake.faults.clear());

const installation = () => ({
  region: fake.region,
  account: fake.account,
  queues,
  logGroups: GROUPS.map((name) => `${name}-${turn}`),
  webhookUrl: "https://hooks.example.com/github",
  version: "0.1.0",
});

const marker = (annotations: { readonly [key: string]: string } | undefined): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: {
    name: "sluice",
    namespace: "flux-system",
    generation: 1,
    labels: { "app.kubernetes.io/part-of": "flux" },
    ...(annotations !== undefined && { annotations }),
  },
  spec: { replicas: 0, template: { spec: { containers: [{ image: "sluice:v0.1.0" }] } } },
  status: { observedGeneration: 1, conditions: [{ type: "Available", status: "True" }] },
});
const MARKED = marker({ "sluice.dev/cluster": "prod", "sluice.dev/region": "eu-central-1" });
const definition: Manifest = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: {
    name: "gitrepositories.source.toolkit.fluxcd.io",
    labels: { "app.kubernetes.io/part-of": "flux", "app.kubernetes.io/version": "v2.9.5" },
  },
  status: { storedVersions: ["v1"] },
};
const ready = { observedGeneration: 1, conditions: [{ type: "Ready", status: "True", reason: "Succeeded", message: "ready" }] };
const source: Manifest = {
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name: "flux-system", namespace: "flux-system", generation: 1 },
  spec: { url: "https://github.com/acme/fleet.git" },
  status: { ...ready, artifact: { revision: "main@sha1:1" } },
};
const applier: Manifest = {
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "apps", namespace: "apps", generation: 1 },
  spec: { sourceRef: { kind: "GitRepository", name: "flux-system", namespace: "flux-system" } },
  status: { ...ready, lastAppliedRevision: "main@sha1:1" },
};

const aws = (region: string): Aws => openAws({ region, clock: { now: () => NOW }, endpoint: fake.url, credentials: fake.client.credentials });
const cli = (options: Partial<MemoryCliOptions> = {}): MemoryCli =>
  createMemoryCli({ objects: [MARKED, definition, source, applier], engine: engineOf(), aws, ...options });

describe("sluice reconcile", () => {
  const items = (queue: string) =>
    fake.sqs.messages(`${queue}-${turn}.fifo`).map(({ body }) => {
      const read = parseMessage(body);
      return read.ok ? read.value.item : read.problem;
    });

  it("asks by annotation, and the queue at once: source and what applies from it, each where it belongs", async () => {
    const memory = cli();
    const { err, code } = await memory.run(["reconcile", "kustomization", "apps", "-n", "apps", "--with-source"]);
    expect({ err, code }).toEqual({
      code: 0,
      err: `► annotating GitRepository flux-system in flux-system namespace
✔ GitRepository annotated
◎ waiting for GitRepository reconciliation
✔ fetched revision main@sha1:1
► annotating Kustomization apps in apps namespace
✔ Kustomization annotated
◎ waiting for Kustomization reconciliation
✔ applied revision main@sha1:1
`,
    });
    const requested = (kind: string) => memory.memory.all().find((object) => object.kind === kind)?.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
    const item = (group: string, kind: string, namespace: string, name: string) => ({
      kind: "object",
      key: { cluster: "prod", group, kind, namespace, name },
      cause: "request",
      look: requested(kind),
    });
    expect(requested("Kustomization")).toMatch(/^2026-/);
    expect(items("source")).toEqual([item("source.toolkit.fluxcd.io", "GitRepository", "flux-system", "flux-system")]);
    expect(items("apply")).toEqual([item("kustomize.toolkit.fluxcd.io", "Kustomization", "apps", "apps")]);
  });

  it("resume tells the queue, too", async () => {
    const suspended: Manifest = {
      ...applier,
      metadata: { ...applier.metadata, generation: 4 },
      spec: { sourceRef: { kind: "GitRepository", name: "flux-system", namespace: "flux-system" }, suspend: true },
    };
    const { err, code } = await cli({ objects: [MARKED, definition, source, suspended] }).run([
      "resume",
      "kustomization",
      "apps",
      "-n",
      "apps",
      "--wait=false",
    ]);
    expect({ err, code }).toEqual({ code: 0, err: "► resuming kustomization apps in apps namespace\n✔ kustomization resumed\n" });
    expect(items("apply")).toMatchObject([{ key: { kind: "Kustomization", namespace: "apps", name: "apps" }, look: expect.stringMatching(/^resumed \d+$/) }]);
  });

  const words = ["reconcile", "kustomization", "apps", "-n", "apps"];
  it("needs nobody on AWS where the marker names none", async () => {
    const calls = fake.calls.all().length;
    for (const objects of [
      [source, applier],
      [marker(undefined), source, applier],
    ]) {
      const { err, code } = await cli({ objects }).run(words);
      expect(err).not.toContain("⚠️");
      expect(code).toBe(0);
    }
    expect(fake.calls.all()).toHaveLength(calls);
  });

  it.each<{ what: string; prepare: () => void; want: RegExp }>([
    {
      what: "no right to the parameter",
      prepare: () =>
        void fake.faults.add({ service: "ssm", effect: { kind: "fail", code: "AccessDeniedException", message: "no ssm:GetParameter", status: 400 } }),
      want: /⚠️ cannot read SSM parameter \/sluice\/prod in eu-central-1: AccessDeniedException: no ssm:GetParameter; the next sweep takes the request, within a minute\n/,
    },
    {
      what: "a parameter of another shape",
      prepare: () => fake.ssm.put("/sluice/prod", "{}"),
      want: /⚠️ SSM parameter \/sluice\/prod in eu-central-1 is not what the stack writes: region: expected a text; the next sweep/,
    },
    {
      what: "a queue that is gone",
      prepare: () => fake.ssm.put("/sluice/prod", JSON.stringify({ ...installation(), queues: { source: SOURCE, apply: `${queues.apply}-gone` } })),
      want: /⚠️ cannot reach the queue: .*; the next sweep takes the request, within a minute\n/,
    },
  ])("falls back to the annotation: $what", async ({ prepare, want }) => {
    prepare();
    const memory = cli();
    const { err, code } = await memory.run(words);
    expect(err).toMatch(want);
    expect(err).toContain("✔ applied revision main@sha1:1\n");
    expect(code).toBe(0);
  });

  it("says that nobody answers for the region, once for both", async () => {
    const { err, code } = await cli({
      aws: (region) => openAws({ region, clock: { now: () => NOW }, endpoint: "http://127.0.0.1:1", credentials: fake.client.credentials }),
    }).run([...words, "--with-source"]);
    expect(err.match(/⚠️ cannot read SSM parameter .*ECONNREFUSED/g)).toHaveLength(1);
    expect(code).toBe(0);
  });
});

describe("sluice logs", () => {
  const line = (at: number, more: object = {}): string =>
    JSON.stringify({
      level: "info",
      ts: new Date(at).toISOString(),
      msg: `at ${NOW - at}`,
      controllerKind: "Kustomization",
      name: "apps",
      namespace: "apps",
      cluster: "prod",
      ...more,
    });
  const write = (group: number, at: number, more?: object): void => fake.logs.write(`${GROUPS[group]}-${turn}`, "stream", [`${line(at, more)}\n`], at);
  const shown = (out: string): string[] => out.split("\n").flatMap((text) => / - (.*?) *$/.exec(text)?.[1] ?? []);
  const MINUTE = 60_000;

  beforeEach(() => {
    write(0, NOW - 30 * MINUTE);
    write(1, NOW - 20 * MINUTE, { controllerKind: "GitRepository" });
    write(0, NOW - 10 * MINUTE, { level: "error", error: "boom" });
    write(1, NOW - 5 * MINUTE, { cluster: "other" });
    write(1, NOW - 3 * MINUTE, { namespace: "elsewhere", name: "web" });
    write(0, NOW - 120 * MINUTE);
    const started = NOW - MINUTE;
    for (const text of ["START RequestId: 1", '{"time":"x","type":"platform.report","record":{}}', '{"_aws":{},"Pushes":1}'])
      fake.logs.write(`${GROUPS[0]}-${turn}`, "stream", [text], started);
  });

  it("prints what the functions say of this cluster, of all groups in order of time, like the local log", async () => {
    const { out, err, code } = await cli().run(["logs", "-A"]);
    expect({ err, code }).toEqual({ err: "", code: 0 });
    expect(shown(out)).toEqual([`at ${30 * MINUTE}`, `at ${20 * MINUTE}`, `at ${10 * MINUTE} boom`, `at ${3 * MINUTE}`]);
    expect(out.split("\n")[2]).toBe(`${new Date(NOW - 10 * MINUTE).toISOString()} error Kustomization/apps.apps - at ${10 * MINUTE} boom`);
  });

  it.each<{ words: readonly string[]; want: readonly number[] }>([
    { words: ["-n", "apps"], want: [30, 20, 10] },
    { words: ["-n", "flux-system"], want: [] },
    { words: ["-A", "--since", "15m"], want: [10, 3] },
    { words: ["-A", "--since", "3h"], want: [120, 30, 20, 10, 3] },
    { words: ["-A", "--since-time", new Date(NOW - 5 * MINUTE).toISOString()], want: [3] },
    { words: ["-A", "--tail", "2"], want: [10, 3] },
    { words: ["-A", "--tail", "5"], want: [120, 30, 20, 10, 3] },
    { words: ["-A", "--tail", "2", "--since", "5m"], want: [3] },
    { words: ["-A", "--tail", "2", "--kind", "GitRepository"], want: [] },
    { words: ["-A", "--kind", "gitrepository"], want: [20] },
    { words: ["-A", "--name", "web"], want: [3] },
    { words: ["-A", "--level", "error"], want: [10] },
  ])("$words", async ({ words, want }) => {
    const { out } = await cli().run(["logs", ...words]);
    expect(shown(out).map((text) => Number(text.split(" ")[1]) / MINUTE)).toEqual(want);
  });

  it("reads every page, also behind empty ones, and waits when it is told to", async () => {
    fake.logs.paging({ most: 1, emptyPages: true });
    fake.faults.add({ service: "logs", times: 1, effect: { kind: "throttle" } });
    const { out } = await cli().run(["logs", "-A"]);
    fake.logs.paging({});
    expect(shown(out)).toHaveLength(4);
  });

  it("follows: what comes late is printed too, and nothing twice", async () => {
    const stop = new AbortController();
    let looks = 0;
    const following = (region: string): Aws => {
      const real = aws(region);
      const readLines: Aws["readLines"] = (wanted) => {
        looks++;
        if (looks === 2) write(0, NOW + 1000, { msg: "new" });
        if (looks === 3) write(1, NOW - 1000, { msg: "late" });
        if (looks === 4) return Promise.resolve({ kind: "trouble", message: "ThrottlingException: Rate exceeded" });
        if (looks === 6) stop.abort();
        return real.readLines(wanted);
      };
      return { ...real, readLines };
    };
    const { out, err } = await cli({ aws: following, signal: stop.signal }).run(["logs", "-A", "-f", "--since", "4m"]);
    expect(shown(out)).toEqual([`at ${3 * MINUTE}`, "new", "late"]);
    expect(err).toBe("⚠️ cannot read the log: ThrottlingException: Rate exceeded\n");
  });

  it("a group that nothing has written to yet is an empty one", async () => {
    fake.ssm.put("/sluice/prod", JSON.stringify({ ...installation(), logGroups: ["/aws/lambda/never", `${GROUPS[1]}-${turn}`] }));
    expect(shown((await cli().run(["logs", "-A"])).out)).toHaveLength(2);
  });

  it.each<{ what: string; prepare: () => void; want: string }>([
    {
      what: "not this caller",
      prepare: () =>
        void fake.faults.add({ service: "logs", effect: { kind: "fail", code: "AccessDeniedException", message: "no logs:FilterLogEvents", status: 400 } }),
      want: "✗ failed to read the log: AccessDeniedException: no logs:FilterLogEvents\n",
    },
    {
      what: "not this parameter",
      prepare: () =>
        void fake.faults.add({ service: "ssm", effect: { kind: "fail", code: "AccessDeniedException", message: "no ssm:GetParameter", status: 400 } }),
      want: '✗ failed to read the log: cannot read SSM parameter /sluice/prod in eu-central-1: AccessDeniedException: no ssm:GetParameter; --dir reads that of "sluice dev"\n',
    },
  ])("says in AWS's words: $what", async ({ prepare, want }) => {
    prepare();
    expect(await cli().run(["logs", "-A"])).toEqual({ out: "", err: want, code: 1 });
  });

  it("--dir forces the log of this machine", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sluice-logs-"));
    await mkdir(join(folder, ".sluice"));
    await writeFile(join(folder, ".sluice", "log.jsonl"), `${line(NOW, { msg: "local" })}\n`);
    expect(shown((await cli().run(["logs", "-A", "--dir", folder])).out)).toEqual(["local"]);
    await rm(folder, { recursive: true });
  });
});

describe("sluice check", () => {
  const awsPart = (err: string): string => err.slice(err.indexOf("► checking installation on AWS"));

  it("looks at the installation that the marker names", async () => {
    const { err, code } = await cli().run(["check"]);
    expect(awsPart(err)).toBe(`► checking installation on AWS
✔ /sluice/prod: Sluice 0.1.0 in eu-central-1
✔ queue source: 0 waiting
✔ queue apply: 0 waiting
► webhook https://hooks.example.com/github: not checked, GITHUB_TOKEN is not set
✔ all checks passed
`);
    expect(code).toBe(0);
  });

  it.each<{ hooks: readonly string[]; want: string; code: number }>([
    {
      hooks: ["https://other", "https://hooks.example.com/github"],
      want: "✔ webhook https://hooks.example.com/github: registered at acme/fleet\n✔ all checks passed\n",
      code: 0,
    },
    { hooks: ["https://other"], want: "✗ webhook https://hooks.example.com/github: not registered at acme/fleet\n✗ check failed\n", code: 1 },
  ])("the webhook: $want", async ({ hooks, want, code }) => {
    const webhooks = hooks.map((url, id) => ({ id, url, contentType: "json", events: ["push"], active: true, verifiesTls: true, hasSecret: true }));
    const nothing = () => Promise.reject(new Error("check only looks"));
    const gitHub = () => ({
      find: nothing,
      login: nothing,
      create: nothing,
      setVisibility: nothing,
      writeWebhook: nothing,
      webhooks: async () => ({ kind: "webhooks" as const, webhooks }),
    });
    const branch = (): never => {
      throw new Error("check only looks");
    };
    const said = await cli({ environment: { gitHubToken: secret("x") }, remotes: { gitHub, branch } }).run(["check"]);
    expect(said.err.endsWith(want)).toBe(true);
    expect(said.code).toBe(code);
  });

  it("fails where it cannot be reached", async () => {
    fake.ssm.put("/sluice/prod", JSON.stringify({ ...installation(), queues: { ...queues, apply: `${queues.apply}-gone` } }));
    const gone = await cli().run(["check"]);
    expect(gone.err).toMatch(/✔ queue source: 0 waiting\n✗ queue apply: .*\n/);
    expect(gone.err.endsWith("✗ check failed\n")).toBe(true);
    expect(gone.code).toBe(1);
    const nowhere = await cli({ objects: [marker({ "sluice.dev/cluster": "lost", "sluice.dev/region": "eu-central-1" }), definition] }).run(["check"]);
    expect(awsPart(nowhere.err)).toBe("► checking installation on AWS\n✗ SSM parameter /sluice/lost in eu-central-1 not found\n✗ check failed\n");
  });

  it("says what flux says, and no more, where nothing on AWS looks after the cluster", async () => {
    const { err } = await cli({ objects: [marker(undefined), definition] }).run(["check"]);
    expect(err).not.toContain("AWS");
    expect(err.endsWith("✔ all checks passed\n")).toBe(true);
  });
});

describe("the parameter of an installation", () => {
  const good = { region: "r", queues: { source: "s", apply: "a" }, logGroups: ["g"], webhookUrl: "w", version: "v" };
  it.each<[unknown, object]>([
    [good, { ok: true, value: good }],
    [
      { ...good, webhookSecret: "arn", more: 1 },
      { ok: true, value: { ...good, webhookSecret: "arn" } },
    ],
    ["text", { ok: false, problem: "expected a JSON object" }],
    [
      { ...good, queues: { source: "s" } },
      { ok: false, problem: "queues.apply: expected a text" },
    ],
    [
      { ...good, queues: [] },
      { ok: false, problem: "queues.source: expected a text" },
    ],
    [
      { ...good, webhookUrl: 1 },
      { ok: false, problem: "webhookUrl: expected a text" },
    ],
    [
      { ...good, logGroups: "g" },
      { ok: false, problem: "logGroups: expected a list of names" },
    ],
    [
      { ...good, logGroups: [1] },
      { ok: false, problem: "logGroups: expected a list of names" },
    ],
  ])("%j", (value, want) => expect(parseInstallation(JSON.stringify(value))).toEqual(want));
  it("that is no JSON", () => expect(parseInstallation("{")).toEqual({ ok: false, problem: "expected a JSON object" }));
});

describe("the secret of the webhook", () => {
  it("is the current one", async () => {
    fake.secrets.put(`hook-${turn}`, "old");
    const arn = fake.secrets.put(`hook-${turn}`, "new");
    const answer = await aws(fake.region).readSecret(arn);
    expect(answer.kind === "read" && answer.secret.reveal()).toBe("new");
    expect(JSON.stringify(answer)).not.toContain("new");
  });
  it("that is not there is told of", async () =>
    expect(await aws(fake.region).readSecret("nothing")).toMatchObject({ kind: "trouble", message: expect.stringContaining("ResourceNotFoundException") }));
});
