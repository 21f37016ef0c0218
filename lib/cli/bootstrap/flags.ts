import { parseDuration } from "@sluice/engine/domain/duration.ts";
import { type Secret, secret } from "@sluice/engine/domain/secret.ts";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { GitCredentials } from "@sluice/engine/ports/git-remote.ts";
import type { Visibility } from "@sluice/platform/github/administration.ts";
import { FLUX_VERSION } from "../../config.ts";
import { Failure } from "../failure.ts";
import type { GlobalFlags } from "../global-flags.ts";
import type { BootstrapOptions, GitHubRepository, GitRepository } from "./options.ts";

/** What all servers have in common. `cluster` is the name that the installation on AWS has for the cluster, not the kubeconfig's. */
export type BootstrapFlags = GlobalFlags & {
  readonly region?: string;
  readonly branch?: string;
  readonly path?: string;
  readonly interval?: string;
  readonly secretName?: string;
  readonly tokenAuth?: boolean;
  readonly caFile?: string;
  readonly authorName?: string;
  readonly authorEmail?: string;
  readonly commitMessageAppendix?: string;
  readonly version?: string;
  readonly takeOver?: boolean;
  readonly force?: boolean;
  readonly export?: boolean;
};

export type GitHubFlags = BootstrapFlags & {
  readonly owner?: string;
  readonly repository?: string;
  readonly personal?: boolean;
  readonly private?: string | boolean;
  readonly visibility?: string;
  readonly hostname?: string;
  readonly reconcile?: boolean;
};

export type GitFlags = BootstrapFlags & {
  readonly url?: string;
  readonly username?: string;
  readonly password?: string;
  readonly withBearerToken?: boolean;
  readonly allowInsecureHttp?: boolean;
};

type Common = Omit<BootstrapOptions, "repository" | "installation" | "certificateAuthority" | "namespace" | "secretName">;

const DEFAULT_INTERVAL = "1m";
const VISIBILITIES: readonly Visibility[] = ["private", "public", "internal"];
/** As GitHub names users, organizations and repositories. */
const NAME = /^[\w.-]{1,100}$/;
const HOST = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?$/i;

export function commonOptions(flags: BootstrapFlags): Common {
  return {
    path: pathOf(flags.path ?? ""),
    branch: branchOf(flags.branch ?? "main"),
    interval: intervalOf(flags.interval ?? DEFAULT_INTERVAL),
    author: { name: flags.authorName ?? "Flux", email: flags.authorEmail ?? "" },
    messageAppendix: flags.commitMessageAppendix ?? "",
    version: versionOf(flags.version ?? FLUX_VERSION),
    takeOver: flags.takeOver === true,
    force: flags.force === true,
  };
}

export function gitHubRepository(flags: GitHubFlags, token: Secret | undefined): GitHubRepository {
  const { owner = "", repository: name = "", hostname = "github.com" } = flags;
  if (owner === "") throw new Failure('required flag(s) "owner" not set');
  if (name === "") throw new Failure('required flag(s) "repository" not set');
  for (const [flag, value] of [
    ["owner", owner],
    ["repository", name],
  ] as const)
    if (!NAME.test(value) || value === "." || value === "..")
      throw new Failure(`invalid argument ${JSON.stringify(value)} for "--${flag}" flag: not a name of GitHub`);
  if (!HOST.test(hostname)) throw new Failure(`invalid argument ${JSON.stringify(hostname)} for "--hostname" flag: expected a host such as github.com`);
  if (token === undefined) throw new Failure("could not read token: GITHUB_TOKEN is not set");
  return {
    kind: "github",
    url: `https://${hostname}/${owner}/${name.replace(/\.git$/, "")}.git`,
    credentials: { kind: "basic", username: "git", password: token },
    hostname,
    owner,
    name: name.replace(/\.git$/, ""),
    token,
    personal: flags.personal === true,
    visibility: visibilityOf(flags),
    reconcile: flags.reconcile === true,
  };
}

/** Source: flux2 cmd/flux/bootstrap_git.go, getAuthOpts. */
export function gitRepository(flags: GitFlags, password: Secret | undefined): GitRepository {
  const { url: text = "" } = flags;
  if (text === "") throw new Failure('required flag(s) "url" not set');
  if (/^[\w.-]+@[\w.-]+:/.test(text) || text.startsWith("ssh:"))
    throw new Failure("ssh is not implemented: use the repository's https URL, with --username and GIT_PASSWORD");
  if (!URL.canParse(text)) throw new Failure(`parse ${JSON.stringify(text)}: not a URL`);
  const url = new URL(text);
  const scheme = url.protocol.slice(0, -1);
  if (scheme === "http" && flags.allowInsecureHttp !== true) throw new Failure("scheme http is insecure, pass --allow-insecure-http=true to allow it");
  if (scheme !== "http" && scheme !== "https") throw new Failure(`scheme ${JSON.stringify(scheme)} is not supported`);
  const inUrl = url.password === "" ? undefined : secret(decodeURIComponent(url.password));
  const given = flags.password === undefined || flags.password === "" ? (password ?? inUrl) : secret(flags.password);
  if (given === undefined) throw new Failure("could not read token: GIT_PASSWORD is not set, and neither is --password");
  const username = flags.username ?? (url.username === "" ? "git" : decodeURIComponent(url.username));
  url.username = "";
  url.password = "";
  const credentials: GitCredentials = flags.withBearerToken === true ? { kind: "bearer", token: given } : { kind: "basic", username, password: given };
  return { kind: "git", url: url.href, credentials };
}

/** Source: flux2 internal/flags, SafeRelativePath; but a path that leads out of the repository is refused, not bent. */
function pathOf(text: string): string {
  const segments = text
    .trim()
    .split("/")
    .filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes(".."))
    throw new Failure(`invalid argument ${JSON.stringify(text)} for "--path" flag: invalid relative path '${text}': it leads out of the repository`);
  if (segments.some((segment) => segment.toLowerCase() === ".git" || /[\\\p{Cc}]/u.test(segment)))
    throw new Failure(`invalid argument ${JSON.stringify(text)} for "--path" flag: invalid relative path '${text}'`);
  return `./${segments.join("/")}`;
}

/** Source: git check-ref-format. */
function branchOf(text: string): string {
  const isWrong = text === "" || /[\s\p{Cc}~^:?*[\\]|\.\.|@\{|\/\/|^[/.-]|\/\.|[/.]$|\.lock(\/|$)/u.test(text);
  if (isWrong) throw new Failure(`invalid argument ${JSON.stringify(text)} for "--branch" flag: not a name of a branch`);
  return text;
}

function intervalOf(text: string): Milliseconds {
  const interval = parseDuration(text);
  if (interval === undefined || interval <= 0)
    throw new Failure(`invalid argument ${JSON.stringify(text)} for "--interval" flag: time: invalid duration ${JSON.stringify(text)}`);
  return interval;
}

export function versionOf(version: string): string {
  if (!/^v?\d+\.\d+\.\d+([-+][\w.-]+)?$/.test(version)) throw new Failure(`${JSON.stringify(version)} is no version: expected one such as ${FLUX_VERSION}`);
  return version.startsWith("v") ? version : `v${version}`;
}

/** `--private=false` is public; `--visibility` says it in one word, and both may not differ. */
function visibilityOf({ private: isPrivate, visibility: word }: GitHubFlags): Visibility {
  const byPrivate: Visibility | undefined = isPrivate === undefined ? undefined : isTrue(isPrivate) ? "private" : "public";
  if (word === undefined) return byPrivate ?? "private";
  const visibility = VISIBILITIES.find((one) => one === word);
  if (visibility === undefined)
    throw new Failure(
      `invalid argument ${JSON.stringify(word)} for "--visibility" flag: visibility '${word}' is not supported, must be one of: ${VISIBILITIES.join(", ")}`,
    );
  if (byPrivate !== undefined && (byPrivate === "public") !== (visibility === "public"))
    throw new Failure(`--private=${String(isPrivate)} and --visibility=${word} contradict each other`);
  return visibility;
}

function isTrue(value: string | boolean): boolean {
  if (value === true || value === "true" || value === "1") return true;
  if (value === false || value === "false" || value === "0") return false;
  const shown = JSON.stringify(value);
  throw new Failure(`invalid argument ${shown} for "--private" flag: strconv.ParseBool: parsing ${shown}: invalid syntax`);
}
