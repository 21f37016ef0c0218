import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Tree } from "@sluice/engine/domain/tree.ts";

/** How a cluster is used. Those of one sort differ in nothing but the times at which things happen to them. */
export type ClusterSort = {
  readonly name: "quiet" | "busy" | "dead" | "failing" | "pushed";
  /** Pushes a day to the cluster's own repository; each changes one Kustomization, and every fifth changes all. */
  readonly pushes: number;
  /** Objects a day that somebody changes or deletes by hand. */
  readonly drifts: number;
  /** Of 50 Kustomizations: so many cannot be built, and so many never get healthy, all day. */
  readonly broken: { readonly build: number; readonly health: number };
  /** Pushes within ten minutes, once a day. */
  readonly storm: number;
  /** For how long it does not answer, once a day, in minutes. */
  readonly deadMinutes: number;
};

export const SORTS: { readonly [Name in ClusterSort["name"]]: ClusterSort } = {
  quiet: { name: "quiet", pushes: 2, drifts: 1, broken: { build: 0, health: 0 }, storm: 0, deadMinutes: 0 },
  busy: { name: "busy", pushes: 10, drifts: 4, broken: { build: 0, health: 0 }, storm: 0, deadMinutes: 0 },
  /** For counting what one push takes. */
  pushed: { name: "pushed", pushes: 48, drifts: 0, broken: { build: 0, health: 0 }, storm: 0, deadMinutes: 0 },
  dead: { name: "dead", pushes: 2, drifts: 1, broken: { build: 0, health: 0 }, storm: 50, deadMinutes: 60 },
  failing: { name: "failing", pushes: 10, drifts: 2, broken: { build: 1, health: 1 }, storm: 0, deadMinutes: 0 },
};

/** Kustomizations of the repository that all clusters share; the others are of the cluster's own repository. */
export const SHARED_SHARE = 0.2;
export const SHARED_URL = "https://github.com/example/fleet.git";
export const ownUrl = (cluster: string): string => `https://github.com/example/${cluster}.git`;
export const NAMESPACE = "flux-system";
export const INTERVAL_MINUTES = 10;
export const RETRY_MINUTES = 2;
export const SOURCE_INTERVAL_MINUTES = 5;
export const OBJECTS = 8;

export type Version = { readonly all: number; readonly one: ReadonlyMap<number, number> };

/** Every other Kustomization waits until its Deployment has rolled out. */
export const waitsForHealth = (index: number): boolean => index % 2 === 1;

/** The Kustomizations of a repository, by their folders. */
export function treeOf(kustomizations: readonly number[], { all, one }: Version, broken: ReadonlyMap<number, "build" | "health">, objects = OBJECTS): Tree {
  const file = (text: string) => ({ bytes: Buffer.from(text), executable: false });
  return new Map(
    kustomizations.flatMap((index): [string, ReturnType<typeof file>][] => {
      const version = `${all}.${one.get(index) ?? 0}`;
      const sort = broken.get(index);
      const text = sort === "build" ? `version: [${version}\n` : manifestsOf(index, version, sort === "health", objects);
      return [[`${folderOf(index)}/all.yaml`, file(text)]];
    }),
  );
}

export const folderOf = (index: number): string => `apps/app-${String(index).padStart(2, "0")}`;
export const nameOf = (index: number): string => `app-${String(index).padStart(2, "0")}`;

/** A ServiceAccount, a Deployment, and ConfigMaps for the rest. */
function manifestsOf(index: number, version: string, isStuck: boolean, objects: number): string {
  const name = nameOf(index);
  const configMaps = Array.from(
    { length: objects - 2 },
    (_, each) => `apiVersion: v1
kind: ConfigMap
metadata:
  name: ${name}-${each}
  namespace: default
  labels: {app: ${name}}
data:
  version: "${version}"
  mode: production
  settings.ini: |
    [server]
    port = 8080
    name = ${name}-${each}
`,
  );
  const account = `apiVersion: v1
kind: ServiceAccount
metadata:
  name: ${name}
  namespace: default
`;
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${isStuck ? `stuck-${name}` : name}
  namespace: default
  labels: {app: ${name}}
spec:
  replicas: 2
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata:
      labels: {app: ${name}}
      annotations: {version: "${version}"}
    spec:
      serviceAccountName: ${name}
      containers:
        - name: app
          image: registry.example/app:v${version}
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 10m, memory: 32Mi}}
`;
  return [...configMaps, account, deployment].join("---\n");
}

/** The object of a Kustomization that somebody changes by hand. */
export const driftRef = (index: number) => ({ apiVersion: "v1", kind: "ConfigMap", namespace: "default", name: `${nameOf(index)}-0` });

export function fluxObjects(cluster: string, shared: readonly number[], own: readonly number[]): readonly Manifest[] {
  return [
    source("fleet", SHARED_URL),
    source("own", ownUrl(cluster)),
    ...shared.map((index) => kustomization(index, "fleet")),
    ...own.map((index) => kustomization(index, "own")),
  ];
}

const source = (name: string, url: string): Manifest => ({
  apiVersion: "source.toolkit.fluxcd.io/v1",
  kind: "GitRepository",
  metadata: { name, namespace: NAMESPACE },
  spec: { interval: `${SOURCE_INTERVAL_MINUTES}m`, url, ref: { branch: "main" } },
});

function kustomization(index: number, repository: string): Manifest {
  const spec: JsonObject = {
    interval: `${INTERVAL_MINUTES}m`,
    retryInterval: `${RETRY_MINUTES}m`,
    timeout: "3m",
    path: `./${folderOf(index)}`,
    prune: true,
    wait: waitsForHealth(index),
    sourceRef: { kind: "GitRepository", name: repository },
  };
  return { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { name: nameOf(index), namespace: NAMESPACE }, spec };
}
