import { randomUUID } from "node:crypto";
import { findCondition } from "@sluice/engine/domain/condition.ts";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { FLUX_VERSION, MARKER_IMAGE } from "../../lib/config.ts";
import type { Host } from "../../lib/local/host.ts";
import { startLocalServer } from "../../lib/local/local-server.ts";
import { applyOne, install } from "../../lib/local/prepare-cluster.ts";
import { keyOf } from "../../lib/local/watches.ts";
import { createWebhook, signature } from "../../lib/local/webhook.ts";
import { startLocalServer as startGitServer } from "../support/git/local-server.ts";
import { startEngine } from "../support/start-engine.ts";
import { createReleases, type Releases } from "./helm/releases.ts";
import type { Server } from "./servers.ts";
import type { Files } from "./workload.ts";

/** What one look at Sluice cost. */
export type Cost = {
  readonly ms: number;
  /** By verb, as our client counted them. */
  readonly requests: { readonly [verb: string]: number };
  /** By verb, as the sandbox counted them. */
  readonly counted?: { readonly [verb: string]: number };
};

/** A repository, its GitRepository, and its Kustomizations, each of a folder; `after` makes a chain of them. */
export type Setup = { readonly name: string; readonly folders: readonly string[]; readonly chain?: boolean };

export type World = {
  namespace(name: string): Promise<void>;
  /** Applies the Flux objects of a repository that holds `files`, and waits until all is Ready. */
  begin(setup: Setup, files: Files): Promise<void>;
  /** Commits, announces the push as the webhook does, and measures from that request until every Kustomization of it is Ready there. */
  push(setup: Setup, files: Files): Promise<Cost>;
  /** The pass that an interval brings: from the item in the queue until the queue is idle. */
  pass(setup: Setup): Promise<Cost>;
  /** One sweep of the cluster, for a window (in milliseconds) in which everything of that interval has its turn; what it finds to do counts, too. */
  sweep(interval?: number): Promise<Cost>;
  readonly helm: Releases;
  /** What `act` cost, up to the moment that it answers. */
  measured(act: () => Promise<number>): Promise<Cost>;
  /** Takes the Flux objects and what was applied of them away. */
  end(setup: Setup): Promise<void>;
  stop(): Promise<void>;
};

const NAMESPACE = "flux-system";
const LIMIT_MS = 300_000;
const LOOK_MS = 2;
/** Of the Kustomizations and their source. */
const INTERVAL_MS = 600_000;

/** The local mode's own engine, git server and webhook over one API server. */
export async function createWorld(server: Server): Promise<World> {
  const git = await startGitServer();
  const host = await startEngine(server.connection);
  const key = secret(randomUUID());
  const webhook = createWebhook(host.queue, key);
  const front = await startLocalServer([
    (request, response) => {
      void webhook(request, response);
      return true;
    },
  ]);
  await install(host.cluster, { namespace: NAMESPACE, version: FLUX_VERSION, image: MARKER_IMAGE });
  await host.start();
  const helm = await createReleases(host, until);

  async function commit({ name }: Setup, files: Files): Promise<string> {
    return `main@sha1:${await git.commit(name, "main", "change", Object.fromEntries(files))}`;
  }

  async function announce({ name }: Setup): Promise<void> {
    const body = Buffer.from(JSON.stringify({ ref: "refs/heads/main", repository: { clone_url: `${git.url}/${name}.git` } }));
    const headers = { "x-github-event": "push", "x-github-delivery": randomUUID(), "x-hub-signature-256": signature(body, key) };
    const answer = await fetch(`${front.url}/webhook`, { method: "POST", headers, body });
    if (answer.status !== 202) throw new Error(`the webhook answered ${answer.status}`);
  }

  async function measured(act: () => Promise<number>): Promise<Cost> {
    await host.queue.idle();
    const before = { sent: Object.fromEntries(host.http.sent), counted: { ...server.counted?.() } };
    const started = performance.now();
    const ended = await act();
    // What a run still does after the object is Ready (events) counts as requests, too.
    await host.queue.idle();
    const requests = difference(before.sent, Object.fromEntries(host.http.sent));
    return { ms: ended - started, requests, ...(server.counted !== undefined && { counted: difference(before.counted, server.counted()) }) };
  }

  return {
    namespace: (name) => applyOne(host.cluster, { apiVersion: "v1", kind: "Namespace", metadata: { name } }),
    begin: async (setup, files) => {
      await git.create(setup.name);
      const revision = await commit(setup, files);
      for (const manifest of fluxObjects(setup, `${git.url}/${setup.name}.git`)) await applyOne(host.cluster, manifest);
      await untilReady(host, setup, revision);
      await host.queue.idle();
    },
    push: async (setup, files) => {
      const revision = await commit(setup, files);
      return measured(async () => {
        await announce(setup);
        return untilReady(host, setup, revision);
      });
    },
    pass: async (setup) => {
      return measured(async () => {
        for (const name of namesOf(setup))
          await host.queue.send({ kind: "object", key: keyOf("test", KINDS.Kustomization, NAMESPACE, name), cause: "interval", look: "interval" });
        await host.queue.idle();
        return performance.now();
      });
    },
    sweep: (interval = INTERVAL_MS) =>
      measured(async () => {
        const now = Date.now();
        await host.queue.send({ kind: "cluster", cluster: "test", since: epochMs(now - interval), until: epochMs(now) });
        await host.queue.idle();
        return performance.now();
      }),
    helm,
    measured,
    end: async (setup) => {
      for (const name of namesOf(setup))
        await host.cluster.delete(
          { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: NAMESPACE, name },
          { propagation: "Background" },
        );
      await host.cluster.delete(
        { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "GitRepository", namespace: NAMESPACE, name: setup.name },
        { propagation: "Background" },
      );
      await until(() => kustomizationsOf(host, setup).length === 0, "the Kustomizations were not deleted");
      await host.queue.idle();
    },
    stop: async () => {
      await host.stop();
      await helm.stop();
      await front.stop();
      await git.close();
    },
  };
}

const namesOf = ({ name, folders }: Setup): readonly string[] => folders.map((folder) => (folder === "" ? name : `${name}-${folder}`));

function fluxObjects(setup: Setup, url: string): readonly Manifest[] {
  const names = namesOf(setup);
  const kustomizations = setup.folders.map((folder, index) => ({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: names[index] ?? "", namespace: NAMESPACE },
    spec: {
      interval: "10m",
      path: `./${folder}`,
      prune: true,
      wait: false,
      sourceRef: { kind: "GitRepository", name: setup.name },
      ...(setup.chain === true && index > 0 && { dependsOn: [{ name: names[index - 1] ?? "" }] }),
    },
  }));
  const source = {
    apiVersion: "source.toolkit.fluxcd.io/v1",
    kind: "GitRepository",
    metadata: { name: setup.name, namespace: NAMESPACE },
    spec: { interval: "10m", url, ref: { branch: "main" } },
  };
  return [source, ...kustomizations];
}

function kustomizationsOf(host: Host, setup: Setup): readonly Manifest[] {
  const names = new Set(namesOf(setup));
  return (host.watches()?.objects() ?? []).filter(({ kind, metadata }) => kind === "Kustomization" && names.has(metadata.name ?? ""));
}

/** The moment at which the last Kustomization was Ready at `revision`. */
async function untilReady(host: Host, setup: Setup, revision: string): Promise<number> {
  const waiting = new Set(namesOf(setup));
  // Looking costs time, too: an object is looked into when it is another than before, and not again once it is Ready.
  const seen = new Map<string, Manifest>();
  await until(() => {
    for (const object of host.watches()?.objects() ?? []) {
      const name = object.metadata.name ?? "";
      if (object.kind !== "Kustomization" || !waiting.has(name) || seen.get(name) === object) continue;
      seen.set(name, object);
      if (isReadyAt(object, revision)) waiting.delete(name);
    }
    return waiting.size === 0;
  }, `not Ready at ${revision}`);
  return performance.now();
}

function isReadyAt(object: Manifest, revision: string): boolean {
  const status = object.status as Json | undefined; // the API server's own answer
  const ready = findCondition(conditionsOf(object), "Ready");
  if (ready?.status === "False" && ready.reason !== "DependencyNotReady" && ready.reason !== "ArtifactFailed")
    throw new Error(`Kustomization ${object.metadata.name}: ${ready.message}`);
  const isApplied = isObject(status) && status.lastAppliedRevision === revision;
  return isApplied && ready?.status === "True" && ready.observedGeneration === object.metadata.generation;
}

async function until(isSo: () => boolean, otherwise: string): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`${otherwise} after ${LIMIT_MS / 1000} s`);
    await new Promise((done) => setTimeout(done, LOOK_MS));
  }
}

function difference(before: { readonly [verb: string]: number }, after: { readonly [verb: string]: number }): { readonly [verb: string]: number } {
  const verbs = Object.keys(after).toSorted();
  return Object.fromEntries(
    verbs.flatMap((verb): [string, number][] => ((after[verb] ?? 0) > (before[verb] ?? 0) ? [[verb, (after[verb] ?? 0) - (before[verb] ?? 0)]] : [])),
  );
}
