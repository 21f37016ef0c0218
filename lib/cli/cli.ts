import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { EpochMs, Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Files } from "@sluice/engine/ports/files.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Environment } from "../config.ts";
import type { Aws } from "./aws/aws.ts";
import type { Remotes } from "./bootstrap/remotes.ts";
import type { GlobalFlags } from "./global-flags.ts";

/** What every command gets: its streams, its time, its way to a cluster. */
export type Cli = {
  /** Data, to stdout, as it is. */
  out(text: string): void;
  /** The story, to stderr, one line each. */
  readonly say: Say;
  /** Text to stderr, as it is. */
  err(text: string): void;
  /** What only a person wants to know, to stderr if that is a terminal: for a program that compares, our words are those of the `flux` command. */
  hint(text: string): void;
  readonly clock: CliClock;
  /** The global flags that a command line gave, checked. Throws a Failure that names the wrong one. */
  settings(flags: GlobalFlags): Promise<Settings>;
  /** Nothing is asked of a server before the first call of a port. */
  connect(settings: Settings): Promise<Session>;
  /** An installation on AWS, in one region. Nothing is asked before the first call of a method. */
  aws(region: string): Promise<Aws>;
  /** Repositories of others, to set up and to push to. */
  remotes(): Promise<Remotes>;
  /** What the environment has for `aws` and `remotes`. */
  readonly access: Pick<Environment, "awsRegion" | "gitHubToken" | "gitPassword">;
  /** Makes a folder of this machine a file system that is read on demand. */
  folderFiles(): Promise<(root: string) => Files>;
  /** Asks the person at the terminal; false when there is none, or the answer is anything but yes. */
  confirm(question: string): Promise<boolean>;
  /** Ends what waits, when the person at the terminal wants so. */
  readonly signal: AbortSignal;
  /** The folder that has `.sluice/`, unless `--dir` names another. */
  readonly folder: string;
  /** What paths on the command line are relative to. */
  readonly workingFolder: string;
};

export type Say = {
  /** `►` */
  action(text: string): void;
  /** `✚` */
  generate(text: string): void;
  /** `◎` */
  waiting(text: string): void;
  /** `✔` */
  success(text: string): void;
  /** `⚠️` */
  warning(text: string): void;
  /** `✗` */
  failure(text: string): void;
};

export type CliClock = {
  now(): EpochMs;
  /** Returns early when the command is cancelled. */
  sleep(span: Milliseconds): Promise<void>;
};

export type Settings = {
  readonly namespace: string;
  readonly timeout: Milliseconds;
  readonly verbose: boolean;
  readonly flags: GlobalFlags;
};

/** One cluster, as the person who typed the command. */
export type Session = {
  readonly cluster: Cluster;
  readonly kinds: Kinds;
  readonly server: Server;
  readonly contextName: string;
  /** Where the kubeconfig says that the cluster is one of EKS. */
  readonly awsRegion?: string;
};

/** What only the command line asks a server. */
export type Server = {
  /** `v1.35.4`; or why that is not known. */
  version(): Promise<{ readonly kind: "version"; readonly version: string } | { readonly kind: "failed"; readonly message: string }>;
  /** Every served kind that can be named on a command line, preferred versions first. */
  resources(): Promise<readonly Resource[]>;
  /** Objects as they are and as they become, until `signal`. */
  watch(
    query: { readonly apiVersion: string; readonly kind: string; readonly namespace?: string },
    onEvent: (event: { readonly type: "ADDED" | "MODIFIED" | "DELETED"; readonly object: Manifest }) => void,
    signal: AbortSignal,
  ): Promise<void>;
};

export type Resource = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly namespaced: boolean;
};
