import { createHash } from "node:crypto";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Outcome } from "@sluice/engine/domain/outcome.ts";
import { epochMs, ms } from "@sluice/engine/domain/time.ts";
import { parseHelmChart } from "@sluice/engine/flux/helm-chart-object.ts";
import { parseHelmRepository } from "@sluice/engine/flux/helm-repository-object.ts";
import type { ChartRepositories, ChartTarget } from "@sluice/engine/ports/chart-repositories.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { reconcileHelmChart } from "@sluice/engine/reconcile/helm-chart.ts";
import { reconcileHelmRepository } from "@sluice/engine/reconcile/helm-repository.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";
import { packArtifact, packInOrder } from "@sluice/engine/source/archive.ts";
import { createWorld } from "../git-world.ts";

export type SourceWorld = ReturnType<typeof createSourceWorld>;
type Kind = "HelmRepository" | "HelmChart";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const API_VERSION = "source.toolkit.fluxcd.io/v1";
const NAMESPACE = "apps";

/** A packed chart of these files, `<name>/` in front of each. */
export function chartArchive(name: string, version: string, files: { readonly [path: string]: string } = {}): Uint8Array {
  const all = { "Chart.yaml": `apiVersion: v2\nname: ${name}\nversion: ${version}\n`, "values.yaml": "colour: red\n", ...files };
  return packInOrder(Object.entries(all).map(([path, text]) => ({ path: `${name}/${path}`, bytes: encode(text) })));
}

/** A cluster, repositories, registries and stores in memory, and one pass over a HelmRepository or HelmChart at a time. Every call of a port counts, so that a pass can be cut off. */
export function createSourceWorld() {
  const base = createWorld();
  const stored = new Map<string, Uint8Array>();
  const renders = new Map<string, Uint8Array>();
  const events: string[] = [];
  const metadata: { readonly [key: string]: string }[] = [];
  const asked: string[] = [];
  const targets: ChartTarget[] = [];
  let now = Date.parse("2030-01-01T00:00:00Z");
  let callsLeft = Number.POSITIVE_INFINITY;
  const call = (): void => {
    if (callsLeft-- <= 0) throw new Error("cut off");
  };

  const counted: Cluster = {
    ...base.cluster,
    get: (ref) => {
      call();
      return base.cluster.get(ref);
    },
    list: async ({ kind, namespace }) => {
      call();
      const items = [...base.objects.values()].filter((object) => object.kind === kind && object.metadata.namespace === namespace);
      return { kind: "listed", items, resourceVersion: "1" };
    },
    patch: (ref, patch) => {
      call();
      return base.cluster.patch(ref, patch);
    },
  };

  const world = {
    objects: base.objects,
    writes: base.writes,
    put: base.put,
    stored,
    renders,
    events,
    metadata,
    /** `index https://…`, `chart https://…/a.tgz`, in order. */
    asked,
    targets,
    /** By the URL of the repository: index.yaml. A text that begins with `!` is a failure. */
    indexes: new Map<string, string>(),
    /** The server says of what version its index is, and knows it again. */
    validators: true,
    /** By URL, or `oci://host/path:tag`. */
    charts: new Map<string, Uint8Array | string>(),
    tags: new Map<string, readonly string[] | string>(),
    secret: (name: string, data: { readonly [key: string]: string }, type = "Opaque"): void =>
      base.put({
        apiVersion: "v1",
        kind: "Secret",
        type,
        metadata: { name, namespace: NAMESPACE },
        data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString("base64")])),
      }),
    /** The object with that spec; the generation moves when it is there already. */
    spec: (kind: Kind, name: string, spec: JsonObject): void => {
      const there = base.objects.get(`${kind}/${NAMESPACE}/${name}`);
      if (there !== undefined) base.put({ ...there, metadata: { ...there.metadata, generation: (there.metadata.generation ?? 1) + 1 }, spec });
      else
        base.put({
          apiVersion: API_VERSION,
          kind,
          metadata: { name, namespace: NAMESPACE, uid: `uid-${kind}-${name}`, generation: 1 },
          spec,
          status: { observedGeneration: -1 },
        });
    },
    edit: (kind: Kind, name: string, change: (manifest: Manifest) => Manifest): void => {
      const there = base.objects.get(`${kind}/${NAMESPACE}/${name}`);
      if (there !== undefined) base.put(change(there));
    },
    request: (kind: Kind, name: string, value: string): void =>
      world.edit(kind, name, (manifest) => ({
        ...manifest,
        metadata: { ...manifest.metadata, annotations: { ...manifest.metadata.annotations, "reconcile.fluxcd.io/requestedAt": value } },
      })),
    /** A GitRepository that stands at a commit with these files. */
    git: (name: string, commit: string, files: { readonly [path: string]: string }): void => {
      const bytes = packArtifact(new Map(Object.entries(files).map(([path, text]) => [path, { bytes: encode(text), executable: false }])));
      const digest = keep(bytes);
      const revision = `main@sha1:${commit.padEnd(40, "0")}`;
      base.put({
        apiVersion: API_VERSION,
        kind: "GitRepository",
        metadata: { name, namespace: NAMESPACE, uid: `uid-git-${name}`, generation: 1 },
        spec: {},
        status: { artifact: { path: "a", url: "http://a", revision, digest, lastUpdateTime: "2030-01-01T00:00:00Z", size: bytes.length } },
      });
    },
    object: (kind: Kind, name: string): Manifest | undefined => base.objects.get(`${kind}/${NAMESPACE}/${name}`),
    status: (kind: Kind, name: string): JsonObject => (world.object(kind, name)?.status ?? {}) as JsonObject,
    /** `FetchFailed True Failed 1 message`, sorted, and the observed generation. */
    lines: (kind: Kind, name: string): readonly string[] => {
      const { conditions, observedGeneration } = world.status(kind, name);
      const list = (Array.isArray(conditions) ? conditions : []) as readonly { readonly [field: string]: Json }[];
      return [...list.map((c) => `${c.type} ${c.status} ${c.reason} ${c.observedGeneration} ${c.message}`).toSorted(), `observed ${observedGeneration}`];
    },
    artifact: (kind: Kind, name: string): { readonly [field: string]: Json } => (world.status(kind, name).artifact ?? {}) as { readonly [field: string]: Json },
    bytes: (kind: Kind, name: string): Uint8Array => stored.get(String(world.artifact(kind, name).digest)) ?? new Uint8Array(),
    wait: (milliseconds: number): void => {
      now += milliseconds;
    },
    /** One pass; with `calls`, the port call after that many throws. What it wrote, asked and said is forgotten first. */
    pass: async (kind: Kind, name: string, calls = Number.POSITIVE_INFINITY): Promise<Outcome> => {
      for (const list of [base.writes, asked, events, metadata, targets]) list.length = 0;
      callsLeft = calls;
      const manifest = world.object(kind, name);
      if (manifest === undefined) throw new Error(`no ${kind} ${name}`);
      try {
        if (kind === "HelmRepository") {
          const parsed = parseHelmRepository(manifest);
          if (!parsed.ok) throw new Error(parsed.problem);
          return await reconcileHelmRepository(deps, parsed.value);
        }
        const parsed = parseHelmChart(manifest);
        if (!parsed.ok) throw new Error(parsed.problem);
        return await reconcileHelmChart(deps, parsed.value);
      } finally {
        callsLeft = Number.POSITIVE_INFINITY;
      }
    },
  };

  const keep = (bytes: Uint8Array): string => {
    const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
    stored.set(digest, bytes);
    return digest;
  };
  const fetched = (name: string, target: ChartTarget) => {
    call();
    targets.push(target);
    const found = world.charts.get(name) ?? `failed to fetch ${name} : 404 Not Found`;
    return typeof found === "string" ? { kind: "failed" as const, message: found } : { kind: "found" as const, bytes: found };
  };
  const charts: ChartRepositories = {
    index: async (target, known) => {
      call();
      asked.push(`index ${target.url}${known === undefined ? "" : " if changed"}`);
      targets.push(target);
      const text = world.indexes.get(target.url) ?? `!failed to fetch ${target.url.replace(/\/$/, "")}/index.yaml : 404 Not Found`;
      if (text.startsWith("!")) return { kind: "failed", message: text.slice(1) };
      const etag = createHash("sha1").update(text).digest("hex");
      if (known?.etag === etag) return { kind: "unchanged" };
      return { kind: "found", bytes: encode(text), ...(world.validators && { validators: { etag } }) };
    },
    chart: async (target, url) => {
      asked.push(`chart ${url}`);
      return fetched(url, target);
    },
    tags: async (target, repository) => {
      call();
      asked.push(`tags ${repository}`);
      targets.push(target);
      const found = world.tags.get(repository) ?? "not there";
      return typeof found === "string" ? { kind: "failed", message: found } : { kind: "listed", tags: found };
    },
    pull: async (target, reference) => {
      asked.push(`pull ${reference}`);
      return fetched(reference, target);
    },
  };
  const deps = {
    cluster: counted,
    charts,
    artifacts: {
      put: async (bytes: Uint8Array) => {
        call();
        const digest = keep(bytes);
        return { digest, size: bytes.length, url: `http://127.0.0.1:9090/artifacts/${digest.slice(7)}.tar.gz` };
      },
      get: async (digest: string) => {
        call();
        return stored.get(digest);
      },
      has: async (digest: string) => {
        call();
        return stored.has(digest);
      },
    },
    renders: {
      remember: async (inputs: string, bytes: Uint8Array) => {
        call();
        renders.set(inputs, bytes);
      },
      recall: async (inputs: string) => {
        call();
        return renders.get(inputs);
      },
    },
    events: {
      emit: async (event: { type: string; reason: string; message: string; metadata: { readonly [key: string]: string } }) => {
        call();
        events.push(`${event.type} ${event.reason} ${event.message}`);
        metadata.push(event.metadata);
      },
    },
    clock: { now: () => epochMs(now) },
    log: { info: () => undefined, error: () => undefined },
    settings: { ...DEFAULT_SETTINGS, requeueDependency: ms(2000) },
  };
  for (const plural of ["helmrepositories", "helmcharts"])
    base.put({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: `${plural}.source.toolkit.fluxcd.io` } });
  return world;
}
