import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createGitServer } from "../../../lib/local/git-server/git-server.ts";
import { type Charts, createCharts } from "./charts.ts";

/** Where the scenarios' repositories live: on disk, and over HTTP on loopback. */
export type Forge = {
  /** `http://127.0.0.1:<port>`: `<namespace>/<name>.git`, and below `/private` for user `ada` with password `secret` only. */
  readonly url: string;
  /** The folder of a namespace's bare repositories and of their clones. */
  folderOf(namespace: string): string;
  readonly charts: Charts;
  stop(): Promise<void>;
};

const PRIVATE = "/private/";
const AUTHORIZATION = `Basic ${Buffer.from("ada:secret").toString("base64")}`;

export async function startForge(): Promise<Forge> {
  const root = await mkdtemp(join(tmpdir(), "sluice-forge-"));
  const charts = createCharts();
  const git = createGitServer({ root });
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    const chart = charts.read(path);
    if (chart !== undefined) return void response.end(chart);
    const isPrivate = path.startsWith(PRIVATE);
    // What refusals say stands in the recordings.
    if (isPrivate && request.headers.authorization !== AUTHORIZATION)
      return void response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end("no");
    if (isPrivate) request.url = path.slice(PRIVATE.length - 1);
    if (!isThere(root, request.url ?? "/") || !git.serve(request, response)) response.writeHead(404).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("a listening server without a port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    folderOf: (namespace) => join(root, namespace),
    charts,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(root, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Whether the repository of a request's path exists; its syntax is the git server's to judge. */
const isThere = (root: string, path: string): boolean => existsSync(join(root, path.replace(/\.git\/.*$/s, ".git")));
