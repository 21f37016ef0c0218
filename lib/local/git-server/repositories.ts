import { cp, mkdir, mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "./git.ts";

const NAME = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/i;

/** A bare repository `name` in `root` with `folder` as its first commit on main; left alone when it is there already. Returns its path. */
export async function createRepository(root: string, name: string, folder?: string): Promise<string> {
  if (!NAME.test(name) || name.split("/").includes("..")) throw new Error(`not a name for a repository: ${JSON.stringify(name)}`);
  const path = join(root, `${name}.git`);
  if (await stat(path).catch(() => undefined)) return path;
  await mkdir(path, { recursive: true });
  await git(path, "init", "--quiet", "--bare");
  // Without a hook: the server tells of a push itself. Deleted branches and moved tags are a user's right here.
  await git(path, "config", "http.receivepack", "true");
  await git(path, "config", "uploadpack.allowFilter", "true");
  await git(path, "symbolic-ref", "HEAD", "refs/heads/main");
  if (folder !== undefined) await commitFolder(path, folder);
  return path;
}

async function commitFolder(bare: string, folder: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "sluice-first-commit-"));
  try {
    await cp(folder, work, { recursive: true, filter: (path) => !path.split("/").includes(".git") });
    await git(work, "init", "--quiet");
    await git(work, "checkout", "--quiet", "-B", "main");
    await git(work, "add", "--all", "--force");
    await git(work, "commit", "--quiet", "--allow-empty", "--message", "First commit");
    await git(work, "push", "--quiet", bare, "main");
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
