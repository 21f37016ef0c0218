import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";
import { load } from "js-yaml";

export type Answer = { readonly code: number; readonly body: JsonObject };

/** A connection to a running API server for the scripts that ask it what it knows. */
export type ApiClient = {
  get(path: string, accept?: string): Promise<Answer>;
  send(method: "POST" | "PUT" | "PATCH" | "DELETE", path: string, body: Json, contentType?: string, userAgent?: string): Promise<Answer>;
  close(): void;
};

const isJson = (_value: unknown): _value is Json => true;

const parse = (text: string): Json => {
  const value: unknown = JSON.parse(text);
  return isJson(value) ? value : null;
};

const objectAt = (value: Json | undefined, what: string): JsonObject => {
  if (!isObject(value)) throw new Error(`the kubeconfig has no ${what}`);
  return value;
};

const textAt = (value: JsonObject, key: string): string => {
  const text = value[key];
  if (typeof text !== "string") throw new Error(`the kubeconfig has no ${key}; only client certificates in the file itself are understood here`);
  return text;
};

const first = (config: JsonObject, list: string, entry: string): JsonObject => {
  const items = config[list];
  return objectAt(objectAt(isArray(items) ? items[0] : undefined, list)[entry], entry);
};

/** Reads the first cluster and the first user of a kubeconfig with embedded certificates. */
export function createApiClient(kubeconfig: string): ApiClient {
  const loaded: unknown = load(readFileSync(kubeconfig, "utf8"));
  const config = objectAt(isJson(loaded) ? loaded : null, "content");
  const cluster = first(config, "clusters", "cluster");
  const user = first(config, "users", "user");
  const decoded = (from: JsonObject, key: string): Buffer => Buffer.from(textAt(from, key), "base64");
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 4,
    ca: decoded(cluster, "certificate-authority-data"),
    cert: decoded(user, "client-certificate-data"),
    key: decoded(user, "client-key-data"),
  });
  const server = textAt(cluster, "server");
  const call = (method: string, path: string, headers: Record<string, string>, body?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = request(`${server}${path}`, { method, agent, headers }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          const value = text.startsWith("{") ? parse(text) : { text };
          resolve({ code: incoming.statusCode ?? 0, body: isObject(value) ? value : {} });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  return {
    get: (path, accept = "application/json") => call("GET", path, { accept }),
    send: (method, path, body, contentType = "application/json", userAgent = "sluice-generate") =>
      call(method, path, { accept: "application/json", "content-type": contentType, "user-agent": userAgent }, JSON.stringify(body)),
    close: () => agent.destroy(),
  };
}
