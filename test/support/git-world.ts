import { createHash } from "node:crypto";
import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import type { Outcome } from "@sluice/engine/domain/outcome.ts";
import { type EpochMs, epochMs, ms } from "@sluice/engine/domain/time.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";
import { parseGitRepository } from "@sluice/engine/flux/git-repository-object.ts";
import type { ArtifactStore } from "@sluice/engine/ports/artifact-store.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { GitFailure, GitRemotes, GitTarget } from "@sluice/engine/ports/git-remote.ts";
import { reconcileGitRepository } from "@sluice/engine/reconcile/git-repository.ts";
import { DEFAULT_SETTINGS } from "@sluice/engine/reconcile/settings.ts";

/** A remote repository in memory. `failure` is what every question gets, when it is set. */
export type MemoryRepository = {
  refs: Map<string, string>;
  commits: Map<string, { message: string; files: { [path: string]: string }; time?: number; branches?: readonly string[] }>;
  failure?: GitFailure;
};

export type World = ReturnType<typeof createWorld>;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encode = (value: string): Uint8Array => new TextEncoder().encode(value);

/** A cluster, remotes and a store in memory, and one pass over the GitRepository `app` at a time. Every call of a port counts, so that a pass can be cut off. */
export function createWorld() {
  const objects = new Map<string, Manifest>();
  const repositories = new Map<string, MemoryRepository>();
  const stored = new Map<string, Uint8Array>();
  const events: string[] = [];
  const metadata: { [key: string]: string }[] = [];
  const writes: string[] = [];
  const asked: string[] = [];
  const targets: GitTarget[] = [];
  let version = 0;
  let now = Date.parse("2030-01-01T00:00:00Z");
  let callsLeft = Number.POSITIVE_INFINITY;

  const call = (): void => {
    if (callsLeft-- <= 0) throw new Error("cut off");
  };
  const idOf = ({ kind, namespace = "", name }: Pick<ObjectRef, "kind" | "namespace" | "name">): string => `${kind}/${namespace}/${name}`;
  const keep = (manifest: Manifest): Manifest => {
    const next: Manifest = { ...manifest, metadata: { ...manifest.metadata, resourceVersion: String(++version) } };
    if (next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0)
      objects.delete(idOf({ ...next, ...next.metadata, name: next.metadata.name ?? "" }));
    else objects.set(idOf({ ...next, ...next.metadata, name: next.metadata.name ?? "" }), next);
    return next;
  };

  const cluster: Cluster = {
    get: async (ref) => {
      call();
      const object = objects.get(idOf(ref));
      return object === undefined ? { kind: "absent", message: `${ref.kind.toLowerCase()}s ${JSON.stringify(ref.name)} not found` } : { kind: "found", object };
    },
    list: async () => ({ kind: "listed", items: [], resourceVersion: "0" }),
    apply: async () => {
      throw new Error("nothing is applied here");
    },
    create: async () => {
      throw new Error("nothing is created here");
    },
    replace: async () => {
      throw new Error("nothing is replaced here");
    },
    delete: async () => ({ kind: "absent" }),
    patch: async (ref, { body, subresource, manager }) => {
      call();
      const meddle = world.meddle;
      world.meddle = undefined;
      meddle?.();
      const object = objects.get(idOf(ref));
      if (object === undefined) return { kind: "absent", message: "not found" };
      if (body.type !== "merge") throw new Error("only merge patches");
      const { metadata: head, ...rest } = body.merge;
      const given = typeof head === "object" && head !== null && "resourceVersion" in head ? head.resourceVersion : undefined;
      if (given !== object.metadata.resourceVersion) return { kind: "stale" };
      writes.push(subresource === undefined ? `metadata by ${manager}` : `status by ${manager}`);
      const merged =
        subresource === "status"
          ? { ...object, status: merge(object.status as Json, rest.status ?? {}) }
          : (merge(object as unknown as Json, body.merge) as unknown as Manifest);
      return { kind: "patched", object: keep(merged as Manifest) };
    },
  };

  const git: GitRemotes = {
    open: (target) => {
      targets.push(target);
      const at = (): MemoryRepository | GitFailure => {
        call();
        const found = repositories.get(target.url);
        if (found === undefined) return { kind: "failed", why: "not-found", message: "repository not found: " };
        return found.failure ?? found;
      };
      return {
        resolve: async (ref, known) => {
          asked.push(`resolve ${ref}${known === undefined ? "" : ` ${known.slice(0, 4)}`}`);
          const repository = at();
          if ("kind" in repository) return repository;
          if (repository.refs.size === 0) return { kind: "empty" };
          const commit = repository.refs.get(ref);
          return commit === undefined ? { kind: "no-such-ref" } : { kind: "found", commit };
        },
        tags: async () => {
          asked.push("tags");
          const repository = at();
          if ("kind" in repository) return repository;
          if (repository.refs.size === 0) return { kind: "empty" };
          const tags = [...repository.refs].filter(([ref]) => ref.startsWith("refs/tags/")).map(([ref, commit]) => ({ name: ref.slice(10), commit }));
          return { kind: "listed", tags };
        },
        fetch: async (commit, branch) => {
          asked.push(`fetch ${commit.slice(0, 4)}`);
          const repository = at();
          if ("kind" in repository) return repository;
          const found = repository.commits.get(commit);
          if (found === undefined || (branch !== undefined && !(found.branches ?? []).includes(branch))) return { kind: "no-such-commit" };
          const tree: Tree = new Map(Object.entries(found.files).map(([path, content]) => [path, { bytes: encode(content), executable: false }]));
          return { kind: "fetched", commit: { id: commit, message: found.message, time: epochMs(found.time ?? 0) }, tree };
        },
      };
    },
  };

  const artifacts: ArtifactStore = {
    put: async (bytes) => {
      call();
      const digest = `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
      stored.set(digest, bytes);
      return { digest, size: bytes.length, url: `http://127.0.0.1:9090/artifacts/${digest.slice(7)}.tar.gz` };
    },
    get: async (digest) => {
      call();
      return stored.get(digest);
    },
    has: async (digest) => {
      call();
      return stored.has(digest);
    },
  };

  const world = {
    /** What somebody else does in the moment before the next patch; once. */
    meddle: undefined as (() => void) | undefined,
    cluster,
    objects,
    repositories,
    stored,
    /** `Normal NewArtifact stored artifact …`, in order. */
    events,
    metadata,
    writes,
    asked,
    targets,
    put: (manifest: Manifest): void => void keep(manifest),
    /** The spec of GitRepository `app`, with what is not given filled in; the generation moves when it is there already. */
    spec: (spec: { readonly [field: string]: Json }, name = "app"): void => {
      const there = objects.get(idOf({ kind: "GitRepository", namespace: "apps", name }));
      const full = { url: "https://git.example.com/app.git", interval: "1h", timeout: "60s", ref: { branch: "main" }, ...spec };
      if (there !== undefined) keep({ ...there, metadata: { ...there.metadata, generation: (there.metadata.generation ?? 1) + 1 }, spec: full });
      else
        keep({
          apiVersion: "source.toolkit.fluxcd.io/v1",
          kind: "GitRepository",
          metadata: { name, namespace: "apps", uid: `uid-${name}`, generation: 1 },
          spec: full,
          status: { observedGeneration: -1 },
        });
    },
    edit: (change: (manifest: Manifest) => Manifest, name = "app"): void => {
      const there = objects.get(idOf({ kind: "GitRepository", namespace: "apps", name }));
      if (there !== undefined) keep(change(there));
    },
    annotate: (annotations: { readonly [key: string]: string }): void =>
      world.edit((manifest) => ({ ...manifest, metadata: { ...manifest.metadata, annotations: { ...manifest.metadata.annotations, ...annotations } } })),
    remote: (url = "https://git.example.com/app.git"): MemoryRepository => {
      const found = repositories.get(url) ?? { refs: new Map(), commits: new Map() };
      repositories.set(url, found);
      return found;
    },
    commit: (message: string, files: { [path: string]: string }, ref = "refs/heads/main", url?: string): string => {
      const id = createHash("sha1")
        .update(`${message}${JSON.stringify(files)}${url ?? ""}`)
        .digest("hex");
      const repository = world.remote(url);
      repository.commits.set(id, { message, files, branches: [ref] });
      repository.refs.set(ref, id);
      return id;
    },
    status: (name = "app"): JsonObject => (objects.get(idOf({ kind: "GitRepository", namespace: "apps", name }))?.status ?? {}) as JsonObject,
    object: (name = "app"): Manifest | undefined => objects.get(idOf({ kind: "GitRepository", namespace: "apps", name })),
    /** `FetchFailed True GitOperationFailed 1 message`, sorted, and the observed generation. */
    lines: (name = "app"): readonly string[] => {
      const { conditions, observedGeneration } = world.status(name);
      const list = (Array.isArray(conditions) ? conditions : []) as readonly { readonly [field: string]: Json }[];
      return [...list.map((c) => `${c.type} ${c.status} ${c.reason} ${c.observedGeneration} ${c.message}`).toSorted(), `observed ${observedGeneration}`];
    },
    files: (name = "app"): string => {
      const { artifact } = world.status(name) as { readonly artifact?: { readonly digest: string } };
      return artifact === undefined ? "" : text(stored.get(artifact.digest) ?? new Uint8Array());
    },
    wait: (milliseconds: number): void => {
      now += milliseconds;
    },
    /** One pass; with `calls`, the port call after that many throws. What it wrote, asked and said is forgotten first. */
    pass: async (name = "app", calls = Number.POSITIVE_INFINITY): Promise<Outcome> => {
      for (const list of [writes, asked, events, metadata, targets]) list.length = 0;
      callsLeft = calls;
      const manifest = world.object(name);
      if (manifest === undefined) throw new Error(`no ${name}`);
      const parsed = parseGitRepository(manifest);
      if (!parsed.ok) throw new Error(parsed.problem);
      try {
        return await reconcileGitRepository(deps, parsed.value);
      } finally {
        callsLeft = Number.POSITIVE_INFINITY;
      }
    },
  };
  const deps = {
    cluster,
    git,
    artifacts,
    events: {
      emit: async (event: { type: string; reason: string; message: string; metadata: { readonly [key: string]: string } }) => {
        call();
        events.push(`${event.type} ${event.reason} ${event.message}`);
        metadata.push({ ...event.metadata });
      },
    },
    clock: { now: (): EpochMs => epochMs(now) },
    log: { info: () => undefined, error: () => undefined },
    settings: { ...DEFAULT_SETTINGS, requeueDependency: ms(2000) },
  };
  keep({ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "sluice", namespace: "flux-system" } });
  keep({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata: { name: "gitrepositories.source.toolkit.fluxcd.io" } });
  return world;
}

/** JSON merge patch. Source: RFC 7386. */
function merge(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const base = isObject(target) ? target : {};
  const result: { [key: string]: Json } = { ...base };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = merge(result[key], value);
  }
  return result;
}
