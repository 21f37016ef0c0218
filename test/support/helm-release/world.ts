import { createHash } from "node:crypto";
import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import type { HelmLookup, HelmRenderAnswer, HelmRenderInput } from "@sluice/engine/build/helm/render.ts";
import type { HelmHook, HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { epochMs, minutes } from "@sluice/engine/domain/time.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { ActionEnd, ReleaseAction } from "@sluice/engine/reconcile/helm-release/action.ts";
import { createRunAction } from "@sluice/engine/reconcile/helm-release/actions/create-run-action.ts";
import type { ReleaseSettings } from "@sluice/engine/reconcile/helm-release/release-settings.ts";
import { createReleaseStorage } from "@sluice/engine/reconcile/helm-release/storage.ts";
import type { ReleaseSecret } from "@sluice/engine/release/secret.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { type Calls, CutOff, createCalls } from "../reconcile/calls.ts";
import { calledCluster } from "../reconcile/ports.ts";
import { createApiHttp } from "./api-http.ts";

/** What a chart of the world renders to, instead of templates: the renderer is none of these tests' business. */
export type Rendered = {
  readonly manifest?: string;
  readonly hooks?: readonly HelmHook[];
  readonly notes?: string;
  readonly crds?: readonly string[];
  readonly fails?: string;
  /** Asked for as long as it is not known. */
  readonly lookUp?: { readonly kind: string; readonly name: string };
};

export type Version = (input: HelmRenderInput) => Rendered;

type Partly<Value> = { readonly [Key in keyof Value]?: Value[Key] extends object ? Partial<Value[Key]> : Value[Key] };

/** How a helper process takes an action from one call to the next. */
export type Drive = {
  /** Between two calls, `count` from 1; the clock has moved on by then. */
  readonly between?: (count: number) => Promise<void>;
  readonly calls?: Calls;
};

const CONNECTED = { apiVersion: "v1" } as const;

/** Releases on an API server without nodes: what runs is what a test says. */
export function createReleaseWorld() {
  let time = Date.parse("2030-01-01T00:00:00Z");
  const clock = { now: () => epochMs(time) };
  const created: string[] = [];
  const http = createApiHttp(clock, ({ method, path }, code) => {
    if (code === 201) created.push((path.split("?")[0] ?? "").split("/").at(-1) ?? "");
    sent.push(`${method} ${path}`);
  });
  const sent: string[] = [];
  const kinds = createKinds(http);
  const cluster = createCluster(http, kinds);
  const versions = new Map<string, Version>();
  let spaces = 0;

  const render = (input: HelmRenderInput): HelmRenderAnswer => {
    const version = versions.get(`${input.chart.metadata.name}@${input.chart.metadata.version}`);
    if (version === undefined) throw new Error("no such chart");
    const { manifest = "", hooks = [], notes = "", fails, lookUp } = version(input);
    const lookup = lookUp === undefined ? undefined : { key: `${lookUp.kind}/${lookUp.name}`, ...CONNECTED, namespace: input.release.namespace, ...lookUp };
    const wanted: readonly HelmLookup[] = lookup === undefined || input.lookups.has(lookup.key) ? [] : [lookup];
    return fails === undefined
      ? { kind: "rendered", manifest, hooks, notes, crds: [], chart: input.chart, wanted }
      : { kind: "failed", message: fails, wanted };
  };
  const runAction = createRunAction(render);

  /** A namespace of its own, in which one release lives. */
  async function space(changes: Partly<ReleaseSettings> = {}) {
    const namespace = `space-${++spaces}`;
    await cluster.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }, { manager: "test", force: true, dryRun: false });
    const acting = { timeout: minutes(5), disableHooks: false, disableWait: false, disableWaitForJobs: false };
    const applying = {
      ...acting,
      disableOpenApiValidation: false,
      disableSchemaValidation: false,
      disableTakeOwnership: false,
      crds: "Create",
    } as const;
    const settingsFor = (as: Cluster): ReleaseSettings => ({
      metadata: { name: "shop", namespace, uid: "u", generation: 1, resourceVersion: "1", labels: {}, annotations: {}, finalizers: [] },
      cluster: as,
      releaseName: changes.releaseName ?? "shop",
      releaseNamespace: changes.releaseNamespace ?? namespace,
      storageNamespace: namespace,
      maxHistory: changes.maxHistory ?? 5,
      postRender: { strategy: "combined", run: (stream) => ({ ok: true, value: stream }) },
      waiter: changes.waiter ?? "poller",
      customHealth: () => undefined,
      install: { ...applying, replace: false, createNamespace: false, serverSideApply: true, ...changes.install },
      upgrade: { ...applying, force: false, preserveValues: false, cleanupOnFail: false, serverSideApply: "auto", ...changes.upgrade },
      rollback: { ...acting, cleanupOnFail: false, force: false, serverSideApply: "auto", ...changes.rollback },
      test: { timeout: minutes(5), filters: [], ...changes.test },
      uninstall: { timeout: minutes(5), disableHooks: false, disableWait: false, keepHistory: false, deletionPropagation: "Background", ...changes.uninstall },
    });
    const storage = createReleaseStorage(cluster, { releaseName: changes.releaseName ?? "shop", storageNamespace: namespace }, clock);
    const latest = async (): Promise<ReleaseSecret | undefined> => {
      const found = await storage.latest();
      if (found.kind === "failed") throw new Error(found.message);
      return found.kind === "found" ? found.secret : undefined;
    };
    const deps = { kinds, clock, settings: { parallel: 4 }, randomBytes: (count: number) => new Uint8Array(count) };
    const once = (action: ReleaseAction, calls: Calls = createCalls()): Promise<ActionEnd> =>
      runAction(deps, settingsFor(calledCluster(cluster, calls)), action);

    /** One action from its beginning to its end. */
    async function drive(first: ReleaseAction, { between = async () => {}, calls }: Drive = {}): Promise<Exclude<ActionEnd, { kind: "in-progress" }>> {
      let action = first;
      for (let count = 1; count < 300; count++) {
        const end = await once(action, calls);
        if (end.kind !== "in-progress") return end;
        time += end.retryIn;
        await between(count);
        const secret = await latest();
        action = secret?.progress === undefined ? first : { kind: "continue", release: secret.release, progress: secret.progress };
      }
      throw new Error("it does not end");
    }

    const install = async (version: string, values: JsonObject = {}): Promise<ReleaseAction> => ({
      kind: "install",
      chart: chartOf(version),
      values,
      previous: (await latest())?.release,
    });
    const upgrade = async (version: string, values: JsonObject = {}): Promise<ReleaseAction> =>
      ({ ...(await install(version, values)), kind: "upgrade" }) as ReleaseAction;
    const ref = (kind: string, name: string, apiVersion = "v1"): ObjectRef => ({ apiVersion, kind, name, namespace });
    return {
      namespace,
      storage,
      latest,
      once,
      drive,
      install,
      upgrade,
      ref,
      settings: settingsFor(cluster),
      deps,
      get: async (kind: string, name: string, apiVersion?: string): Promise<Manifest | undefined> => {
        const found = await cluster.get(ref(kind, name, apiVersion));
        return found.kind === "found" ? found.object : undefined;
      },
      /** `deployed: Install complete`, oldest first. */
      history: async (): Promise<readonly string[]> => {
        const listed = await storage.list();
        if (listed.kind === "failed") throw new Error(listed.message);
        return listed.secrets.map(({ release, progress }) =>
          `v${release.version} ${release.info.status}: ${release.info.description}${progress === undefined ? "" : " (in progress)"}`.replaceAll(
            namespace,
            "NS",
          ),
        );
      },
      status: async (kind: string, name: string, status: Json, apiVersion?: string) => {
        const patched = await cluster.patch(ref(kind, name, apiVersion), {
          body: { type: "merge", merge: { status } },
          subresource: "status",
          manager: "kubelet",
        });
        if (patched.kind !== "patched") throw new Error(`${kind}/${name}: ${JSON.stringify(patched)}`);
      },
    };
  }

  const chartOf = (version: string, name = "shop"): Chart => ({
    metadata: { apiVersion: "v2", name, version },
    templates: [{ name: "templates/all.yaml", data: Buffer.from(version) }],
    values: {},
    valuesText: "",
    files: (versions.get(`crds ${name}@${version}`)?.(undefined as never).crds ?? []).map((text, index) => ({
      name: `crds/${index}.yaml`,
      data: Buffer.from(text),
    })),
    dependencies: [],
  });

  return {
    cluster,
    /** Requests so far: `GET /api/v1/…`. */
    sent,
    kinds,
    created,
    space,
    /** What `shop` of that version is from now on. */
    chart: (version: string, rendered: Version, crds: readonly string[] = []): void => {
      versions.set(`shop@${version}`, rendered);
      versions.set(`crds shop@${version}`, () => ({ crds }));
    },
    advance: (by: number): void => {
      time += by;
    },
  };
}

export type ReleaseWorld = ReturnType<typeof createReleaseWorld>;
export type Space = Awaited<ReturnType<ReleaseWorld["space"]>>;

/** A hook as the renderer gives it. */
export function hook(
  name: string,
  events: HelmHook["events"],
  { kind = "Pod", weight = 0, policies }: { kind?: string; weight?: number; policies?: readonly string[] } = {},
): HelmHook {
  const body = kind === "Pod" ? "spec:\n  restartPolicy: Never\n  containers:\n  - name: main\n    image: hook\n" : "data:\n  by: hook\n";
  return {
    name,
    kind,
    path: `shop/templates/${name}.yaml`,
    manifest: `apiVersion: v1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${body}`,
    events,
    last_run: { phase: "" },
    ...(weight !== 0 && { weight }),
    ...(policies !== undefined && { delete_policies: policies }),
  };
}

export const configMap = (name: string, data: { readonly [key: string]: string } = {}, more = ""): string =>
  `---\n# Source: shop/templates/${name}.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n${more}data: ${JSON.stringify(data)}\n`;

/** One that a test makes run. */
export const pod = (name: string): string =>
  `---\n# Source: shop/templates/${name}.yaml\napiVersion: v1\nkind: Pod\nmetadata:\n  name: ${name}\nspec:\n  containers: [{name: main, image: web}]\n`;

export const RUNNING: JsonObject = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };

export const deployment = (name: string, image = "web"): string =>
  `---\n# Source: shop/templates/${name}.yaml\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  selector: {matchLabels: {app: ${name}}}\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: main, image: ${image}}]}\n`;

/** What a release looks like without times: for comparison. */
export const shape = (release: HelmStoredRelease): JsonObject => ({
  version: release.version,
  status: release.info.status,
  description: release.info.description ?? "",
  manifest: createHash("sha256").update(release.manifest).digest("hex").slice(0, 8),
  hooks: (release.hooks ?? []).map(({ name, last_run, delete_policies = [] }) => `${name} ${last_run.phase} ${delete_policies.join(",")}`),
});

export { CutOff };
