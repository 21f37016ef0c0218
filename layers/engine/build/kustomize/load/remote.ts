import { posix } from "node:path/posix";

const GITHUB = /^github\.com[/:]/i;
const SCHEME = /^(?:ssh|https?|file):\/\//i;
const USER = /^[a-zA-Z][a-zA-Z0-9-]*@/;

/** True for what kustomize fetches as a single file. Source: kustomize api/internal/loader, IsRemoteFile. */
export const isRemoteFile = (path: string): boolean => /^https?:/i.test(path);

/** True for what kustomize takes for a Git repository and clones. Source: kustomize api/internal/git, NewRepoSpecFromURL. */
export function isRepository(path: string): boolean {
  if (path.startsWith("/")) return false;
  const whole = path.replace(/\?.*$/s, "").replace(/^git::/i, "");
  const scheme = SCHEME.exec(whole)?.[0] ?? "";
  const behindScheme = whole.slice(scheme.length);
  const user = USER.exec(behindScheme)?.[0] ?? "";
  const rest = behindScheme.slice(user.length);
  const isGithub = GITHUB.test(rest);
  if (scheme === "" && user === "" && !isGithub) return false;
  if (scheme.toLowerCase() === "file://") return isRepositoryPath(user + rest, true);
  const separator = separatorOf(rest, scheme === "");
  if (separator < 0 && rest === "") return false;
  return isRepositoryPath(separator < 0 ? "" : rest.slice(separator + 1), false);
}

/** Where the host ends: at a slash, or at a colon before it in `user@host:path`. */
function separatorOf(rest: string, mayBeColon: boolean): number {
  const slash = rest.indexOf("/");
  const colon = mayBeColon ? rest.indexOf(":") : -1;
  return slash < 0 || (colon > 0 && colon < slash) ? (mayBeColon ? colon : slash) : slash;
}

/** The part behind the host must name a repository, and the folder in it must not leave it. */
function isRepositoryPath(path: string, whole: boolean): boolean {
  const [repository, folder] = splitRepository(path, whole);
  if (repository === "") return false;
  const inside = posix.normalize(folder.replace(/^\//, ""));
  return inside !== ".." && !inside.startsWith("../");
}

function splitRepository(path: string, whole: boolean): readonly [string, string] {
  const azure = path.indexOf("_git/");
  if (azure >= 0) {
    const [name = "", ...folder] = path.slice(azure + 5).split("/");
    return [path.slice(0, azure + 5) + name, folder.join("/")];
  }
  const double = path.indexOf("//");
  if (double >= 0) return [path.slice(0, double), path.slice(double + 2)];
  const suffix = path.indexOf(".git");
  if (suffix >= 0) return [path.slice(0, suffix + 4), path.slice(suffix + 4)];
  if (whole) return [path, ""];
  const parts = path.split("/");
  return parts.length < 2 ? ["", ""] : [parts.slice(0, 2).join("/"), parts.slice(2).join("/")];
}

/** A URL without user, password and query, which may be credentials. */
export const withoutCredentials = (url: string): string => url.replace(/\/\/[^/]*@/, "//").replace(/\?.*$/s, "");
