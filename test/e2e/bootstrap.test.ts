import { setTimeout as pause } from "node:timers/promises";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { createFolderFiles } from "@sluice/platform/node/folder-files.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openRemotes } from "../../lib/cli/bootstrap/open-remotes.ts";
import type { Cli, CliClock } from "../../lib/cli/cli.ts";
import { openSession } from "../../lib/cli/connect.ts";
import { runProgram } from "../../lib/cli/main.ts";
import { createProgram } from "../../lib/cli/program.ts";
import { createSay } from "../../lib/cli/say.ts";
import { readSettings } from "../../lib/cli/settings.ts";
import { readEnvironment } from "../../lib/config.ts";
import type { Host } from "../../lib/local/host.ts";
import { install } from "../../lib/local/prepare-cluster.ts";
import { createSandbox, type Sandbox } from "../../lib/local/sandbox/sandbox.ts";
import { type LocalServer, startLocalServer } from "../support/git/local-server.ts";
import { connectionTo } from "../support/reconcile/connection.ts";
import { startEngine } from "../support/start-engine.ts";

const PASSWORD = "password-canary";

/** `sluice bootstrap` with everything real but GitHub and AWS: an API server, a Git server, an engine at work. */
describe("sluice bootstrap git, end to end", () => {
  let sandbox: Sandbox;
  let server: LocalServer;
  let engine: Host;
  beforeAll(async () => {
    sandbox = await createSandbox({ nodes: false });
    server = await startLocalServer({ user: { name: "git", password: PASSWORD } });
    await server.create("fleet");
    engine = await startEngine(connectionTo(sandbox));
  });
  afterAll(async () => {
    await engine.stop();
    await server.close();
    await sandbox.stop();
  });

  async function run(words: readonly string[]): Promise<{ readonly out: string; readonly err: string; readonly code: number }> {
    const said = { out: "", err: "" };
    const environment = readEnvironment({ GIT_PASSWORD: PASSWORD }, "/nowhere");
    const err = (text: string): void => {
      said.err += text;
    };
    const clock: CliClock = { now: () => epochMs(Date.now()), sleep: async () => void (await pause(20)) };
    const cli: Cli = {
      out: (text) => {
        said.out += text;
      },
      err,
      hint: () => undefined,
      say: createSay(err),
      clock,
      settings: (flags) => readSettings(environment, flags, async () => undefined),
      connect: async ({ flags }) => openSession({ connection: connectionTo(sandbox), namespace: "default", contextName: "sandbox" }, flags),
      aws: () => Promise.reject(new Error("nobody asks AWS")),
      remotes: async () => openRemotes(clock),
      access: environment,
      folderFiles: async () => createFolderFiles,
      confirm: async () => false,
      signal: new AbortController().signal,
      folder: "/nowhere",
      workingFolder: "/nowhere",
    };
    return { code: await runProgram(await createProgram(cli, words[0]), cli, words), ...said };
  }
  const words = (): string[] => [
    "bootstrap",
    "git",
    "--url",
    `${server.url}/fleet.git`,
    "--allow-insecure-http",
    "--path",
    "clusters/prod",
    "--timeout",
    "60s",
  ];
  const writes = (): number => [...sandbox.store.list({ group: "", plural: "events" })].length;

  it("an empty repository and an empty cluster become one that keeps the other", async () => {
    // The engine looks after a cluster that has the definitions: those of the first bootstrap step are the same ones.
    await install(engine.cluster, { namespace: "flux-system", version: "v2.9.5", image: "sluice:v0" });
    await engine.start();
    const first = await run(words());
    expect(first.err).toContain("✔ GitRepository reconciled successfully\n");
    expect(first.err).toContain("✔ Kustomization reconciled successfully\n");
    expect(first.err.endsWith("✔ all components are healthy\n")).toBe(true);
    expect(first.code).toBe(0);
    expect(first.err).not.toContain(PASSWORD);
    const marker = sandbox.store.get({ group: "apps", plural: "deployments" }, "flux-system", "sluice");
    expect(marker?.metadata.labels).toMatchObject({ "kustomize.toolkit.fluxcd.io/name": "flux-system" });
    expect((await run(["check"])).err).toContain("✔ bootstrapped: true\n");
  });

  it("a second run writes nothing to repository and cluster", async () => {
    const head = await server.git("fleet", "rev-parse", "main");
    const versions = (): string =>
      JSON.stringify(["deployments", "secrets"].map((plural) => sandbox.store.list({ group: plural === "secrets" ? "" : "apps", plural })));
    const before = { objects: versions(), events: writes() };
    const second = await run(words());
    expect(second.code).toBe(0);
    expect(second.err).toContain("✔ component manifests are up to date\n✔ sync manifests are up to date\n");
    expect(second.err).toContain("✔ source secret up to date\n");
    expect(await server.git("fleet", "rev-parse", "main")).toBe(head);
    expect({ objects: versions(), events: writes() }).toEqual(before);
  });

  it("what is pushed beside it is applied, and bootstrap waits for it", async () => {
    const config = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: more\n  namespace: flux-system\ndata: {a: '1'}\n";
    await server.commit("fleet", "main", "more", { "clusters/prod/more.yaml": config });
    const source = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", namespace: "flux-system", name: "flux-system" };
    await engine.queue.send({ kind: "push", repository: `${server.url}/fleet.git`, ref: "refs/heads/main", delivery: "1" });
    const third = await run(words());
    expect(third.code).toBe(0);
    expect(sandbox.store.get({ group: "", plural: "configmaps" }, "flux-system", "more")).toBeDefined();
    expect((await engine.cluster.get(source)).kind).toBe("found");
  });
});
