import { Agent, request } from "node:https";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parse } from "yaml";

/** What the server says of one kind. */
export type KindOnServer = { readonly plural: string; readonly namespaced: boolean; readonly hasStatus: boolean; readonly hasScale: boolean };

export type Answer = { readonly code: number; readonly body: Json };

export type WriteOptions = {
  readonly manager: string;
  readonly type: "apply" | "merge" | "json";
  readonly dryRun?: boolean;
  readonly subresource?: string;
};

/** An API server as the mutation test drives it: as any manager, without any of the adapter's cleverness. */
export type Server = {
  kind(apiVersion: string, kind: string): Promise<KindOnServer>;
  get(manifest: Manifest): Promise<Answer>;
  patch(manifest: Manifest, body: Json, options: WriteOptions): Promise<Answer>;
  put(manifest: Manifest, body: Json, manager: string): Promise<Answer>;
  remove(manifest: Manifest): Promise<Answer>;
  close(): void;
};

type Kubeconfig = {
  readonly clusters: readonly { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } }[];
  readonly users: readonly { readonly user: { readonly "client-certificate-data"?: string; readonly "client-key-data"?: string; readonly token?: string } }[];
};

const CONTENT = { apply: "application/apply-patch+yaml", merge: "application/merge-patch+json", json: "application/json-patch+json" } as const;

/** Reaches the server that `kubeconfig` (its text) names in its first cluster, as its first user. */
export function connect(kubeconfig: string): Server {
  const config: Kubeconfig = parse(kubeconfig);
  const [cluster] = config.clusters;
  const [user] = config.users;
  if (cluster === undefined || user === undefined) throw new Error("the kubeconfig names no cluster or no user");
  const { "client-certificate-data": certificate, "client-key-data": key, token } = user.user;
  const decoded = (text: string | undefined): string | undefined => (text === undefined ? undefined : Buffer.from(text, "base64").toString());
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ca: decoded(cluster.cluster["certificate-authority-data"]),
    cert: decoded(certificate),
    key: decoded(key),
  });
  const send = createSend(cluster.cluster.server, agent, token);
  return createServer(send, agent);
}

type Send = (method: string, path: string, body?: Json, contentType?: string) => Promise<Answer>;

const createSend =
  (server: string, agent: Agent, token: string | undefined): Send =>
  (method, path, body, contentType = "application/json") =>
    new Promise((resolve, reject) => {
      const headers = { accept: "application/json", "content-type": contentType, ...(token !== undefined && { authorization: `Bearer ${token}` }) };
      const asked = request(new URL(path, server), { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ code: response.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }));
      });
      asked.on("error", reject);
      asked.end(body === undefined ? undefined : JSON.stringify(body));
    });

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function createServer(send: Send, agent: Agent): Server {
  const kinds = new Map<string, Promise<ReadonlyMap<string, KindOnServer>>>();
  const prefixOf = (apiVersion: string): string => (apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`);
  const kindsOf = (apiVersion: string): Promise<ReadonlyMap<string, KindOnServer>> => {
    const known = kinds.get(apiVersion) ?? readKinds(send, prefixOf(apiVersion));
    kinds.set(apiVersion, known);
    return known;
  };
  const kind = async (apiVersion: string, name: string): Promise<KindOnServer> => {
    const found = await kindsOf(apiVersion).then(
      (all) => all.get(name),
      () => undefined,
    );
    if (found !== undefined) return found;
    kinds.delete(apiVersion);
    throw new Error(`${apiVersion} ${name} is not served`);
  };
  const pathOf = async ({ apiVersion, kind: name, metadata }: Manifest): Promise<string> => {
    const { plural, namespaced } = await kind(apiVersion, name);
    return `${prefixOf(apiVersion)}${namespaced ? `/namespaces/${metadata.namespace}` : ""}/${plural}/${metadata.name}`;
  };
  return {
    kind,
    get: async (manifest) => send("GET", await pathOf(manifest)),
    patch: async (manifest, body, { manager, type, dryRun = false, subresource }) => {
      const query = new URLSearchParams({ fieldManager: manager, ...(type === "apply" && { force: "true" }), ...(dryRun && { dryRun: "All" }) });
      const path = `${await pathOf(manifest)}${subresource === undefined ? "" : `/${subresource}`}?${query}`;
      return send("PATCH", path, body, CONTENT[type]);
    },
    put: async (manifest, body, manager) => send("PUT", `${await pathOf(manifest)}?fieldManager=${manager}`, body),
    remove: async (manifest) => send("DELETE", `${await pathOf(manifest)}?gracePeriodSeconds=0`),
    close: () => agent.destroy(),
  };
}

async function readKinds(send: Send, prefix: string): Promise<ReadonlyMap<string, KindOnServer>> {
  const { code, body } = await send("GET", prefix);
  if (code !== 200) throw new Error(`GET ${prefix}: ${code}`);
  const { resources } = body as { resources: readonly { name: string; kind: string; namespaced: boolean }[] };
  const names = new Set(resources.map(({ name }) => name));
  return new Map(
    resources
      .filter(({ name }) => !name.includes("/"))
      .map(({ name, kind, namespaced }) => [kind, { plural: name, namespaced, hasStatus: names.has(`${name}/status`), hasScale: names.has(`${name}/scale`) }]),
  );
}

export const objectOf = ({ body }: Answer): Manifest => body as unknown as Manifest;
export const jsonOf = (manifest: Manifest): JsonObject => manifest as unknown as JsonObject;
