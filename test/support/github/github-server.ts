import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { git } from "../../../lib/local/git-server/git.ts";
import { createGitServer, type Push } from "../../../lib/local/git-server/git-server.ts";

/** A stand-in for GitHub as bootstrap meets it: repositories, webhooks, git; with the answers that its REST documentation gives. */
export type GitHubServer = {
  readonly url: string;
  readonly token: string;
  /** `acme/fleet` → what GitHub knows of it. */
  readonly repositories: Map<string, StoredRepository>;
  /** What is refused from now on, by method and path: `POST /repos/acme/fleet/hooks`. */
  readonly refusals: Map<string, Refused>;
  /** Requests of the API so far: `GET /user`. */
  readonly requests: string[];
  readonly pushes: Push[];
  create(repository: string, visibility?: string): Promise<void>;
  git(repository: string, ...args: readonly string[]): Promise<string>;
  close(): Promise<void>;
};

export type StoredRepository = { visibility: string; readonly hooks: StoredHook[] };
export type StoredHook = { id: number; name: string; active: boolean; events: readonly string[]; config: JsonObject };
export type Refused = { readonly status: number; readonly headers?: { readonly [name: string]: string }; readonly body: Json };

type Answer = { readonly status: number; readonly body?: Json; readonly headers?: { readonly [name: string]: string } };
type Asked = { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: JsonObject };

const TOKEN = "ghp_canary0123456789abcdef";
const LOGIN = "octocat";
const NOT_FOUND: Answer = { status: 404, body: { message: "Not Found" } };

export async function startGitHubServer(): Promise<GitHubServer> {
  const root = await mkdtemp(join(tmpdir(), "sluice-github-"));
  const repositories: GitHubServer["repositories"] = new Map();
  const refusals: GitHubServer["refusals"] = new Map();
  const requests: string[] = [];
  const pushes: Push[] = [];
  const gitServer = createGitServer({ root, user: { name: "git", password: TOKEN }, onPush: (push) => pushes.push(push) });
  async function create(repository: string, visibility = "private"): Promise<void> {
    repositories.set(repository, { visibility, hooks: [] });
    await gitServer.create(repository);
  }
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (gitServer.serve(request, response)) return;
    const asked = await readRequest(request);
    requests.push(`${asked.method} ${asked.path}`);
    const refused = refusals.get(`${asked.method} ${asked.path}`);
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const { status, body, headers } = refused ?? (isKnown ? await answer(asked, repositories, create) : { status: 401, body: { message: "Bad credentials" } });
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(body === undefined ? "" : JSON.stringify(body));
  }
  const listener = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => listener.listen(0, "127.0.0.1", done));
  const address = listener.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`,
    token: TOKEN,
    repositories,
    refusals,
    requests,
    pushes,
    create,
    git: (repository, ...args) => git(join(root, `${repository}.git`), ...args),
    close: async () => {
      listener.closeAllConnections();
      await new Promise((done) => listener.close(done));
      await rm(root, { recursive: true, force: true });
    },
  };
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const url = new URL(request.url ?? "/", "http://localhost");
  const text = Buffer.concat(parts).toString("utf8");
  const body: Json = text === "" ? {} : JSON.parse(text);
  return { method: request.method ?? "", path: url.pathname.replace(/^\/api\/v3/, ""), query: url.searchParams, body: isObject(body) ? body : {} };
}

async function answer(asked: Asked, repositories: GitHubServer["repositories"], create: (name: string, visibility?: string) => Promise<void>): Promise<Answer> {
  const { method, path, body } = asked;
  if (method === "GET" && path === "/user") return { status: 200, body: { login: LOGIN } };
  const owner = path === "/user/repos" ? LOGIN : /^\/orgs\/([^/]+)\/repos$/.exec(path)?.[1];
  if (method === "POST" && owner !== undefined) {
    if (owner !== LOGIN && owner !== "acme") return NOT_FOUND;
    const name = `${owner}/${String(body.name)}`;
    if (repositories.has(name))
      return {
        status: 422,
        body: { message: "Repository creation failed.", errors: [{ resource: "Repository", message: "name already exists on this account" }] },
      };
    await create(name, typeof body.visibility === "string" ? body.visibility : body.private === false ? "public" : "private");
    return { status: 201, body: shown(repositories.get(name)) };
  }
  const [, name = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)(\/.*)?$/.exec(path) ?? [];
  const repository = repositories.get(name);
  if (repository === undefined) return NOT_FOUND;
  if (rest === "" && method === "GET") return { status: 200, body: shown(repository) };
  if (rest === "" && method === "PATCH") {
    repository.visibility = String(body.visibility);
    return { status: 200, body: shown(repository) };
  }
  return rest.startsWith("/hooks") ? answerHooks(asked, repository, Number(rest.slice("/hooks/".length))) : NOT_FOUND;
}

function answerHooks({ method, query, body }: Asked, { hooks }: StoredRepository, id: number): Answer {
  if (method === "GET") {
    const size = Number(query.get("per_page") ?? 30);
    const start = (Number(query.get("page") ?? 1) - 1) * size;
    return { status: 200, body: hooks.slice(start, start + size).map(shownHook) };
  }
  const events = isArray(body.events) ? body.events.map(String) : ["push"];
  const config = isObject(body.config) ? body.config : {};
  if (method === "POST") {
    if (hooks.some((hook) => hook.config.url === config.url))
      return { status: 422, body: { message: "Validation Failed", errors: [{ resource: "Hook", message: "Hook already exists on this repository" }] } };
    const hook = { id: hooks.length + 1, name: String(body.name), active: body.active !== false, events, config };
    hooks.push(hook);
    return { status: 201, body: shownHook(hook) };
  }
  const hook = hooks.find((one) => one.id === id);
  if (hook === undefined || method !== "PATCH") return NOT_FOUND;
  Object.assign(hook, { active: body.active !== false, events, config });
  return { status: 200, body: shownHook(hook) };
}

const shown = (repository: StoredRepository | undefined): JsonObject => ({
  visibility: repository?.visibility ?? "private",
  private: repository?.visibility !== "public",
});

/** GitHub never gives a secret back. */
const shownHook = ({ id, name, active, events, config }: StoredHook): JsonObject => ({
  id,
  name,
  active,
  events: [...events],
  config: { ...config, ...(config.secret !== undefined && { secret: "********" }) },
});
