import { createHmac, randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { git } from "../../../lib/local/git-server/git.ts";
import { createGitServer } from "../../../lib/local/git-server/git-server.ts";
import { answerApi } from "./github-api.ts";
import { commitTo, type Files } from "./local-server.ts";

/** Of one request, as a test may look at it. */
export type GitHubRequest = { readonly method: string; readonly path: string; readonly status: number };

export type Delivery = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

export type GitHubServer = {
  /** `http://127.0.0.1:<port>`: repositories are at `<url>/<owner>/<name>.git`, the API at `<url>/api/v3`, as on GitHub Enterprise Server. */
  readonly url: string;
  readonly api: string;
  /** As `HostSettings.gitHubHosts` has it. */
  readonly hosts: Readonly<Record<string, string>>;
  readonly requests: readonly GitHubRequest[];
  /** Makes `<owner>/<name>`; its clone URL. */
  create(repository: string): Promise<string>;
  /** Commits files on a branch, which is what a push comes to; `delivery` is what GitHub would send for it. */
  push(repository: string, files: Files, options?: { readonly branch?: string; readonly message?: string }): Promise<Push>;
  /** A delivery of any event, signed with `secret`. */
  delivery(event: string, payload: unknown, secret: string): Delivery;
  /** Answers the next `count` requests to the API with 429, as GitHub does when it is asked too often. */
  refuse(count: number): void;
  /** From now on, until the next call of it; without a disturbance all is well again. */
  disturb(disturbance?: Disturbance): void;
  stop(): Promise<void>;
};

/** What goes wrong with requests whose path matches. */
export type Disturbance = {
  readonly path: RegExp;
  /** How many are hit; all without it. */
  readonly times?: number;
  readonly effect:
    | { readonly kind: "answer"; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly message: string }
    /** The answer breaks off after so many bytes of its body. */
    | { readonly kind: "cut"; readonly after: number };
};

export type Push = { readonly commit: string; readonly payload: object };

const ZERO = "0".repeat(40);

/** A server with the part of GitHub that fetches sources: git's smart protocol, commits by reference with an ETag, trees, tarballs, push deliveries. */
export async function startGitHub({ token = "ghp_test" }: { readonly token?: string } = {}): Promise<GitHubServer> {
  const root = await mkdtemp(join(tmpdir(), "sluice-github-"));
  const requests: GitHubRequest[] = [];
  const repositories = createGitServer({ root, user: { name: "git", password: token } });
  let refusals = 0;
  let disturbed: Disturbance | undefined;
  let hits = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? "/";
    response.once("finish", () => requests.push({ method: request.method ?? "", path, status: response.statusCode }));
    if (path.startsWith("/api/v3/") && refusals > 0) {
      refusals--;
      response.writeHead(429, { "retry-after": "1" }).end(JSON.stringify({ message: "You have exceeded a secondary rate limit." }));
      return;
    }
    if (disturbed?.path.test(path) && hits < (disturbed.times ?? Number.POSITIVE_INFINITY)) {
      hits++;
      if (disturb(disturbed.effect, response)) return;
    }
    if (await answerApi({ root, token, url: address() }, request, response)) return;
    if (!repositories.serve(request, response)) response.writeHead(404).end(JSON.stringify({ message: "Not Found" }));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const address = (): string => {
    const at = server.address();
    return `http://127.0.0.1:${at !== null && typeof at === "object" ? at.port : ""}`;
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const url = address();

  return {
    url,
    api: `${url}/api/v3`,
    hosts: { [new URL(url).host]: `${url}/api/v3` },
    requests,
    create: async (repository) => {
      await repositories.create(repository);
      return `${url}/${repository}.git`;
    },
    push: async (repository, files, { branch = "main", message = "a change" } = {}) => {
      const bare = join(root, `${repository}.git`);
      const before = await git(bare, "rev-parse", "--verify", "--quiet", `refs/heads/${branch}`).catch(() => ZERO);
      const commit = await commitTo(bare, branch, message, files);
      return { commit, payload: pushPayload(url, repository, `refs/heads/${branch}`, before.trim(), commit) };
    },
    delivery: (event, payload, secret) => signed(event, JSON.stringify(payload), secret),
    refuse: (count) => {
      refusals = count;
    },
    disturb: (disturbance) => {
      disturbed = disturbance;
      hits = 0;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** True when that was the answer. */
function disturb(effect: Disturbance["effect"], response: ServerResponse): boolean {
  switch (effect.kind) {
    case "answer":
      response.writeHead(effect.status, { ...effect.headers }).end(JSON.stringify({ message: effect.message }));
      return true;
    case "cut":
      cutOff(response, effect.after);
      return false;
  }
}

/** Whatever is written at the end is written in part, and the connection closed under it. */
function cutOff(response: ServerResponse, after: number): void {
  const end = response.end.bind(response);
  const cut = (body: unknown): ServerResponse => {
    const bytes = typeof body === "string" || body instanceof Uint8Array ? Buffer.from(body) : Buffer.alloc(0);
    if (bytes.length <= after) return end(bytes);
    response.write(bytes.subarray(0, after), () => response.destroy());
    return response;
  };
  Object.assign(response, { end: cut });
}

/** Source: GitHub, "Webhook events and payloads", push: the members that say what moved, and some of the many others. */
function pushPayload(url: string, repository: string, ref: string, before: string, after: string): object {
  const [owner = "", name = ""] = repository.split("/");
  const page = `${url}/${repository}`;
  return {
    ref,
    before,
    after,
    created: before === ZERO,
    deleted: false,
    forced: false,
    repository: {
      id: 1,
      name,
      full_name: repository,
      private: true,
      owner: { name: owner, login: owner },
      html_url: page,
      url: page,
      clone_url: `${page}.git`,
      git_url: `git://${new URL(url).host}/${repository}.git`,
      ssh_url: `git@${new URL(url).hostname}:${repository}.git`,
      default_branch: "main",
    },
    pusher: { name: owner },
    sender: { login: owner, id: 1, type: "User" },
    head_commit: { id: after, message: "a change" },
    commits: [{ id: after, message: "a change" }],
  };
}

const signed = (event: string, body: string, secret: string): Delivery => ({
  body,
  headers: {
    "content-type": "application/json",
    "user-agent": "GitHub-Hookshot/test",
    "x-github-delivery": randomUUID(),
    "x-github-event": event,
    "x-github-hook-id": "1",
    "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
  },
});
