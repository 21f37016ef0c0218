import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs, minutes } from "@sluice/engine/domain/time.ts";
import type { ReleaseAction } from "@sluice/engine/reconcile/helm-release/action.ts";
import { runAction } from "@sluice/engine/reconcile/helm-release/actions/run-action.ts";
import type { ReleaseSettings } from "@sluice/engine/reconcile/helm-release/release-settings.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp, type Http } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../../../../lib/local/sandbox/sandbox.ts";
import { helmOfTests } from "../../../../../support/helm.ts";
import { connectionTo } from "../../../../../support/reconcile/connection.ts";

const run = promisify(execFile);

const FILES: { readonly [path: string]: string } = {
  "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\nappVersion: v7\n",
  "values.yaml": "colour: red\n",
  "templates/config.yaml": 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  colour: "{{ .Values.colour }}"\n',
  "templates/hook.yaml":
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: hook\n  annotations:\n    helm.sh/hook: pre-install,pre-upgrade,pre-rollback,test\ndata:\n  revision: "{{ .Release.Revision }}"\n',
  "templates/NOTES.txt": "The colour is {{ .Values.colour }}.\n",
};

const CHART: Chart = {
  metadata: { apiVersion: "v2", name: "shop", version: "1.0.0", appVersion: "v7" },
  templates: Object.entries(FILES)
    .filter(([name]) => name.startsWith("templates/"))
    .map(([name, text]) => ({ name, data: Buffer.from(text) })),
  values: { colour: "red" },
  valuesText: "colour: red\n",
  files: [],
  dependencies: [],
};

let sandbox: Sandbox;
let http: Http;
let folder: string;
let helm: string | undefined;
beforeAll(async () => {
  helm = await helmOfTests();
  sandbox = await createSandbox({ nodes: false });
  http = createHttp(connectionTo(sandbox));
  folder = await mkdtemp(join(tmpdir(), "real-helm-"));
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, "shop", path)), { recursive: true });
    await writeFile(join(folder, "shop", path), text);
  }
  await writeFile(join(folder, "kubeconfig"), sandbox.kubeconfig());
});
afterAll(async () => {
  http.close();
  await sandbox.stop();
  await rm(folder, { recursive: true });
});

/** One release in a namespace of its own, as we and as helm see it. */
async function release(namespace: string) {
  const kinds = createKinds(http);
  const cluster = createCluster(http, kinds);
  await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, { manager: "test", force: true, dryRun: false });
  const acting = { timeout: minutes(5), disableHooks: false, disableWait: false, disableWaitForJobs: false };
  const applying = { ...acting, disableOpenApiValidation: false, disableSchemaValidation: false, disableTakeOwnership: false, crds: "Create" } as const;
  const settings: ReleaseSettings = {
    metadata: { name: "shop", namespace, uid: "u", generation: 1, resourceVersion: "1", labels: {}, annotations: {}, finalizers: [] },
    cluster,
    releaseName: "shop",
    releaseNamespace: namespace,
    storageNamespace: namespace,
    maxHistory: 5,
    postRender: { strategy: "combined", run: (stream) => ({ ok: true, value: stream }) },
    waiter: "poller",
    customHealth: () => undefined,
    install: { ...applying, replace: false, createNamespace: false, serverSideApply: true },
    upgrade: { ...applying, force: false, preserveValues: false, cleanupOnFail: false, serverSideApply: "auto" },
    rollback: { ...acting, cleanupOnFail: false, force: false, serverSideApply: "auto" },
    test: { timeout: minutes(5), filters: [] },
    uninstall: { timeout: minutes(5), disableHooks: false, disableWait: false, keepHistory: false, deletionPropagation: "Background" },
  };
  const clock = { now: () => epochMs(Date.now()) };
  const storage = createReleaseStorage(cluster, settings, clock);
  const latest = async () => {
    const found = await storage.latest();
    return found.kind === "found" ? found.secret.release : undefined;
  };
  const there = async () => {
    const found = await latest();
    if (found === undefined) throw new Error("there is no release");
    return found;
  };
  const act = async (action: ReleaseAction): Promise<string> => {
    const end = await runAction({ kinds, clock, settings: { parallel: 4 }, randomBytes: (count) => new Uint8Array(count) }, settings, action);
    return end.kind === "failed" ? end.message : end.kind;
  };
  const applyChart = async (kind: "install" | "upgrade", values: JsonObject): Promise<string> => act({ kind, chart: CHART, values, previous: await latest() });
  const asHelm = async (...words: readonly string[]): Promise<string> => {
    if (helm === undefined) throw new Error("helm does not run here");
    const { stdout } = await run(helm, [...words, "--namespace", namespace, "--kubeconfig", join(folder, "kubeconfig")], { env: { HOME: folder, PATH: "" } });
    return stdout;
  };
  const data = async (name: string): Promise<unknown> => {
    const found = await cluster.get({ apiVersion: "v1", kind: "ConfigMap", namespace, name });
    return found.kind === "found" ? found.object.data : undefined;
  };
  return { act, applyChart, asHelm, there, latest, data, chart: join(folder, "shop") };
}

const oneLine = (json: string): unknown =>
  (JSON.parse(json) as readonly { readonly revision: number; readonly status: string; readonly description: string; readonly chart: string }[]).map(
    ({ revision, status, description, chart }) => `${revision} ${status} ${chart} ${description}`,
  );

describe("beside the real helm", () => {
  it("helm reads, tests, upgrades, rolls back and uninstalls what we installed", async (context) => {
    if (helm === undefined) return context.skip();
    const { applyChart, asHelm, data, chart, latest } = await release("ours");
    expect(await applyChart("install", { colour: "blue" })).toBe("succeeded");
    expect(JSON.parse(await asHelm("list", "--output", "json"))).toMatchObject([
      { name: "shop", namespace: "ours", revision: "1", status: "deployed", chart: "shop-1.0.0", app_version: "v7" },
    ]);
    expect(await asHelm("get", "manifest", "shop")).toBe(`${(await latest())?.manifest}\n`);
    expect(JSON.parse(await asHelm("get", "values", "shop", "--output", "json"))).toEqual({ colour: "blue" });
    expect(await asHelm("get", "notes", "shop")).toContain("The colour is blue.");
    expect(await asHelm("test", "shop")).toMatch(/Phase:\s+Succeeded/);
    await asHelm("upgrade", "shop", chart, "--set", "colour=green", "--force-conflicts");
    expect(await data("shop")).toEqual({ colour: "green" });
    await asHelm("rollback", "shop", "1", "--force-conflicts");
    expect(await data("shop")).toEqual({ colour: "blue" });
    expect(oneLine(await asHelm("history", "shop", "--output", "json"))).toEqual([
      "1 superseded shop-1.0.0 Install complete",
      "2 superseded shop-1.0.0 Upgrade complete",
      "3 deployed shop-1.0.0 Rollback to 1",
    ]);
    await asHelm("uninstall", "shop");
    expect(await data("shop")).toBeUndefined();
    expect(await latest()).toBeUndefined();
  });

  it("what helm installed is upgraded, tested, rolled back and uninstalled by us", async (context) => {
    if (helm === undefined) return context.skip();
    const { act, applyChart, asHelm, data, chart, there, latest } = await release("theirs");
    await asHelm("install", "shop", chart, "--set", "colour=blue");
    const theirs = await there();
    expect(await applyChart("upgrade", { colour: "green" })).toBe("succeeded");
    expect(await data("shop")).toEqual({ colour: "green" });
    expect(await act({ kind: "test", release: await there() })).toBe("succeeded");
    expect(await act({ kind: "rollback", target: theirs })).toBe("succeeded");
    expect(await data("shop")).toEqual({ colour: "blue" });
    expect(oneLine(await asHelm("history", "shop", "--output", "json"))).toEqual([
      "1 superseded shop-1.0.0 Install complete",
      "2 superseded shop-1.0.0 Upgrade complete",
      "3 deployed shop-1.0.0 Rollback to 1",
    ]);
    expect((await there()).manifest).toBe(theirs.manifest);
    expect(await act({ kind: "uninstall", release: await there() })).toBe("succeeded");
    expect(await data("shop")).toBeUndefined();
    expect(await latest()).toBeUndefined();
    expect(JSON.parse(await asHelm("list", "--output", "json"))).toEqual([]);
  });
});
