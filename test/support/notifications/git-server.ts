import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";

/**
 * The parts of six git servers' APIs that notifications use, with what they keep. As each of them: who is asked is known by the path.
 *
 * - GitHub, Gitea and Azure DevOps list the newest status first; GitLab lists all of a name, and refuses to let one run that runs already (400).
 * - Bitbucket and Bitbucket Server keep one status for each key.
 * - GitHub lists deployments by whatever of sha, task and environment is asked for, the newest first, with the payload they were given.
 * - GitHub ends (`inactive`) the deployments of an environment that had succeeded when another one of it succeeds, whatever its task: unless `auto_inactive`
 *   is false, which is not what it is by itself; deployments to `production` never.
 * - Comments are kept in the order in which they were written; their author is who asks.
 */
export type GitServer = {
  answer(request: GitRequest): GitAnswer;
  /** What the server has; tests put things in before, and look afterwards. */
  readonly statuses: JsonObject[];
  readonly comments: JsonObject[];
  readonly deployments: JsonObject[];
  readonly deploymentStatuses: JsonObject[];
};

export type GitRequest = {
  readonly method: string;
  /** Not decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json | undefined;
};

export type GitAnswer = { readonly status: number; readonly json?: Json; readonly text?: string; readonly headers?: { readonly [name: string]: string } };

type Options = {
  /** RFC 3339: when whatever is written now is written. */
  readonly now: () => string;
  readonly login?: string;
};

type Route = { readonly method: string; readonly path: RegExp; readonly answer: (found: Found, server: State) => GitAnswer };
type Found = { readonly parts: readonly string[]; readonly query: URLSearchParams; readonly body: JsonObject };
type State = Omit<GitServer, "answer"> & { readonly now: () => string; readonly login: string; readonly nextId: () => number };

export function createGitServer({ now, login = "flux" }: Options): GitServer {
  let last = 0;
  const state: State = { statuses: [], comments: [], deployments: [], deploymentStatuses: [], now, login, nextId: () => ++last + 100 };
  return {
    statuses: state.statuses,
    comments: state.comments,
    deployments: state.deployments,
    deploymentStatuses: state.deploymentStatuses,
    answer: ({ method, path, query, body }) => {
      for (const route of ROUTES) {
        const match = route.method === method ? route.path.exec(path) : null;
        if (match !== null) return route.answer({ parts: match.slice(1).map(decodeURIComponent), query, body: isObject(body) ? body : {} }, state);
      }
      return { status: 404, json: { message: "Not Found" } };
    },
  };
}

const list = (items: readonly JsonObject[]): GitAnswer => ({ status: 200, json: items });
const keep = (where: JsonObject[], item: JsonObject): GitAnswer => {
  where.push(item);
  return { status: 201, json: item };
};
const newestFirst = (items: readonly JsonObject[], commit: string | undefined): readonly JsonObject[] => items.filter(({ sha }) => sha === commit).toReversed();

const GITHUB: readonly Route[] = [
  {
    method: "POST",
    path: /\/app\/installations\/\d+\/access_tokens$/,
    answer: () => ({ status: 201, json: { token: "app-token", expires_at: "2099-01-01T00:00:00Z" } }),
  },
  { method: "GET", path: /\/app$/, answer: () => ({ status: 200, json: { slug: "flux-app" } }) },
  { method: "POST", path: /\/dispatches$/, answer: () => ({ status: 204 }) },
  {
    method: "GET",
    path: /^(?:\/api\/v3)?\/repos\/[^/]+\/[^/]+\/commits\/(\w+)\/statuses$/,
    answer: ({ parts }, { statuses }) => list(newestFirst(statuses, parts[0])),
  },
  {
    method: "POST",
    path: /^(?:\/api\/v3)?\/repos\/[^/]+\/[^/]+\/statuses\/(\w+)$/,
    answer: ({ parts: [sha = ""], body }, { statuses, now, nextId }) => keep(statuses, { id: nextId(), sha, ...body, created_at: now() }),
  },
  {
    method: "GET",
    path: /\/deployments$/,
    answer: ({ query }, { deployments }) =>
      list(deployments.filter((each) => ["sha", "task", "environment"].every((key) => !query.has(key) || each[key] === query.get(key))).toReversed()),
  },
  {
    method: "POST",
    path: /\/deployments$/,
    answer: ({ body }, { deployments, now, nextId }) => keep(deployments, { id: nextId(), sha: body.ref ?? null, ...body, created_at: now() }),
  },
  {
    method: "GET",
    path: /\/deployments\/(\d+)\/statuses$/,
    answer: ({ parts: [id] }, { deploymentStatuses }) => list(deploymentStatuses.filter(({ deployment }) => deployment === Number(id)).toReversed()),
  },
  { method: "POST", path: /\/deployments\/(\d+)\/statuses$/, answer: ({ parts: [id], body }, state) => keepDeploymentStatus(Number(id), body, state) },
];

function keepDeploymentStatus(id: number, body: JsonObject, { deployments, deploymentStatuses, now, nextId }: State): GitAnswer {
  const environment = deployments.find((each) => each.id === id)?.environment;
  if (body.state === "success" && body.auto_inactive !== false && environment !== "production") {
    for (const other of deployments.filter((each) => each.id !== id && each.environment === environment)) {
      const newest = deploymentStatuses.findLast(({ deployment }) => deployment === other.id);
      if (newest?.state === "success")
        deploymentStatuses.push({ id: nextId(), deployment: other.id ?? null, state: "inactive", description: "", created_at: now() });
    }
  }
  return keep(deploymentStatuses, { id: nextId(), deployment: id, ...body, created_at: now() });
}

const GITLAB: readonly Route[] = [
  { method: "GET", path: /^\/api\/v4\/user$/, answer: (_, { login }) => ({ status: 200, json: { username: login } }) },
  {
    method: "GET",
    path: /^\/api\/v4\/projects\/[^/]+\/repository\/commits\/(\w+)\/statuses$/,
    answer: ({ parts: [sha], query }, { statuses }) => list(statuses.filter((each) => each.sha === sha && each.name === query.get("name"))),
  },
  { method: "POST", path: /^\/api\/v4\/projects\/[^/]+\/statuses\/(\w+)$/, answer: ({ parts: [sha = ""], body }, state) => keepGitLabStatus(sha, body, state) },
  { method: "GET", path: /\/merge_requests\/\d+\/notes$/, answer: (_, { comments }) => list(comments) },
  {
    method: "POST",
    path: /\/merge_requests\/\d+\/notes$/,
    answer: ({ body }, { comments, login, nextId }) => keep(comments, { id: nextId(), author: { username: login }, ...body }),
  },
  { method: "PUT", path: /\/merge_requests\/\d+\/notes\/(\d+)$/, answer: ({ parts: [id], body }, { comments }) => edit(comments, Number(id), body) },
];

/** A running status goes on to its end; only after that comes another. */
function keepGitLabStatus(sha: string, { state, ...body }: JsonObject, { statuses, now, nextId }: State): GitAnswer {
  const index = statuses.findLastIndex((each) => each.sha === sha && each.name === body.name);
  const open = statuses[index]?.status === "running" ? statuses[index] : undefined;
  if (open !== undefined && state === "running") return { status: 400, json: { message: "Cannot transition status via :run from :running" } };
  if (open === undefined) return keep(statuses, { id: nextId(), sha, status: state ?? null, ...body, created_at: now() });
  statuses[index] = { ...open, ...body, status: state ?? null, finished_at: now() };
  return { status: 201, json: {} };
}

const GITEA: readonly Route[] = [
  { method: "GET", path: /^\/api\/v1\/version$/, answer: () => ({ status: 200, json: { version: "1.24.0" } }) },
  {
    method: "GET",
    path: /^\/api\/v1\/repos\/[^/]+\/[^/]+\/commits\/(\w+)\/statuses$/,
    answer: ({ parts: [sha] }, { statuses }) => list(newestFirst(statuses, sha)),
  },
  {
    method: "POST",
    path: /^\/api\/v1\/repos\/[^/]+\/[^/]+\/statuses\/(\w+)$/,
    answer: ({ parts: [sha = ""], body: { state, ...body } }, { statuses, now, nextId }) =>
      keep(statuses, { id: nextId(), sha, status: state ?? null, ...body, created_at: now() }),
  },
];

/** Of GitHub and Gitea alike. */
const COMMENTS: readonly Route[] = [
  { method: "GET", path: /\/user$/, answer: (_, { login }) => ({ status: 200, json: { login } }) },
  { method: "GET", path: /\/issues\/\d+\/comments$/, answer: (_, { comments }) => list(comments) },
  {
    method: "POST",
    path: /\/issues\/\d+\/comments$/,
    answer: ({ body }, { comments, login, nextId }) => keep(comments, { id: nextId(), user: { login }, ...body }),
  },
  { method: "PATCH", path: /\/issues\/comments\/(\d+)$/, answer: ({ parts: [id], body }, { comments }) => edit(comments, Number(id), body) },
];

function edit(comments: JsonObject[], id: number, body: JsonObject): GitAnswer {
  const index = comments.findIndex((each) => each.id === id);
  if (index < 0) return { status: 404, json: { message: "Not Found" } };
  comments[index] = { ...comments[index], ...body };
  return { status: 200, json: comments[index] ?? {} };
}

function replace(statuses: JsonObject[], item: JsonObject): GitAnswer {
  const index = statuses.findIndex((each) => each.sha === item.sha && each.key === item.key);
  statuses.splice(index < 0 ? statuses.length : index, index < 0 ? 0 : 1, item);
  return { status: 201, json: item };
}

const BITBUCKET: readonly Route[] = [
  {
    method: "GET",
    path: /^\/2\.0\/repositories\/[^/]+\/[^/]+\/commit\/(\w+)\/statuses\/build\/(\w+)$/,
    answer: ({ parts: [sha, key] }, { statuses }) => one(statuses, sha, key),
  },
  {
    method: "POST",
    path: /^\/2\.0\/repositories\/[^/]+\/[^/]+\/commit\/(\w+)\/statuses\/build$/,
    answer: ({ parts: [sha = ""], body }, { statuses, now }) => replace(statuses, { sha, ...body, updated_on: now() }),
  },
  {
    method: "GET",
    path: /\/rest\/api\/latest\/projects\/[^/]+\/repos\/[^/]+\/commits\/(\w+)\/builds$/,
    answer: ({ parts: [sha], query }, { statuses }) => one(statuses, sha, query.get("key") ?? ""),
  },
  {
    method: "POST",
    path: /\/rest\/api\/latest\/projects\/[^/]+\/repos\/[^/]+\/commits\/(\w+)\/builds$/,
    answer: ({ parts: [sha = ""], body }, { statuses, now }) => ({ ...replace(statuses, { sha, ...body, updatedDate: Date.parse(now()) }), status: 204 }),
  },
];

function one(statuses: readonly JsonObject[], sha: string | undefined, key: string | undefined): GitAnswer {
  const found = statuses.find((each) => each.sha === sha && each.key === key);
  return found === undefined ? { status: 404, json: { type: "error" } } : { status: 200, json: found };
}

const AZURE: readonly Route[] = [
  {
    method: "OPTIONS",
    path: /^\/[^/]+\/_apis$/,
    answer: () => ({
      status: 200,
      json: { count: 1, value: [{ id: "428dd4fb-fda5-4722-af02-9313b80305da", minVersion: "1.0", maxVersion: "7.2", releasedVersion: "7.1" }] },
    }),
  },
  {
    method: "GET",
    path: /\/_apis\/git\/repositories\/[^/]+\/commits\/(\w+)\/statuses$/,
    answer: ({ parts: [sha] }, { statuses }) => ({ status: 200, json: { count: 0, value: newestFirst(statuses, sha) } }),
  },
  {
    method: "POST",
    path: /\/_apis\/git\/repositories\/[^/]+\/commits\/(\w+)\/statuses$/,
    answer: ({ parts: [sha = ""], body }, { statuses, now, nextId }) => keep(statuses, { id: nextId(), sha, ...body, creationDate: now() }),
  },
];

const ROUTES: readonly Route[] = [...GITHUB, ...GITLAB, ...GITEA, ...COMMENTS, ...BITBUCKET, ...AZURE];
