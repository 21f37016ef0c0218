import type { Kubectl } from "./kubectl.ts";
import type { Server } from "./servers.ts";
import { measureStart } from "./start.ts";
import { type Files, filesOf, manifestsOf, type Workload } from "./workload.ts";
import type { Cost, Setup, World } from "./world.ts";

/** One round of a row: Sluice, and kubectl beside it. */
export type Round = { readonly sluice: Cost; readonly kubectlMs?: number };

export type Row = {
  readonly id: string;
  readonly title: string;
  /** Seconds; see `note` where they are of something else. */
  readonly budget: number;
  readonly maxRequests?: number;
  readonly note?: string;
  /** Brings the cluster to where the rounds start from. */
  open(world: World, server: Server, kubectl: Kubectl): Promise<Opened>;
};

export type Opened = { round(): Promise<Round>; close(): Promise<void> };

const RELEASES = 100;

export const ROWS: readonly Row[] = [
  allChanged(20, 0.3),
  allChanged(400, 2),
  allChanged(1000, 5),
  {
    id: "line",
    title: "one line changed among 1,000 objects",
    budget: 0.6,
    maxRequests: 40,
    open: (world, _, kubectl) => oneLine(world, kubectl),
  },
  {
    id: "nothing",
    title: "pass over 1,000 objects, nothing changed",
    budget: 0.4,
    maxRequests: 30,
    open: (world, _, kubectl) => nothing(world, kubectl),
  },
  {
    id: "sweep",
    title: "sweep of a cluster with 1,000 objects of 10 Kustomizations, no drift",
    budget: 1,
    maxRequests: 30,
    open: (world) => sweepAtRest(world),
  },
  {
    id: "many",
    title: "push that changes 250 Kustomizations of 4 objects",
    budget: 10,
    note: "kubectl applies the 1,000 objects in one go",
    open: (world, _, kubectl) => many(world, kubectl, { name: "many", count: 250, chain: false }),
  },
  {
    id: "chain",
    title: "a chain of 5 Kustomizations of 4 objects by dependsOn",
    budget: 2.5,
    note: "0.5 s a level, here with the work; kubectl applies level after level",
    open: (world, _, kubectl) => many(world, kubectl, { name: "chain", count: 5, chain: true }),
  },
  {
    id: "releases-install",
    title: `${RELEASES} HelmReleases of a chart of 4 objects installed`,
    budget: 15,
    note: "Flux with its default flags on such a machine: 73 s",
    open: async (world) => releases(world, "installed"),
  },
  {
    id: "releases-upgrade",
    title: `${RELEASES} HelmReleases of a chart of 4 objects upgraded`,
    budget: 10,
    note: "Flux with its default flags on such a machine: 26 s",
    open: async (world) => releases(world, "upgraded"),
  },
  {
    id: "releases-rest",
    title: `sweep of a cluster with ${RELEASES} HelmReleases at rest, all due`,
    budget: 2,
    open: (world) => releasesAtRest(world),
  },
  {
    id: "start",
    title: "npm start to all Ready",
    budget: 5,
    note: "until the process has ended",
    open: async (_, server) => ({ round: async () => ({ sluice: await measureStart(server) }), close: async () => undefined }),
  },
];

/** Each round has a namespace of its own. */
function releases(world: World, what: "installed" | "upgraded"): Opened {
  let round = 0;
  return {
    round: async () => {
      const namespace = `${what}-${round++}`;
      await world.helm.prepare(namespace);
      const install = await world.measured(() => world.helm.install(namespace, RELEASES));
      const sluice = what === "installed" ? install : await world.measured(() => world.helm.upgrade(namespace, RELEASES, "red"));
      await world.helm.remove(namespace, RELEASES);
      return { sluice };
    },
    close: async () => undefined,
  };
}

const HOUR_MS = 3_600_000;

async function releasesAtRest(world: World): Promise<Opened> {
  await world.helm.prepare("resting");
  await world.helm.install("resting", RELEASES);
  await world.sweep(HOUR_MS);
  return { round: async () => ({ sluice: await world.sweep(HOUR_MS) }), close: () => world.helm.remove("resting", RELEASES) };
}

function allChanged(objects: number, budget: number): Row {
  return {
    id: `all-${objects}`,
    title: `push that changes all of ${objects.toLocaleString("en")} objects`,
    budget,
    open: async (world, _, kubectl) => {
      let version = 1;
      const at = (): Omit<Workload, "namespace"> => ({ objects, version });
      const next = (): void => {
        version++;
      };
      return single(world, kubectl, `all-${objects}`, at, next);
    },
  };
}

async function oneLine(world: World, kubectl: Kubectl): Promise<Opened> {
  let line = 1;
  return single(
    world,
    kubectl,
    "line",
    () => ({ objects: 1000, version: 1, line }),
    () => {
      line++;
    },
  );
}

/** One Kustomization over one folder; `at` says what it holds, `next` makes it another. */
async function single(world: World, kubectl: Kubectl, name: string, at: () => Omit<Workload, "namespace">, next: () => void): Promise<Opened> {
  const setup: Setup = { name, folders: [""] };
  const beside = `${name}-kubectl`;
  await world.namespace(name);
  await world.namespace(beside);
  const files = (): Files => filesOf({ ...at(), namespace: name });
  const manifests = (): string => manifestsOf({ ...at(), namespace: beside });
  await world.begin(setup, files());
  await kubectl(manifests());
  return {
    round: async () => {
      next();
      return { sluice: await world.push(setup, files()), kubectlMs: await kubectl(manifests()) };
    },
    close: () => world.end(setup),
  };
}

async function nothing(world: World, kubectl: Kubectl): Promise<Opened> {
  const setup: Setup = { name: "nothing", folders: [""] };
  const workload = { objects: 1000, version: 1 };
  await world.namespace("nothing");
  await world.namespace("nothing-kubectl");
  await world.begin(setup, filesOf({ ...workload, namespace: "nothing" }));
  const manifests = manifestsOf({ ...workload, namespace: "nothing-kubectl" });
  await kubectl(manifests);
  return {
    round: async () => ({ sluice: await world.pass(setup), kubectlMs: await kubectl(manifests) }),
    close: () => world.end(setup),
  };
}

/** What each minute brings on AWS; here with every Kustomization due in it, where on AWS a tenth is. */
async function sweepAtRest(world: World): Promise<Opened> {
  const folders = Array.from({ length: 10 }, (_, index) => `swept-${index}`);
  const setup: Setup = { name: "sweep", folders };
  await world.namespace("sweep");
  const prefixed = (folder: string): readonly [string, string][] =>
    [...filesOf({ namespace: "sweep", objects: 100, version: 1 }, folder)].map(([path, text]) => [
      path,
      path.endsWith("kustomization.yaml") ? text : text.replaceAll(/app-(\d{4})/g, `${folder}-$1`),
    ]);
  await world.begin(setup, new Map(folders.flatMap(prefixed)));
  await world.sweep();
  return { round: async () => ({ sluice: await world.sweep() }), close: () => world.end(setup) };
}

/** `count` Kustomizations, each over a folder of four objects. */
async function many(
  world: World,
  kubectl: Kubectl,
  { name, count, chain }: { readonly name: string; readonly count: number; readonly chain: boolean },
): Promise<Opened> {
  const folders = Array.from({ length: count }, (_, index) => `part-${String(index).padStart(3, "0")}`);
  const setup: Setup = { name, folders, chain };
  const spaces = folders.map((folder) => `${name}-${folder}`);
  // All in few namespaces: a namespace for each would measure namespaces.
  const namespaceOf = (index: number): string => spaces[index % Math.min(5, count)] ?? name;
  for (const space of spaces.slice(0, 5)) for (const each of [space, `${space}-kubectl`]) await world.namespace(each);
  let version = 1;
  const files = (): Files =>
    new Map(folders.flatMap((folder, index) => [...renamed(filesOf({ namespace: namespaceOf(index), objects: 4, version }, folder), folder)]));
  const manifests = (): readonly string[] =>
    folders.map((folder, index) => rename(manifestsOf({ namespace: `${namespaceOf(index)}-kubectl`, objects: 4, version }), folder));
  const applyAll = async (): Promise<number> => {
    if (!chain) return kubectl(manifests().join("---\n"));
    let sum = 0;
    for (const level of manifests()) sum += await kubectl(level);
    return sum;
  };
  await world.begin(setup, files());
  await applyAll();
  return {
    round: async () => {
      version++;
      return { sluice: await world.push(setup, files()), kubectlMs: await applyAll() };
    },
    close: () => world.end(setup),
  };
}

/** Objects of different folders have different names. */
const rename = (text: string, folder: string): string => text.replaceAll("app-0000", folder);
const renamed = (files: Files, folder: string): Files =>
  new Map([...files].map(([path, text]) => [path, path.endsWith("kustomization.yaml") ? text : rename(text, folder)]));
