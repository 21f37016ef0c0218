import { randomBytes } from "node:crypto";
import { expect } from "vitest";
import { writesTooMany } from "../checks/changing-writes.ts";
import { differencesFromGit } from "../checks/in-git.ts";
import { findSecrets } from "../checks/no-secrets.ts";
import type { ApiRequest } from "../world/api-requests.ts";
import type { AwsWorld, WatchOptions } from "../world.ts";
import { filesOf, type Values } from "./files.ts";
import { finish } from "./finish.ts";

export type ScenarioOptions = {
  readonly repository: string;
  /** All unless said. */
  readonly clusters?: readonly string[];
  readonly object?: string;
  readonly spec?: WatchOptions["spec"];
  readonly source?: WatchOptions["source"];
  /** Values of a Secret of the clusters that the build substitutes: nobody may read them anywhere else. */
  readonly substitute?: Readonly<Record<string, string>>;
};

export type Scenario = {
  readonly repository: string;
  /** Commits these ConfigMaps and no others, and delivers the webhook. */
  push(values: Values): Promise<string>;
  /** The same, and the webhook is lost. */
  commit(values: Values): Promise<string>;
  /** Waits for the end, and looks at all that must hold after every scenario: the state is that of Git, nothing was written too often, nothing secret is told. */
  ends(options?: { readonly kills?: number; readonly deadLetters?: number }): Promise<void>;
  /** Makes its objects in a cluster that has not got them. */
  watch(cluster: string): Promise<void>;
  /** Asks as `flux reconcile` does. */
  request(cluster: string, kind?: "GitRepository" | "Kustomization"): Promise<void>;
  /** What reached the API servers since the last `ends`. */
  requests(cluster?: string): readonly ApiRequest[];
};

const FLUX = { GitRepository: "source.toolkit.fluxcd.io/v1", Kustomization: "kustomize.toolkit.fluxcd.io/v1" };

/** One repository whose ConfigMaps are in some clusters of a world, and what must hold of them. */
export async function startScenario(world: AwsWorld, options: ScenarioOptions): Promise<Scenario> {
  const { repository, object = "app", clusters = world.clusters.map(({ spec }) => spec.name), substitute, source = {} } = options;
  const secret = `canary-${randomBytes(9).toString("hex")}`;
  const seen = new Map<string, number>();
  let now: { readonly values: Values; readonly commit: string } | undefined;
  const from = { kind: "Secret", name: `${object}-values` };
  const spec = substitute === undefined ? options.spec : { ...options.spec, postBuild: { substituteFrom: [from] } };
  const watch = async (cluster: string): Promise<void> => {
    const metadata = { name: from.name, namespace: "flux-system" };
    if (substitute !== undefined) await world.apply({ apiVersion: "v1", kind: "Secret", metadata, stringData: substitute }, cluster);
    await world.watchRepository(repository, { cluster, name: object, source, ...(spec !== undefined && { spec }) });
    seen.set(cluster, 0);
  };
  for (const cluster of clusters) await watch(cluster);
  const requests = (cluster: string): readonly ApiRequest[] => world.cluster(cluster).api?.all.slice(seen.get(cluster) ?? 0) ?? [];

  return {
    repository,
    watch,
    push: async (values) => {
      const { commit, status } = await world.push(repository, filesOf(values, object, secret));
      now = { values, commit };
      expect(status).toBe(202);
      return commit;
    },
    commit: async (values) => {
      const { commit } = await world.github.push(repository, filesOf(values, object, secret));
      now = { values, commit };
      return commit;
    },
    ends: async ({ kills = 0, deadLetters = 0 } = {}) => {
      await finish(world);
      const state = now;
      if (state === undefined) throw new Error("nothing was pushed");
      const wrong = clusters.flatMap((name) => [
        ...differencesFromGit(world.cluster(name), { object, ...state }),
        ...writesTooMany(requests(name), kills).map((line) => `${name}: ${line}`),
      ]);
      expect([...wrong, ...findSecrets(world, { inGit: [secret], inClusters: Object.values(substitute ?? {}) })]).toEqual([]);
      expect(world.deadLetters()).toHaveLength(deadLetters);
      for (const name of clusters) seen.set(name, world.cluster(name).api?.all.length ?? 0);
    },
    request: async (cluster, kind = "GitRepository") => {
      const body = { type: "merge", merge: { metadata: { annotations: { "reconcile.fluxcd.io/requestedAt": new Date().toISOString() } } } } as const;
      const answer = await world
        .cluster(cluster)
        .admin.patch({ apiVersion: FLUX[kind], kind, namespace: "flux-system", name: object }, { body, manager: "flux" });
      expect(answer.kind).toBe("patched");
    },
    requests: (cluster = clusters[0] ?? "") => requests(cluster),
  };
}
