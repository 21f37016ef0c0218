import { execFile } from "node:child_process";
import { access } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { git } from "./git-server/git.ts";
import { gitVersion } from "./git-server/git-server.ts";

const run = promisify(execFile);
const OLDEST = [2, 30] as const;

/** What keeps this machine's git from serving a repository, and what to do; undefined when nothing does. */
export async function findGitProblem(): Promise<string | undefined> {
  const install = `install git ${OLDEST.join(".")} or newer (https://git-scm.com/downloads), or leave the example out with --no-examples or --repo`;
  const version = await gitVersion();
  if (version === undefined) return `git is not installed, and it serves the example repository: ${install}`;
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) return `git ${version} is too old: ${install}`;
  const folder = (await git(".", "--exec-path")).trim();
  const names = [join(folder, "git-http-backend"), join(folder, "git-http-backend.exe")];
  const found = await Promise.all(
    names.map((name) =>
      access(name).then(
        () => true,
        () => false,
      ),
    ),
  );
  return found.includes(true)
    ? undefined
    : "this git comes without `git http-backend`, which serves the example repository: install it (Alpine: apk add git-daemon), or use --no-examples or --repo";
}

/** Whether `git commit` knows who the person at this machine is. */
export const hasIdentity = (): Promise<boolean> =>
  run("git", ["-c", "user.useConfigOnly=true", "var", "GIT_AUTHOR_IDENT"]).then(
    () => true,
    () => false,
  );
