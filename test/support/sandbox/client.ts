import { Agent, request } from "node:https";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isObject } from "@sluice/engine/domain/json.ts";

export type Reply = {
  readonly code: number;
  readonly headers: { readonly [name: string]: string | readonly string[] | undefined };
  readonly text: string;
  readonly body: JsonObject;
};

export type Client = {
  send(
    method: string,
    path: string,
    options?: { readonly body?: Json | Uint8Array | string; readonly type?: string; readonly headers?: { readonly [name: string]: string } },
  ): Promise<Reply>;
  close(): void;
};

const TYPES: { readonly [short: string]: string } = {
  merge: "application/merge-patch+json",
  strategic: "application/strategic-merge-patch+json",
  json: "application/json-patch+json",
  apply: "application/apply-patch+yaml",
};

/** The least that speaks HTTPS with the client certificate of a kubeconfig. `type` may be one of merge, strategic, json, apply. */
export function createClient(url: string, kubeconfig: string): Client {
  const field = (name: string): Buffer => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? "", "base64");
  const agent = new Agent({ keepAlive: true, ca: field("certificate-authority-data"), cert: field("client-certificate-data"), key: field("client-key-data") });
  return {
    send: (method, path, { body, type, headers = {} } = {}) =>
      new Promise((resolve, reject) => {
        const bytes =
          body === undefined ? undefined : body instanceof Uint8Array || typeof body === "string" ? Buffer.from(body) : Buffer.from(JSON.stringify(body));
        const contentType = bytes === undefined ? {} : { "content-type": TYPES[type ?? ""] ?? type ?? "application/json", "content-length": bytes.length };
        const outgoing = request(`${url}${path}`, { method, agent, headers: { ...contentType, ...headers } }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("end", () => {
            const text = Buffer.concat(chunks).toString("utf8");
            resolve({ code: incoming.statusCode ?? 0, headers: incoming.headers, text, body: parsed(text) });
          });
        });
        outgoing.on("error", reject);
        outgoing.end(bytes);
      }),
    close: () => agent.destroy(),
  };
}

function parsed(text: string): JsonObject {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
