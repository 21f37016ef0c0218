import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { git } from "../../../lib/local/git-server/git.ts";
import { createGitServer, type GitServerOptions, type Push } from "../../../lib/local/git-server/git-server.ts";

export type Files = { readonly [path: string]: string | { readonly text: string; readonly executable?: true } | { readonly symlink: string } };

export type LocalServer = {
  /** `http://127.0.0.1:…` */
  readonly url: string;
  readonly root: string;
  readonly pushes: Push[];
  /** Requests so far: method, path, and whether they had credentials. */
  readonly requests: { readonly method: string; readonly url: string; readonly authorization: string | undefined; readonly protocol: string | undefined }[];
  create(name: string): Promise<string>;
  /** Commits files on a branch of a repository and pushes; the id of the commit. */
  commit(name: string, branch: string, message: string, files: Files): Promise<string>;
  git(name: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
};

/** The project's own git server on a port of its own. */
export async function startLocalServer(options: Omit<GitServerOptions, "root" | "onPush"> & { readonly protocol?: "old" } = {}): Promise<LocalServer> {
  const root = await mkdtemp(join(tmpdir(), "sluice-git-"));
  const pushes: Push[] = [];
  const requests: LocalServer["requests"] = [];
  const server = createGitServer({ ...options, root, onPush: (push) => pushes.push(push) });
  const listener = createServer((request, response) => {
    requests.push({
      method: request.method ?? "",
      url: request.url ?? "",
      authorization: request.headers.authorization,
      protocol: request.headers["git-protocol"]?.toString(),
    });
    if (options.protocol === "old") delete request.headers["git-protocol"];
    if (!server.serve(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    url,
    root,
    pushes,
    requests,
    create: (name) => server.create(name),
    commit: (name, branch, message, files) => commitTo(join(root, `${name}.git`), branch, message, files),
    git: (name, ...args) => git(join(root, `${name}.git`), ...args),
    close: async () => {
      listener.closeAllConnections();
      await new Promise((done) => listener.close(done));
      await rm(root, { recursive: true, force: true });
    },
  };
}

export async function commitTo(bare: string, branch: string, message: string, files: Files): Promise<string> {
  const work = await mkdtemp(join(tmpdir(), "sluice-work-"));
  try {
    await git(work, "init", "--quiet");
    const there = (await git(bare, "for-each-ref", `refs/heads/${branch}`)) !== "";
    if (there) await git(work, "fetch", "--quiet", bare, branch);
    await git(work, "checkout", "--quiet", "-B", branch, ...(there ? ["FETCH_HEAD"] : []));
    for (const [path, content] of Object.entries(files)) await writeEntry(join(work, path), content);
    await git(work, "add", "--all", "--force");
    await git(work, "commit", "--quiet", "--allow-empty", "--message", message);
    await git(work, "push", "--quiet", bare, `HEAD:refs/heads/${branch}`);
    return (await git(work, "rev-parse", "HEAD")).trim();
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function writeEntry(path: string, content: Files[string]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  if (typeof content === "string") return writeFile(path, content);
  if ("symlink" in content) return symlink(content.symlink, path);
  await writeFile(path, content.text);
  if (content.executable) await chmod(path, 0o755);
}

/** A tree as lines of text: `app/run.sh* echo`. */
export const treeLines = (tree: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly executable: boolean }>): readonly string[] =>
  [...tree].map(([path, { bytes, executable }]) => `${path}${executable ? "*" : ""} ${new TextDecoder().decode(bytes).trim()}`).toSorted();
