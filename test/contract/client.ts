import type { IncomingMessage } from "node:http";
import { Agent, type RequestOptions, request } from "node:https";
import { json as readJson } from "node:stream/consumers";

/** Parsed JSON of an answer; the suite compares it whole, so nothing is promised about its shape. */
// biome-ignore lint/suspicious/noExplicitAny: an answer of unknown shape that only assertions look into
export type Body = any;

export type Answer = { readonly code: number; readonly body: Body; readonly text: string; readonly headers: IncomingMessage["headers"] };

export type Identity = {
  readonly cert?: string;
  readonly key?: string;
  readonly token?: string;
  readonly headers?: { readonly [name: string]: string | readonly string[] };
};

export type Call = {
  readonly body?: unknown;
  readonly contentType?: string;
  readonly accept?: string;
  readonly as?: Identity;
};

export type Client = {
  call(method: string, path: string, call?: Call): Promise<Answer>;
  /** Opens a watch and answers its events one by one; `close` ends it. */
  watch(path: string, call?: Call): Promise<Watch>;
  close(): void;
};

export type Watch = {
  readonly code: number;
  /** The next event; undefined when the server ended the stream. */
  next(): Promise<Body>;
  close(): void;
};

/** Speaks to one API server in plain HTTPS, so that an answer can be compared to the letter. `admin` is who asks when a call does not say. */
export function createClient(options: { readonly url: string; readonly ca: string; readonly admin: Identity }): Client {
  const agents = new Map<string, Agent>();

  /** One agent per certificate: a connection keeps the identity it was opened with. */
  function agentOf({ cert, key }: Identity): Agent {
    const id = cert ?? "";
    const agent = agents.get(id) ?? new Agent({ keepAlive: true, ca: options.ca, ...(cert !== undefined && { cert }), ...(key !== undefined && { key }) });
    agents.set(id, agent);
    return agent;
  }

  function open(method: string, path: string, { body, contentType, accept, as = options.admin }: Call): Promise<IncomingMessage> {
    const payload = body === undefined ? undefined : typeof body === "string" ? body : JSON.stringify(body);
    const headers: RequestOptions["headers"] = {
      accept: accept ?? "application/json",
      "user-agent": "contract/1.0",
      ...(payload !== undefined && { "content-type": contentType ?? "application/json", "content-length": Buffer.byteLength(payload) }),
      ...(as.token !== undefined && { authorization: `Bearer ${as.token}` }),
    };
    for (const [name, value] of Object.entries(as.headers ?? {})) headers[name] = typeof value === "string" ? value : [...value];
    return new Promise((resolve, reject) => {
      const call = request(new URL(path, options.url), { method, headers, agent: agentOf(as) }, resolve);
      call.once("error", reject);
      call.end(payload);
    });
  }

  return {
    call: async (method, path, call = {}) => {
      const response = await open(method, path, call);
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString();
      return { code: response.statusCode ?? 0, text, body: parse(text), headers: response.headers };
    },
    watch: async (path, call = {}) => {
      const response = await open("GET", path, call);
      if (response.statusCode !== 200) return refused(response);
      const events = lines(response);
      return {
        code: 200,
        next: async () => (await events.next()).value,
        close: () => response.destroy(),
      };
    },
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function refused(response: IncomingMessage): Watch {
  const body = readJson(response);
  return { code: response.statusCode ?? 0, next: () => body, close: () => response.destroy() };
}

async function* lines(response: IncomingMessage): AsyncGenerator<Body, undefined> {
  let rest = "";
  try {
    for await (const chunk of response) {
      rest += chunk;
      for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
        yield JSON.parse(rest.slice(0, end));
        rest = rest.slice(end + 1);
      }
    }
  } catch {
    // closed by us
  }
  return undefined;
}

function parse(text: string): Body {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
