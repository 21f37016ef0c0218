import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";

/** What goes wrong at a server; each name is one fault. */
export type Fault =
  | "index missing"
  | "index changes no more"
  | "no validators"
  | "never compressed"
  | "slow"
  | "redirect to elsewhere"
  | "wrong digest"
  | "short blob"
  | "no chart layer"
  | "no config"
  | "index of manifests"
  | "blobs elsewhere"
  | "rate limited";

export type Login = { readonly username: string; readonly password: string };

/**
 * A Helm repository and an OCI registry in one server on loopback. As a repository: `/charts/index.yaml`, and beside it whatever was put there; with `login` only for who
 * says user and password. As a registry: the pull half of the distribution protocol under `/v2/`, with docker's token dance where `token` is set and
 * Basic where only `login` is. It keeps a line for every request (`GET /charts/index.yaml Basic ada`), and `elsewhere` is a second server that is nobody's
 * business: what reaches it is in `leaks`.
 */
export type ChartServer = {
  readonly url: string;
  /** `127.0.0.1:1234`. */
  readonly host: string;
  readonly elsewhere: string;
  /** Path → bytes of the repository. */
  readonly files: Map<string, Uint8Array>;
  readonly requests: string[];
  readonly leaks: string[];
  readonly faults: Set<Fault>;
  login: Login | undefined;
  token: boolean;
  /** A chart under `<repository>:<tag>`. */
  push(repository: string, tag: string, chart: Uint8Array): void;
  /** So many tags on one page. */
  pageSize: number;
  close(): Promise<void>;
};

const CONFIG = "application/vnd.cncf.helm.config.v1+json";
const LAYER = "application/vnd.cncf.helm.chart.content.v1.tar+gzip";
const MANIFEST = "application/vnd.oci.image.manifest.v1+json";
const IMAGE_INDEX = "application/vnd.oci.image.index.v1+json";
const TOKEN = "granted-to-who-may-pull";

const digestOf = (bytes: Uint8Array): string => `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
const encode = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

type Repository = { readonly tags: Map<string, Uint8Array>; readonly manifests: Map<string, Uint8Array>; readonly blobs: Map<string, Uint8Array> };

export async function startChartServer(): Promise<ChartServer> {
  const repositories = new Map<string, Repository>();
  const repositoryOf = (name: string): Repository => {
    const found = repositories.get(name) ?? { tags: new Map(), manifests: new Map(), blobs: new Map() };
    repositories.set(name, found);
    return found;
  };
  const other = createServer((request, response) => {
    server.leaks.push(lineOf(request));
    const bytes = server.files.get(request.url ?? "") ?? blobAt(repositories, request.url ?? "");
    if (bytes === undefined) response.writeHead(404).end();
    else response.writeHead(200).end(bytes);
  });
  const main = createServer((request, response) => {
    server.requests.push(lineOf(request));
    if (server.faults.has("slow")) return;
    const path = request.url ?? "";
    if (path.startsWith("/token")) grant(server, request, response);
    else if (path.startsWith("/v2/")) serveRegistry(server, repositories, request, response);
    else serveRepository(server, request, response);
  });
  const [port, otherPort] = await Promise.all(
    [main, other].map((one) => new Promise<number>((resolve) => one.listen(0, "127.0.0.1", () => resolve((one.address() as AddressInfo).port)))),
  );
  const server: ChartServer = {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    elsewhere: `http://127.0.0.1:${otherPort}`,
    files: new Map(),
    requests: [],
    leaks: [],
    faults: new Set(),
    login: undefined,
    token: false,
    pageSize: 100,
    push: (name, tag, chart) => {
      const repository = repositoryOf(name);
      const config = encode({ name: name.split("/").at(-1), version: tag.replaceAll("_", "+"), apiVersion: "v2" });
      const layer = { mediaType: LAYER, digest: digestOf(chart), size: chart.length };
      const manifest = encode({
        schemaVersion: 2,
        mediaType: MANIFEST,
        config: { mediaType: CONFIG, digest: digestOf(config), size: config.length },
        layers: [layer],
      });
      repository.blobs.set(digestOf(config), config).set(layer.digest, chart);
      repository.manifests.set(digestOf(manifest), manifest);
      repository.tags.set(tag, manifest);
    },
    close: async () => {
      for (const one of [main, other]) {
        one.closeAllConnections();
        await new Promise((resolve) => one.close(resolve));
      }
    },
  };
  return server;
}

function lineOf({ method, url, headers }: IncomingMessage): string {
  const { authorization = "" } = headers;
  const [scheme = "", value = ""] = authorization.split(" ");
  const who = scheme === "Basic" ? Buffer.from(value, "base64").toString().split(":")[0] : value === TOKEN ? "token" : value;
  const conditional = headers["if-none-match"] === undefined ? "" : " if-none-match";
  return `${method} ${url}${authorization === "" ? "" : ` ${scheme} ${who}`}${conditional}`;
}

const knows = ({ headers }: IncomingMessage, login: Login): boolean =>
  headers.authorization === `Basic ${Buffer.from(`${login.username}:${login.password}`).toString("base64")}`;

function serveRepository(server: ChartServer, request: IncomingMessage, response: ServerResponse): unknown {
  const path = request.url ?? "";
  if (server.faults.has("rate limited")) return response.writeHead(429).end("too many");
  if (server.login !== undefined && !knows(request, server.login)) return response.writeHead(401, { "www-authenticate": "Basic" }).end();
  if (server.faults.has("redirect to elsewhere")) return response.writeHead(302, { location: `${server.elsewhere}${path}` }).end();
  const bytes = server.faults.has("index missing") ? undefined : server.files.get(path);
  if (bytes === undefined) return response.writeHead(404).end("not found");
  const etag = `"${createHash("sha1").update(bytes).digest("hex")}"`;
  const validators = server.faults.has("no validators") ? {} : { etag, "last-modified": "Wed, 01 May 2024 10:00:00 GMT" };
  if (request.headers["if-none-match"] === etag && !server.faults.has("no validators")) return response.writeHead(304, validators).end();
  const packed = !server.faults.has("never compressed") && request.headers["accept-encoding"]?.includes("gzip") === true && path.endsWith(".yaml");
  return response.writeHead(200, { ...validators, ...(packed && { "content-encoding": "gzip" }) }).end(packed ? gzipSync(bytes) : bytes);
}

/** Docker's token service: whoever may log in gets the token, and anybody where no login is wanted. */
function grant(server: ChartServer, request: IncomingMessage, response: ServerResponse): unknown {
  if (server.login !== undefined && !knows(request, server.login)) return void refuse(response, 401, "UNAUTHORIZED", "authentication required");
  return response.writeHead(200, { "content-type": "application/json" }).end(encode({ token: TOKEN }));
}

function refuse(response: ServerResponse, status: number, code: string, message: string, headers: { readonly [name: string]: string } = {}): unknown {
  return response.writeHead(status, { "content-type": "application/json", ...headers }).end(encode({ errors: [{ code, message }] }));
}

function serveRegistry(server: ChartServer, repositories: ReadonlyMap<string, Repository>, request: IncomingMessage, response: ServerResponse): unknown {
  const url = new URL(request.url ?? "", server.url);
  if (server.faults.has("rate limited")) return refuse(response, 429, "TOOMANYREQUESTS", "rate exceeded");
  const realm = `Bearer realm="${server.url}/token",service="charts, and more",scope="repository:${url.pathname.split("/").slice(2, -2).join("/")}:pull"`;
  if (server.token && request.headers.authorization !== `Bearer ${TOKEN}`)
    return refuse(response, 401, "UNAUTHORIZED", "authentication required", { "www-authenticate": realm });
  if (!server.token && server.login !== undefined && !knows(request, server.login))
    return refuse(response, 401, "UNAUTHORIZED", "authentication required", { "www-authenticate": 'Basic realm="charts"' });
  const found = /^\/v2\/(.+)\/(manifests|blobs|tags)\/([^/]+)$/.exec(url.pathname);
  if (found === null) return response.writeHead(200).end("{}");
  const [, name = "", kind = "", reference = ""] = found;
  const repository = repositories.get(name);
  if (repository === undefined) return refuse(response, 404, "NAME_UNKNOWN", "repository name not known to registry");
  switch (kind) {
    case "tags":
      return serveTags(server, name, repository, url, response);
    case "blobs":
      return serveBlob(server, name, repository, reference, response);
    default:
      return serveManifest(server, repository, reference, request, response);
  }
}

function serveTags(server: ChartServer, name: string, { tags }: Repository, url: URL, response: ServerResponse): unknown {
  const all = [...tags.keys()].sort();
  const last = url.searchParams.get("last");
  const rest = last === null ? all : all.filter((tag) => tag > last);
  const page = rest.slice(0, server.pageSize);
  const link = rest.length > page.length ? { link: `</v2/${name}/tags/list?last=${page.at(-1)}&n=${server.pageSize}>; rel="next"` } : {};
  return response.writeHead(200, { "content-type": "application/json", ...link }).end(encode({ name, tags: page }));
}

function serveManifest(server: ChartServer, repository: Repository, reference: string, request: IncomingMessage, response: ServerResponse): unknown {
  const stored = repository.tags.get(reference) ?? repository.manifests.get(reference);
  if (stored === undefined) return refuse(response, 404, "MANIFEST_UNKNOWN", "manifest unknown");
  const wrapped = server.faults.has("index of manifests") && !reference.startsWith("sha256:");
  const manifest = wrapped ? indexOf(stored) : withFaults(server, stored);
  const headers = { "content-type": wrapped ? IMAGE_INDEX : MANIFEST, "content-length": manifest.length, "docker-content-digest": digestOf(manifest) };
  return response.writeHead(200, headers).end(request.method === "HEAD" ? undefined : manifest);
}

const indexOf = (manifest: Uint8Array): Buffer =>
  encode({ schemaVersion: 2, mediaType: IMAGE_INDEX, manifests: [{ mediaType: MANIFEST, digest: digestOf(manifest), size: manifest.length }] });

function withFaults({ faults }: ChartServer, manifest: Uint8Array): Uint8Array {
  const read = JSON.parse(Buffer.from(manifest).toString());
  if (faults.has("no chart layer")) return encode({ ...read, layers: [{ ...read.layers[0], mediaType: "application/octet-stream" }] });
  if (faults.has("no config")) return encode({ ...read, config: { ...read.config, mediaType: "application/vnd.oci.image.config.v1+json" } });
  return manifest;
}

function serveBlob(server: ChartServer, name: string, { blobs }: Repository, digest: string, response: ServerResponse): unknown {
  const bytes = blobs.get(digest);
  if (bytes === undefined) return refuse(response, 404, "BLOB_UNKNOWN", "blob unknown to registry");
  if (server.faults.has("blobs elsewhere")) return response.writeHead(307, { location: `${server.elsewhere}/blobs/${name}/${digest}?signature=secret` }).end();
  if (server.faults.has("wrong digest")) return response.writeHead(200).end(Buffer.from(bytes).map((byte, index) => (index === 0 ? byte ^ 1 : byte)));
  if (server.faults.has("short blob")) return response.writeHead(200).end(bytes.subarray(0, bytes.length - 1));
  return response.writeHead(200, { "content-length": bytes.length }).end(bytes);
}

function blobAt(repositories: ReadonlyMap<string, Repository>, url: string): Uint8Array | undefined {
  const [, name = "", digest = ""] = /^\/blobs\/(.+)\/([^/?]+)\?/.exec(url) ?? [];
  return repositories.get(name)?.blobs.get(digest);
}
