import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";

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
  /** AWS_REGION, else AWS_DEFAULT_REGION. */
  readonly awsRegion?: string;
  /** GITHUB_TOKEN. */
  readonly gitHubToken?: Secret;
  /** GIT_PASSWORD. */
  readonly gitPassword?: Secret;
};

/** `environment` is process.env, `workingFolder` process.cwd(): the composition roots pass them. */
export function readEnvironment(environment: { readonly [name: string]: string | undefined }, workingFolder: string): Environment {
  const namespace = environment.FLUX_SYSTEM_NAMESPACE;
  const awsRegion = present(environment.AWS_REGION) ?? present(environment.AWS_DEFAULT_REGION);
  const gitHubToken = present(environment.GITHUB_TOKEN);
  const gitPassword = present(environment.GIT_PASSWORD);
  return {
    kubeconfigFiles: kubeconfigFiles(environment),
    ...(namespace !== undefined && namespace !== "" && { namespace }),
    namespaceFollowsContext: (environment.FLUX_NS_FOLLOWS_KUBE_CONTEXT ?? "") !== "",
    folder: environment.SLUICE_DIR === undefined || environment.SLUICE_DIR === "" ? workingFolder : environment.SLUICE_DIR,
    workingFolder,
    programPath: environment.PATH ?? "",
    cacheFolder: join(environment.HOME ?? homedir(), ".cache", "sluice"),
    ...(awsRegion !== undefined && { awsRegion }),
    ...(gitHubToken !== undefined && { gitHubToken: secret(gitHubToken) }),
    ...(gitPassword !== undefined && { gitPassword: secret(gitPassword) }),
  };
}

const present = (value: string | undefined): string | undefined => (value === "" ? undefined : value);

function kubeconfigFiles({ KUBECONFIG: named, HOME: home = homedir() }: { readonly [name: string]: string | undefined }): readonly string[] {
  const files = (named ?? "").split(delimiter).filter((file) => file !== "");
  return files.length > 0 ? files : [join(home, ".kube", "config")];
}

/** What `cdk.json` and `-c name=value` say under these keys; `contextOf` is `tryGetContext` of the CDK app's node. */
export const readContext = <Key extends string>(keys: readonly Key[], contextOf: (key: string) => unknown): { readonly [K in Key]?: unknown } =>
  Object.fromEntries(keys.map((key) => [key, contextOf(key)])) as { [K in Key]?: unknown };

/** Where the CDK's command line would deploy to: it sets both from the profile, the account only where there are credentials. */
export function readDeployTarget(environment: { readonly [name: string]: string | undefined }): {
  readonly defaultAccount?: string;
  readonly defaultRegion?: string;
} {
  const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = environment;
  return { ...(account !== undefined && { defaultAccount: account }), ...(region !== undefined && { defaultRegion: region }) };
}

/** Where programs are looked for: the one thing of the environment that a child process of ours needs. */
export const searchPath = (): string => process.env.PATH ?? "";

/** Where the local mode writes its log and `sluice logs` reads it. */
export const logFileOf = (folder: string): string => join(folder, ".sluice", "log.jsonl");
