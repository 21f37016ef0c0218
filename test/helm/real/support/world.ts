import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Condition } from "@sluice/engine/domain/condition.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { type Manifest, type ObjectRef, refOf } from "@sluice/engine/domain/manifest.ts";
import type { Snapshot } from "@sluice/engine/flux/helm-release-object.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import { loadConnection } from "../../../../lib/kubeconfig.ts";
import { applyOne, install } from "../../../../lib/local/prepare-cluster.ts";
import { createSandbox } from "../../../../lib/local/sandbox/sandbox.ts";
import { splitWords } from "../../../support/cli/words.ts";
import { startChartServer } from "../../../support/helm/chart-server.ts";
import { helmOfTests } from "../../../support/helm.ts";
import { startApiServer } from "../../../support/kubernetes/api-server.ts";
import { startEngine } from "../../../support/start-engine.ts";
import { startKubelet } from "./kubelet.ts";

export type End = { readonly code: number; readonly out: string; readonly err: string };

export type ReleaseStatus = {
  readonly conditions?: readonly Condition[];
  readonly history?: readonly Snapshot[];
  readonly observedGeneration?: number;
  readonly lastHandledReconcileAt?: string;
  readonly lastHandledForceAt?: string;
  readonly lastHandledResetAt?: string;
};

/** A cluster with our engine at work in it, a Helm repository, and the real helm and flux beside it. */
export type World = {
  readonly cluster: Cluster;
  /** The URL of the repository. */
  readonly repository: string;
  /** Puts the chart into the repository; the path where helm finds it. */
  publish(name: string, version: string, chart: Uint8Array): Promise<string>;
  /** helm with these words; single quotes hold a word together. */
  helm(words: string): Promise<End>;
  /** As `helm`, for what has to succeed: what it printed. */
  mustHelm(words: string): Promise<string>;
  flux(words: string): Promise<End>;
  /** For a helm that is not waited for. */
  readonly helmPath: string;
  readonly env: NodeJS.ProcessEnv;
  /** The path of a file with this text. */
  file(text: string): Promise<string>;
  namespace(name: string): Promise<void>;
  /** With the first HelmRelease comes HelmRepository `charts` into its namespace: all versions that the story wants are to be published by then. */
  apply(manifest: Manifest): Promise<void>;
  get(ref: ObjectRef): Promise<Manifest | undefined>;
  must(ref: ObjectRef): Promise<Manifest>;
  /** The HelmRelease is as it is wanted: for its generation, and for all that was requested of it. */
  settled(namespace: string, name: string): Promise<ReleaseStatus>;
  /** It is not, and says why. */
  failed(namespace: string, name: string, message: string): Promise<ReleaseStatus>;
  /** The HelmRelease is there no more. */
  gone(namespace: string, name: string): Promise<void>;
  /** Deletes the HelmRelease, and sees it go. */
  remove(namespace: string, name: string): Promise<void>;
  until<T>(what: string, answer: () => Promise<T | undefined>): Promise<T>;
  stop(): Promise<void>;
};

const PAUSE_MS = 50;
const PATIENCE_MS = 40_000;

export const HELM_RELEASE = { apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" } as const;
const SOURCE = "source.toolkit.fluxcd.io/v1";

/** `real`: kube-apiserver and its controllers; somebody plays the nodes. `sandbox`: ours. */
export async function startWorld(name: "real" | "sandbox"): Promise<World> {
  const helm = await helmOfTests();
  if (helm === undefined) throw new Error("the real helm does not run here: these tests are for Linux on x86-64");
  const folder = await mkdtemp(join(tmpdir(), "sluice-helm-"));
  const under = name === "real" ? await startReal() : await startSandbox(folder);
  const { connection } = await loadConnection({ kubeconfig: under.kubeconfig });
  const http = createHttp(connection);
  const cluster = createCluster(http, createKinds(http));
  await install(cluster, { namespace: "flux-system", version: "v0.0.0", image: "sluice:v0.0.0" });
  const engine = await startEngine(connection);
  await engine.start();
  const server = await startChartServer();
  const kubelet = name === "real" ? startKubelet(cluster) : undefined;
  const env = { PATH: process.env.PATH ?? "", HOME: folder, KUBECONFIG: under.kubeconfig };
  const published = new Map<string, Published[]>();
  let files = 0;

  const file = async (content: string | Uint8Array, ending = "yaml"): Promise<string> => {
    const path = join(folder, `file-${++files}.${ending}`);
    await writeFile(path, content);
    return path;
  };
  const until: World["until"] = async (what, answer) => {
    for (const started = Date.now(); ; ) {
      const found = await answer();
      if (found !== undefined) return found;
      if (Date.now() - started > PATIENCE_MS) throw new Error(`waited in vain: ${what}`);
      await new Promise((done) => setTimeout(done, PAUSE_MS));
    }
  };
  const get: World["get"] = async (ref) => {
    const answer = await cluster.get(ref);
    if (answer.kind === "refused") throw new Error(answer.message);
    return answer.kind === "found" ? answer.object : undefined;
  };
  const look = async <T>(namespace: string, name: string, what: string, answer: (object: Manifest) => T | undefined): Promise<T> => {
    let seen: Manifest | undefined;
    try {
      return await until(`HelmRelease ${namespace}/${name}: ${what}`, async () => {
        seen = await get({ ...HELM_RELEASE, namespace, name });
        return seen === undefined ? undefined : answer(seen);
      });
    } catch (error) {
      throw new Error(`${String(error)}\n${JSON.stringify(seen?.status, undefined, 1)}`);
    }
  };
  const putRepository = (namespace: string): Promise<void> => {
    const spec = { interval: "1h", url: `${server.url}/charts` };
    return applyOne(cluster, { apiVersion: SOURCE, kind: "HelmRepository", metadata: { name: "charts", namespace }, spec });
  };
  const gone: World["gone"] = async (namespace, name) => {
    await until(`HelmRelease ${namespace}/${name} is gone`, async () => ((await get({ ...HELM_RELEASE, namespace, name })) === undefined ? true : undefined));
  };
  const runHelm = (words: string): Promise<End> => run(helm, words, env, folder);
  return {
    cluster,
    repository: `${server.url}/charts`,
    publish: async (chart, version, bytes) => {
      const path = `/charts/${chart}-${version}.tgz`;
      server.files.set(path, bytes);
      const digest = createHash("sha256").update(bytes).digest("hex");
      published.set(chart, [...(published.get(chart) ?? []).filter((one) => one.version !== version), { version, digest, url: `${server.url}${path}` }]);
      server.files.set("/charts/index.yaml", new TextEncoder().encode(indexOf(published)));
      return file(bytes, "tgz");
    },
    helm: runHelm,
    mustHelm: async (words) => {
      const { code, out, err } = await runHelm(words);
      if (code !== 0) throw new Error(`helm ${words}\nended with ${code}\n${out}${err}`);
      return out;
    },
    flux: (words) => {
      const flux = process.env.FLUX ?? "";
      if (flux === "") throw new Error('FLUX is not set: export FLUX="$(test/support/kubernetes/flux)"');
      return run(flux, words, env, folder);
    },
    helmPath: helm,
    env,
    file,
    namespace: async (namespace) => {
      await applyOne(cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    },
    apply: async (manifest) => {
      // Not before the charts are there: the index is read once.
      if (manifest.kind === HELM_RELEASE.kind) await putRepository(manifest.metadata.namespace ?? "");
      const answer = await cluster.apply(manifest, { manager: "user", force: true, dryRun: false });
      if (answer.kind === "refused") throw new Error(answer.message);
    },
    get,
    must: async (ref) => {
      const object = await get(ref);
      if (object === undefined) throw new Error(`there is no ${ref.kind} ${ref.name}`);
      return object;
    },
    settled: (namespace, release) => look(namespace, release, "is settled", settledStatus),
    failed: (namespace, release, message) =>
      look(namespace, release, message, ({ status }) => {
        const now = (status ?? {}) as ReleaseStatus; // as our own engine wrote it
        const ready = now.conditions?.find(({ type }) => type === "Ready");
        return ready?.status === "False" && ready.message === message ? now : undefined;
      }),
    gone,
    remove: async (namespace, name) => {
      await cluster.delete({ ...HELM_RELEASE, namespace, name }, { propagation: "Background" });
      await gone(namespace, name);
    },
    until,
    stop: async () => {
      await kubelet?.stop();
      await engine.stop();
      await server.close();
      http.close();
      await under.stop();
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function settledStatus({ metadata, status }: Manifest): ReleaseStatus | undefined {
  const now = (status ?? {}) as ReleaseStatus; // as our own engine wrote it
  const requestedAt = metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
  const one = (type: string): Condition | undefined => now.conditions?.find((condition) => condition.type === type);
  const isAnswered = requestedAt === undefined || now.lastHandledReconcileAt === requestedAt;
  const isReady = one("Ready")?.status === "True" && one("Ready")?.observedGeneration === metadata.generation;
  return isAnswered && isReady && one("Reconciling") === undefined && now.observedGeneration === metadata.generation ? now : undefined;
}

type Published = { readonly version: string; readonly digest: string; readonly url: string };

const indexOf = (charts: ReadonlyMap<string, readonly Published[]>): string =>
  JSON.stringify({
    apiVersion: "v1",
    entries: Object.fromEntries(
      [...charts].map(([name, all]) => [
        name,
        all.map(({ version, digest, url }) => ({ apiVersion: "v2", name, version, digest, urls: [url], created: "2024-05-01T10:00:00Z" })),
      ]),
    ),
  });

/** Never throws for what the command answers. */
function run(program: string, words: string, env: NodeJS.ProcessEnv, cwd: string): Promise<End> {
  return new Promise((done) => {
    execFile(program, splitWords(words), { env, cwd, maxBuffer: 1 << 26 }, (error, out, err) => {
      done({ code: typeof error?.code === "number" ? error.code : error === null ? 0 : 1, out, err });
    });
  });
}

async function startReal(): Promise<{ readonly kubeconfig: string; stop(): Promise<void> }> {
  const assets = process.env.KUBEBUILDER_ASSETS ?? "";
  if (assets === "") throw new Error('KUBEBUILDER_ASSETS is not set: export KUBEBUILDER_ASSETS="$(test/support/kubernetes/assets)"');
  return startApiServer({ assets });
}

async function startSandbox(folder: string): Promise<{ readonly kubeconfig: string; stop(): Promise<void> }> {
  const sandbox = await createSandbox();
  await mkdir(folder, { recursive: true });
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, sandbox.kubeconfig(), { mode: 0o600 });
  return { kubeconfig, stop: () => sandbox.stop() };
}

/** A HelmRelease of a chart of the repository. */
export const helmRelease = (namespace: string, name: string, chart: string, version: string, spec: JsonObject = {}): Manifest => ({
  ...HELM_RELEASE,
  metadata: { name, namespace },
  spec: { interval: "1h", timeout: "30s", chart: { spec: { chart, version, sourceRef: { kind: "HelmRepository", name: "charts" } } }, ...spec },
});

/** Asks for a run, and with `also` for what else an annotation of this value asks for. */
export async function request(world: World, namespace: string, name: string, also: readonly ("forceAt" | "resetAt")[] = []): Promise<void> {
  const value = `${Date.now()}-${Math.random()}`;
  const annotations = Object.fromEntries(["requestedAt", ...also].map((word) => [`reconcile.fluxcd.io/${word}`, value]));
  const ref = { ...HELM_RELEASE, namespace, name };
  const answer = await world.cluster.patch(ref, { body: { type: "merge", merge: { metadata: { annotations } } }, manager: "user" });
  if (answer.kind !== "patched") throw new Error(`${name} was not asked: ${answer.kind}`);
}

export const secretRef = (namespace: string, release: string, version: number): ObjectRef => ({
  apiVersion: "v1",
  kind: "Secret",
  namespace,
  name: `sh.helm.release.v1.${release}.v${version}`,
});

export { refOf };
