import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { groupVersionPath } from "@sluice/platform/kubernetes/paths.ts";
import { readKinds, type ServedKind, type ServedKinds } from "./kinds.ts";

/** Thrown when the API server says no. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type PatchKind = "apply" | "merge" | "json";
export type Patch = { readonly kind: PatchKind; readonly body: Json; readonly manager: string; readonly subresource?: string };

/** A cluster as somebody with a terminal sees it: objects by `kind/name`. What is not there is undefined; every other refusal is thrown. */
export type Client = {
  kinds(): Promise<ServedKinds>;
  /** By kind as in `ServedKinds.find`; asks the server again for kinds that came later. */
  kind(name: string): Promise<ServedKind>;
  get(kind: ServedKind, namespace: string, name: string): Promise<JsonObject | undefined>;
  /** Empty when the kind cannot be listed. */
  list(kind: ServedKind, namespace: string): Promise<readonly JsonObject[]>;
  create(kind: ServedKind, namespace: string, object: JsonObject): Promise<void>;
  patch(kind: ServedKind, namespace: string, name: string, patch: Patch): Promise<void>;
  remove(kind: ServedKind, namespace: string, name: string): Promise<void>;
};

const CONTENT: { readonly [kind in PatchKind]: string } = {
  apply: "application/apply-patch+yaml",
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
};

export function createClient(http: Http): Client {
  let known: ServedKinds | undefined;
  const kinds = async (): Promise<ServedKinds> => {
    known = await readKinds(http);
    return known;
  };
  const kind = async (name: string): Promise<ServedKind> => {
    const found = known?.find(name) ?? (await kinds()).find(name);
    if (found === undefined) throw new Error(`the cluster serves no ${name}`);
    return found;
  };

  async function send(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: Json, contentType?: string): Promise<JsonObject | undefined> {
    const answer = await http.send({
      method,
      path,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(contentType !== undefined && { contentType }),
    });
    const said: Json | undefined = answer.body.startsWith("{") ? JSON.parse(answer.body) : undefined;
    if (answer.code === 404 && method !== "PATCH" && method !== "POST") return undefined;
    if (answer.code >= 400) throw new Refused(answer.code, isObject(said) && typeof said.message === "string" ? said.message : answer.body);
    return isObject(said) ? said : undefined;
  }

  return {
    kinds,
    kind,
    get: (kind, namespace, name) => send("GET", pathOf(kind, namespace, name)),
    list: async (kind, namespace) => {
      const list = await send("GET", pathOf(kind, namespace)).catch((error: unknown) => (error instanceof Refused ? undefined : Promise.reject(error)));
      return isArray(list?.items) ? list.items.filter(isObject) : [];
    },
    create: async (kind, namespace, object) => void (await send("POST", pathOf(kind, namespace), object)),
    patch: async (kind, namespace, name, { kind: how, body, manager, subresource }) => {
      const below = subresource === undefined ? "" : `/${subresource}`;
      const query = new URLSearchParams({ fieldManager: manager, ...(how === "apply" && { force: "true" }) });
      await send("PATCH", `${pathOf(kind, namespace, name)}${below}?${query}`, body, CONTENT[how]);
    },
    remove: async (kind, namespace, name) => void (await send("DELETE", pathOf(kind, namespace, name))),
  };
}

function pathOf(kind: ServedKind, namespace: string, name?: string): string {
  const inside = kind.namespaced ? `/namespaces/${namespace}` : "";
  return `${groupVersionPath(kind.apiVersion)}${inside}/${kind.plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}
