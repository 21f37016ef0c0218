import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { createFolderFiles } from "@sluice/platform/node/folder-files.ts";
import type { Aws } from "../../../lib/cli/aws/aws.ts";
import type { Remotes } from "../../../lib/cli/bootstrap/remotes.ts";
import type { Cli } from "../../../lib/cli/cli.ts";
import { runProgram } from "../../../lib/cli/main.ts";
import { createProgram } from "../../../lib/cli/program.ts";
import { createSay } from "../../../lib/cli/say.ts";
import { readSettings } from "../../../lib/cli/settings.ts";
import type { Environment } from "../../../lib/config.ts";
import { createMemoryCluster, type MemoryCluster, RESOURCES } from "./memory-cluster.ts";

export type Said = { readonly out: string; readonly err: string; readonly code: number };

export type MemoryCli = {
  readonly memory: MemoryCluster;
  run(words: readonly string[]): Promise<Said>;
};

export type MemoryCliOptions = {
  readonly objects: readonly Manifest[];
  /** What an engine does with an object while the command waits; nothing: there is no engine. */
  readonly engine?: (object: Manifest) => Manifest;
  readonly environment?: Partial<Environment>;
  readonly confirm?: boolean;
  readonly isTerminal?: boolean;
  readonly version?: string;
  /** AWS as the command line meets it; nothing: it does not answer. */
  readonly aws?: (region: string) => Aws;
  readonly remotes?: Remotes;
  readonly signal?: AbortSignal;
  /** What the kubeconfig says. */
  readonly awsRegion?: string;
};

const unreachableAws = (): Aws => {
  const trouble = async (): Promise<{ readonly kind: "trouble"; readonly message: string }> => ({ kind: "trouble", message: "nobody answers" });
  return { readInstallation: trouble, send: trouble, countWaiting: trouble, readSecret: trouble, readArtifact: trouble, readLines: trouble };
};

const nowhere = (): never => {
  throw new Error("this command line has no remotes");
};
const noRemotes: Remotes = { gitHub: nowhere, branch: nowhere };

export const NOW: EpochMs = parseTime("2026-01-02T03:05:00Z") ?? epochMs(0);

/** `sluice` against objects in memory, with a clock that only moves when the command waits. */
export function createMemoryCli(options: MemoryCliOptions): MemoryCli {
  const memory = createMemoryCluster(options.objects);
  const environment: Environment = {
    kubeconfigFiles: [],
    namespaceFollowsContext: false,
    folder: "/nowhere",
    workingFolder: "/nowhere",
    programPath: "",
    cacheFolder: "/nowhere",
    ...options.environment,
  };
  let now = NOW;
  const engineLooks = (): void => {
    for (const object of memory.all()) memory.put(options.engine?.(object) ?? object);
  };
  async function run(words: readonly string[]): Promise<Said> {
    const said = { out: "", err: "" };
    const err = (text: string): void => {
      said.err += text;
    };
    const cli: Cli = {
      out: (text) => {
        said.out += text;
      },
      err,
      hint: options.isTerminal === true ? err : () => undefined,
      say: createSay(err),
      clock: {
        now: () => now,
        sleep: async (span) => {
          now = epochMs(now + span);
          engineLooks();
        },
      },
      settings: (flags) => readSettings(environment, flags, async () => "cli-other"),
      connect: async () => ({
        cluster: memory.cluster,
        kinds: memory.kinds,
        contextName: "memory",
        server: serverOf(memory, options.version ?? "v1.35.4"),
        ...(options.awsRegion !== undefined && { awsRegion: options.awsRegion }),
      }),
      aws: async (region) => (options.aws ?? unreachableAws)(region),
      remotes: async () => options.remotes ?? noRemotes,
      access: environment,
      folderFiles: async () => createFolderFiles,
      confirm: async () => options.confirm ?? false,
      signal: options.signal ?? new AbortController().signal,
      folder: environment.folder,
      workingFolder: environment.workingFolder,
    };
    const code = await runProgram(await createProgram(cli, words[0]), cli, words);
    return { ...said, code };
  }
  return { memory, run };
}

const serverOf = (memory: MemoryCluster, version: string): Awaited<ReturnType<Cli["connect"]>>["server"] => ({
  version: async () => ({ kind: "version", version }),
  resources: async () => RESOURCES,
  watch: async ({ apiVersion, kind, namespace }, onEvent) => {
    for (const object of memory.all())
      if (object.apiVersion === apiVersion && object.kind === kind && (namespace === undefined || object.metadata.namespace === namespace))
        onEvent({ type: "ADDED", object });
  },
});

/** An engine that looks at whatever was asked for or resumed, and finds it ready, or in the state that `conditions` gives by name. */
export const engineOf =
  (conditions: { readonly [name: string]: readonly JsonObject[] } = {}) =>
  (object: Manifest): Manifest => {
    const status = object.status as JsonObject | undefined;
    const requested = object.metadata.annotations?.["reconcile.fluxcd.io/requestedAt"];
    const isBehind = status?.observedGeneration !== object.metadata.generation || (requested !== undefined && status?.lastHandledReconcileAt !== requested);
    if (status?.conditions === undefined || !isBehind) return object;
    const generation = object.metadata.generation ?? 1;
    const ready = {
      type: "Ready",
      status: "True",
      reason: "Succeeded",
      message: "ready",
      observedGeneration: generation,
      lastTransitionTime: "2026-01-02T03:05:00Z",
    };
    return {
      ...object,
      status: {
        ...status,
        observedGeneration: generation,
        ...(requested !== undefined && { lastHandledReconcileAt: requested }),
        conditions: conditions[object.metadata.name ?? ""] ?? [ready],
      },
    };
  };
