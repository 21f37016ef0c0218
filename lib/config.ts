import { homedir } from "node:os";
import { delimiter, join } from "node:path";

/** Of Sluice, without the leading `v`; the same as in package.json (a test compares them). */
export const VERSION = "0.1.0";
/** The `flux` command whose behaviour `sluice` has, with the leading `v`: it is what CRDs are labelled with, and what `flux check` compares with itself. */
export const FLUX_VERSION = "v2.9.5";
/** The image that the marker Deployment names; nobody ever pulls it. */
export const MARKER_IMAGE = `sluice.invalid/sluice:v${VERSION}`;

export const DEFAULT_NAMESPACE = "flux-system";
export const DEFAULT_TIMEOUT = "5m0s";
export const POLL_INTERVAL_MS = 2000;

/** What the environment says: every process.env of the command line and of the local mode is read here. */
export type Environment = {
  /** Files to read a kubeconfig from, first one first; those that do not exist are skipped unless it is the only one. */
  readonly kubeconfigFiles: readonly string[];
  /** FLUX_SYSTEM_NAMESPACE. */
  readonly namespace?: string;
  /** FLUX_NS_FOLLOWS_KUBE_CONTEXT is not empty. */
  readonly namespaceFollowsContext: boolean;
  /** SLUICE_DIR, else the working directory: where `.sluice/` lies. */
  readonly folder: string;
  readonly workingFolder: string;
  /** PATH. */
  readonly programPath: string;
  /** Where what was unpacked once is kept for this user. */
  readonly cacheFolder: string;
};

/** `environment` is process.env, `workingFolder` process.cwd(): the composition roots pass them. */
export function readEnvironment(environment: { readonly [name: string]: string | undefined }, workingFolder: string): Environment {
  const namespace = environment.FLUX_SYSTEM_NAMESPACE;
  return {
    kubeconfigFiles: kubeconfigFiles(environment),
    ...(namespace !== undefined && namespace !== "" && { namespace }),
    namespaceFollowsContext: (environment.FLUX_NS_FOLLOWS_KUBE_CONTEXT ?? "") !== "",
    folder: environment.SLUICE_DIR === undefined || environment.SLUICE_DIR === "" ? workingFolder : environment.SLUICE_DIR,
    workingFolder,
    programPath: environment.PATH ?? "",
    cacheFolder: join(environment.HOME ?? homedir(), ".cache", "sluice"),
  };
}

function kubeconfigFiles({ KUBECONFIG: named, HOME: home = homedir() }: { readonly [name: string]: string | undefined }): readonly string[] {
  const files = (named ?? "").split(delimiter).filter((file) => file !== "");
  return files.length > 0 ? files : [join(home, ".kube", "config")];
}

/** Where programs are looked for: the one thing of the environment that a child process of ours needs. */
export const searchPath = (): string => process.env.PATH ?? "";

/** Where the local mode writes its log and `sluice logs` reads it. */
export const logFileOf = (folder: string): string => join(folder, ".sluice", "log.jsonl");
