import { spawn } from "node:child_process";
import { timingSafeEqual } from "node:crypto";
import { stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createGunzip } from "node:zlib";
import { git, gitEnvironment, listReferences } from "./git.ts";
import { createRepository } from "./repositories.ts";

/** A reference that a push moved. All zeros: it was not there before, or is not there after. */
export type Push = { readonly repository: string; readonly ref: string; readonly before: string; readonly after: string };

export type GitServerOptions = {
  /** Where the bare repositories are: `<root>/<name>.git`. */
  readonly root: string;
  /** Called once per moved reference, after git has answered. */
  readonly onPush?: (push: Push) => void;
  /** Bytes of one request. */
  readonly maxBytes?: number;
  /** Asked of every request when given. */
  readonly user?: { readonly name: string; readonly password: string };
};

export type GitServer = {
  /** Makes a bare repository from a folder, with one commit on main; says its path on the machine. */
  create(name: string, folder?: string): Promise<string>;
  /** Answers requests to `/<name>.git/…`; false when the path is another. */
  serve(request: IncomingMessage, response: ServerResponse): boolean;
};

const MAX_BYTES = 256 << 20;
const ZERO = "0".repeat(40);
const PATH = /^\/((?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/;

/** Git's smart HTTP over `git http-backend` (git 2.30 or newer). It never looks outside of `root`. */
export function createGitServer(options: GitServerOptions): GitServer {
  return {
    create: (name, folder) => createRepository(options.root, name, folder),
    serve: (request, response) => {
      const [path = "", query = ""] = (request.url ?? "/").split("?", 2);
      const [, name, service] = PATH.exec(path) ?? [];
      if (name === undefined || service === undefined) return false;
      respond(options, { name, service, query, request, response }).catch(() => {
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
      return true;
    },
  };
}

type Exchange = {
  readonly name: string;
  readonly service: string;
  readonly query: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
};

async function respond(options: GitServerOptions, exchange: Exchange): Promise<void> {
  const { request, response, name, service } = exchange;
  if (options.user !== undefined && !isUser(request.headers.authorization, options.user)) {
    response.writeHead(401, { "www-authenticate": 'Basic realm="git"', "content-type": "text/plain" }).end("authentication required\n");
    return;
  }
  const repository = join(options.root, `${name}.git`);
  if ((await stat(repository).catch(() => undefined)) === undefined) {
    response.writeHead(404, { "content-type": "text/plain" }).end("no such repository\n");
    return;
  }
  const pushes = service === "git-receive-pack" && options.onPush !== undefined;
  const before = pushes ? await listReferences(repository) : undefined;
  await runBackend(options, exchange);
  if (before !== undefined) for (const push of moved(name, before, await listReferences(repository))) options.onPush?.(push);
}

function isUser(header: string | undefined, { name, password }: { readonly name: string; readonly password: string }): boolean {
  const wanted = Buffer.from(`Basic ${Buffer.from(`${name}:${password}`).toString("base64")}`);
  const given = Buffer.from(header ?? "");
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** What a push changed, found by comparison: git's own answer does not say what a reference stood at. */
function moved(repository: string, before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): readonly Push[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.map((ref) => ({ repository, ref, before: before.get(ref) ?? ZERO, after: after.get(ref) ?? ZERO })).filter((push) => push.before !== push.after);
}

/** Resolves when git has ended and everything has been sent. */
function runBackend({ root, maxBytes = MAX_BYTES }: GitServerOptions, { name, service, query, request, response }: Exchange): Promise<void> {
  const backend = spawn("git", ["http-backend"], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${name}.git/${service}`,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method ?? "GET",
      REMOTE_USER: "sluice",
      REMOTE_ADDR: request.socket.remoteAddress ?? "",
      CONTENT_TYPE: request.headers["content-type"] ?? "",
      GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
    },
    stdio: ["pipe", "pipe", "ignore"],
  });
  feed(request, backend.stdin, maxBytes, () => {
    backend.kill();
    if (!response.headersSent) response.writeHead(413, { connection: "close" });
    response.end();
  });
  response.on("close", () => backend.kill());
  return new Promise((resolve, reject) => {
    let head: Buffer | undefined = Buffer.alloc(0);
    backend.stdout.on("data", (part: Buffer) => {
      if (head === undefined) return void write(backend.stdout, response, part);
      head = Buffer.concat([head, part]);
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      const rest = head.subarray(end + 4);
      sendHead(response, head.toString("latin1", 0, end));
      head = undefined;
      write(backend.stdout, response, rest);
    });
    backend.on("error", reject);
    backend.on("close", () => {
      if (!response.headersSent) response.writeHead(500);
      response.end(() => resolve());
      if (response.destroyed) resolve();
    });
  });
}

function write(source: NodeJS.ReadableStream, response: ServerResponse, part: Buffer): void {
  if (response.write(part)) return;
  source.pause();
  response.once("drain", () => source.resume());
}

/** CGI: `Status: 404 Not Found` and then headers. */
function sendHead(response: ServerResponse, text: string): void {
  if (response.headersSent) return;
  let status = 200;
  for (const line of text.split("\r\n")) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).trim();
    if (line.slice(0, colon) === "Status") status = Number.parseInt(value, 10);
    else response.setHeader(line.slice(0, colon), value);
  }
  response.writeHead(status);
}

/** Hands the body on, unpacked: the limit is on what git gets to see. */
function feed(request: IncomingMessage, sink: NodeJS.WritableStream, maxBytes: number, tooLarge: () => void): void {
  const zipped = /^(?:x-)?gzip$/.test(request.headers["content-encoding"] ?? "");
  const source = zipped ? request.pipe(createGunzip()) : request;
  let size = 0;
  sink.on("error", () => undefined);
  source.on("error", () => sink.end());
  source.on("data", (part: Buffer) => {
    size += part.length;
    if (size > maxBytes) {
      source.removeAllListeners("data");
      request.unpipe();
      sink.end();
      tooLarge();
      return;
    }
    if (!sink.write(part)) {
      source.pause();
      sink.once("drain", () => source.resume());
    }
  });
  source.on("end", () => sink.end());
}

/** The version of the machine's git, or undefined when there is none. */
export async function gitVersion(): Promise<string | undefined> {
  const text = await git(".", "--version").catch(() => undefined);
  return text === undefined ? undefined : /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0];
}
