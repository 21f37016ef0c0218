import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { searchPath } from "../../config.ts";

const run = promisify(execFile);
const MAX_OUTPUT = 64 << 20;

/** What git may know of the machine it runs on: nothing of the user's own settings, nothing that asks. */
export const gitEnvironment = (): { readonly [name: string]: string } => ({
  PATH: searchPath(),
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_TERMINAL_PROMPT: "0",
  LC_ALL: "C",
});

const AUTHOR = ["-c", "user.name=Sluice", "-c", "user.email=sluice@localhost", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"];

/** Runs git in `folder` and returns what it prints; throws what it says when it fails. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...AUTHOR, ...args], { env: gitEnvironment(), maxBuffer: MAX_OUTPUT });
  return stdout;
}

/** All references of a repository and what they stand at. */
export async function listReferences(repository: string): Promise<ReadonlyMap<string, string>> {
  const text = await git(repository, "for-each-ref", "--format=%(objectname) %(refname)");
  return new Map(text.split("\n").flatMap((line) => (line === "" ? [] : [[line.slice(41), line.slice(0, 40)] as const])));
}
