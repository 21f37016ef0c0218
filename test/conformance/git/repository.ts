import { execFile } from "node:child_process";
import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gitEnvironment } from "../../../lib/local/git-server/git.ts";
import type { Commit, File } from "../story/scenario.ts";

const run = promisify(execFile);
/** Who the recordings' commits are from. */
const AUTHOR = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main"];

/** Git in `folder`; what it prints, without the last line's end. Throws what it says. */
export async function git(folder: string, ...args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", ["-C", folder, ...AUTHOR, ...args], { env: gitEnvironment(), maxBuffer: 64 << 20 });
  return stdout.trim();
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined)) !== undefined;

export async function createBare(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await git(path, "init", "-q", "--bare");
}

/** Commits and pushes to `<folder>/<repo>.git`, over the clone beside it; both are made when they are not there. Returns the commit's id. */
export async function commit(
  folder: string,
  { repo = "app", label, message = label ?? "change", branch = "main", tag = [], files = {} }: Commit,
): Promise<string> {
  const bare = join(folder, `${repo}.git`);
  const clone = join(folder, repo);
  if (!(await exists(bare))) await createBare(bare);
  if (!(await exists(clone))) await git(folder, "clone", "-q", bare, clone);
  await git(clone, "checkout", "-q", branch).catch(() => git(clone, "checkout", "-q", "-b", branch));
  for (const [path, content] of Object.entries(files)) await write(join(clone, path), content);
  await git(clone, "add", "-A");
  await git(clone, "commit", "-q", "--allow-empty", "-m", message);
  const id = await git(clone, "rev-parse", "HEAD");
  for (const one of [tag].flat()) await git(clone, "tag", "-m", `tag ${one}`, "-a", one);
  await git(clone, "push", "-q", "--tags", "origin", branch);
  return id;
}

/** Null removes. */
async function write(path: string, content: File): Promise<void> {
  await rm(path, { recursive: true, force: true });
  if (content === null) return;
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === "string") return writeFile(path, content);
  if ("symlink" in content) return symlink(content.symlink, path);
  await writeFile(path, "base64" in content ? Buffer.from(content.base64, "base64") : content.text);
  if (content.executable === true) await chmod(path, 0o755);
}
