import { execFile } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { promisify } from "node:util";
import { gitEnvironment } from "../../../lib/local/git-server/git.ts";

export type GitHubApi = { readonly root: string; readonly token: string; readonly url: string };

type Answer = { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Uint8Array };

const run = promisify(execFile);
const REPOSITORY = /^\/api\/v3\/repos\/([\w.-]+\/[\w.-]+)\/(.+)$/;
const CODELOAD = /^\/codeload\/([\w.-]+\/[\w.-]+)\/legacy\.tar\.gz\/([0-9a-f]{40})\?token=signed$/;

/** Answers what is asked of GitHub's REST API about commits; false when the path is another. Source: GitHub REST, "Commits", "Git database", "Contents". */
export async function answerApi(api: GitHubApi, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  const path = request.url ?? "/";
  const [, archive, id] = CODELOAD.exec(path) ?? [];
  const [, repository, what] = REPOSITORY.exec(path) ?? [];
  // Where the tarball leads to needs no credentials: it has its own in the address.
  if (archive !== undefined && id !== undefined) write(response, await tarball(api, archive, id));
  else if (repository === undefined || what === undefined) return false;
  else if (request.headers.authorization !== `Bearer ${api.token}`) write(response, problem(401, "Bad credentials"));
  else write(response, await answerOf(api, repository, what, request));
  return true;
}

async function answerOf(api: GitHubApi, repository: string, what: string, request: IncomingMessage): Promise<Answer> {
  const ask = (...args: readonly string[]): Promise<string> => text(api, repository, args);
  const [path = "", query = ""] = what.split("?", 2);
  const [, commit] = /^git\/commits\/([0-9a-f]{40})$/.exec(path) ?? [];
  const [, tree] = /^git\/trees\/([0-9a-f]{40})$/.exec(path) ?? [];
  const [, archive] = /^tarball\/([0-9a-f]{40})$/.exec(path) ?? [];
  const [, reference] = /^commits\/(.+)$/.exec(path) ?? [];
  if ((await ask("for-each-ref", "--count=1").catch(() => undefined)) === undefined) return problem(404, "Not Found");
  if (reference !== undefined) return commitOf(ask, reference.split("/").map(decodeURIComponent).join("/"), request);
  const id = commit ?? tree ?? archive;
  if (id === undefined || !(await exists(ask, id))) return problem(404, "Not Found");
  if (archive !== undefined) return { status: 302, headers: { location: `${api.url}/codeload/${repository}/legacy.tar.gz/${archive}?token=signed` } };
  return tree === undefined ? commitObject(ask, id) : treeObject(ask, id, query.includes("recursive=1"));
}

type Ask = (...args: readonly string[]) => Promise<string>;

const exists = (ask: Ask, id: string): Promise<boolean> =>
  ask("cat-file", "-e", id).then(
    () => true,
    () => false,
  );

/** Media type `sha`; the ETag is the commit. 409 for an empty repository, 422 for what is not there. */
async function commitOf(ask: Ask, reference: string, request: IncomingMessage): Promise<Answer> {
  if (request.headers.accept !== "application/vnd.github.sha") return problem(501, "only the media type sha is in this server");
  if ((await ask("for-each-ref", "--count=1")) === "") return problem(409, "Git Repository is empty.");
  const name = /^(heads|tags)\//.test(reference) ? `refs/${reference}` : `refs/heads/${reference}`;
  const commit = (await ask("rev-parse", "--verify", "--quiet", `${name}^{commit}`).catch(() => "")).trim();
  if (commit === "") return problem(422, `No commit found for SHA: ${reference}`);
  const etag = `"${commit}"`;
  if (request.headers["if-none-match"] === etag) return { status: 304, headers: { etag } };
  return { status: 200, headers: { etag, "content-type": "application/vnd.github.sha; charset=utf-8" }, body: commit };
}

async function commitObject(ask: Ask, id: string): Promise<Answer> {
  const [date = "", tree = "", ...message] = (await ask("show", "--no-patch", "--format=%cI%n%T%n%B", id)).split("\n");
  return json({ sha: id, tree: { sha: tree }, committer: { date: new Date(date).toISOString() }, message: message.join("\n").trimEnd() });
}

async function treeObject(ask: Ask, id: string, recursive: boolean): Promise<Answer> {
  const listed = await ask("ls-tree", "-z", "--full-tree", ...(recursive ? ["-r", "-t"] : []), id);
  const tree = listed
    .split("\0")
    .filter((line) => line !== "")
    .map((line) => {
      const [, mode, type, sha, path] = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/s.exec(line) ?? [];
      return { path, mode, type, sha };
    });
  return json({ sha: id, tree, truncated: false });
}

async function tarball(api: GitHubApi, repository: string, id: string): Promise<Answer> {
  const prefix = `${repository.replace("/", "-")}-${id.slice(0, 7)}/`;
  const { stdout } = await run("git", ["archive", "--format=tar.gz", `--prefix=${prefix}`, id], options(api, repository, "buffer"));
  return { status: 200, headers: { "content-type": "application/x-gzip" }, body: Buffer.from(stdout) };
}

async function text(api: GitHubApi, repository: string, args: readonly string[]): Promise<string> {
  const { stdout } = await run("git", [...args], options(api, repository, "utf8"));
  return stdout.toString();
}

const options = <E extends "buffer" | "utf8">({ root }: GitHubApi, repository: string, encoding: E) => ({
  cwd: join(root, `${repository}.git`),
  env: { ...gitEnvironment() },
  maxBuffer: 256 << 20,
  encoding,
});

const json = (value: object): Answer => ({ status: 200, headers: { "content-type": "application/json; charset=utf-8" }, body: JSON.stringify(value) });
const problem = (status: number, message: string): Answer => ({ ...json({ message }), status });

function write(response: ServerResponse, { status, headers = {}, body = "" }: Answer): void {
  response.writeHead(status, headers).end(body);
}
