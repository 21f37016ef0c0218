import { setTimeout as delay } from "node:timers/promises";
import type { Answer, Body, Call, Client, Identity, Watch } from "./client.ts";
import { createTranscript } from "./transcript.ts";

export type ContractCase = {
  readonly title: string;
  /** Whether managedFields are part of what is compared. */
  readonly managedFields?: boolean;
  play(story: Story): Promise<void>;
};

export type Options = {
  readonly query?: string;
  readonly as?: Identity;
  readonly accept?: string;
  readonly contentType?: string /** Done, but not part of the story. */;
  readonly silent?: boolean;
};

/** What a case does its requests with. Paths that do not start with `/` are resources of the case's namespace: `configmaps/a`, `apps/v1:deployments/a`. */
export type Story = {
  readonly namespace: string;
  /** A name that no other case has, for cluster-scoped objects. */
  unique(name: string): string;
  get(path: string, options?: Options): Promise<Answer>;
  post(path: string, body: Body, options?: Options): Promise<Answer>;
  put(path: string, body: Body, options?: Options): Promise<Answer>;
  patch(type: "merge" | "json" | "strategic-merge", path: string, body: Body, options?: Options): Promise<Answer>;
  apply(path: string, body: Body, manager: string, options?: Options): Promise<Answer>;
  delete(path: string, body?: Body, options?: Options): Promise<Answer>;
  watch(path: string, options?: Options): Promise<Watch>;
  /** Adds the next events of a watch to the story. */
  events(watch: Watch, count: number): Promise<void>;
  /** Asks silently until `done`; throws after ten seconds. */
  until(path: string, done: (answer: Answer) => boolean): Promise<Answer>;
  /** Deletes it when the case is over. */
  cleanUp(path: string): void;
  note(line: string): void;
  issue(user: string, groups: readonly string[]): Identity;
};

export type RunningStory = Story & { begin(): Promise<void>; end(): Promise<void>; transcript(): string };

const PATCH_TYPES = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  "strategic-merge": "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

export function createStory(deps: {
  readonly client: Client;
  readonly namespace: string;
  readonly managedFields: boolean;
  readonly issue: (user: string, groups: readonly string[]) => Identity;
}): RunningStory {
  const { client, namespace } = deps;
  const transcript = createTranscript({ namespace, managedFields: deps.managedFields });
  const leftovers: string[] = [];

  function resolve(path: string, query = ""): string {
    const [, groupVersion = "", rest = path] = /^(?:([a-z0-9./-]+):)?(.*)$/.exec(path) ?? [];
    const base = path.startsWith("/") ? path : `${groupVersion === "" ? "/api/v1" : `/apis/${groupVersion}`}/namespaces/${namespace}/${rest}`;
    return query === "" ? base : `${base}${base.includes("?") ? "&" : "?"}${query}`;
  }

  async function ask(method: string, path: string, call: Call, options: Options, label = ""): Promise<Answer> {
    const full = resolve(path, options.query);
    const answer = await client.call(method, full, {
      ...call,
      ...(options.as !== undefined && { as: options.as }),
      ...(options.accept !== undefined && { accept: options.accept }),
      ...(options.contentType !== undefined && { contentType: options.contentType }),
    });
    const body = call.body === undefined ? "" : ` ${typeof call.body === "string" ? call.body : JSON.stringify(byKey(call.body))}`;
    if (options.silent !== true) transcript.add(`${method}${label} ${full}${body}`, answer);
    return answer;
  }

  return {
    namespace,
    unique: (name) => `${name}-${namespace}`,
    get: (path, options = {}) => ask("GET", path, {}, options),
    post: (path, body, options = {}) => ask("POST", path, { body }, options),
    put: (path, body, options = {}) => ask("PUT", path, { body }, options),
    patch: (type, path, body, options = {}) => ask("PATCH", path, { body, contentType: PATCH_TYPES[type] }, options, ` (${type})`),
    apply: (path, body, manager, options = {}) => {
      const query = [`fieldManager=${manager}`, ...(options.query === undefined ? [] : [options.query])].join("&");
      return ask("PATCH", path, { body, contentType: PATCH_TYPES.apply }, { ...options, query }, " (apply)");
    },
    delete: (path, body, options = {}) => ask("DELETE", path, body === undefined ? {} : { body }, options),
    watch: (path, options = {}) => {
      const query = ["watch=true", ...(options.query === undefined ? [] : [options.query])].join("&");
      return client.watch(resolve(path, query), {
        ...(options.as !== undefined && { as: options.as }),
        ...(options.accept !== undefined && { accept: options.accept }),
      });
    },
    events: async (watch, count) => {
      for (let seen = 0; seen < count; seen += 1) transcript.add("next event", { code: watch.code, body: await watch.next(), text: "" });
    },
    until: async (path, done) => {
      const deadline = Date.now() + 10_000;
      let answer: Answer;
      do {
        answer = await client.call("GET", resolve(path));
        if (done(answer)) return answer;
        await delay(25);
      } while (Date.now() < deadline);
      throw new Error(`still ${answer.code} ${answer.text.slice(0, 500)}`);
    },
    cleanUp: (path) => leftovers.push(path),
    note: transcript.note,
    issue: deps.issue,
    begin: async () => {
      await client.call("POST", "/api/v1/namespaces", { body: { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } } });
    },
    end: async () => {
      for (const path of [...leftovers, `/api/v1/namespaces/${namespace}`]) await client.call("DELETE", resolve(path));
    },
    transcript: transcript.text,
  };
}

/** Servers answer with keys in an order of their own, and some bodies come out of answers. */
function byKey(value: Body): Body {
  if (Array.isArray(value)) return value.map(byKey);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((key) => [key, byKey(value[key])]),
  );
}
