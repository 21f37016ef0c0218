import { resolve } from "node:path";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { JSON_SCHEMA, load } from "js-yaml";

/** Bytes that stand in the file itself, or in a file of their own. */
export type Source = { readonly file: string } | { readonly bytes: Buffer };

export type KubeCluster = {
  readonly server?: string;
  readonly certificateAuthority?: Source;
  readonly insecure?: boolean;
  readonly serverName?: string;
  readonly proxyUrl?: string;
};

export type KubeUser = {
  readonly clientCertificate?: Source;
  readonly clientKey?: Source;
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  /** What makes a token on demand. */
  readonly plugin?: TokenPlugin;
};

export type TokenPlugin =
  | { readonly kind: "exec"; readonly user: string; readonly exec: JsonObject }
  | { readonly kind: "auth-provider"; readonly user: string; readonly provider: JsonObject };

export type KubeContext = { readonly cluster: string; readonly user?: string; readonly namespace?: string };

export type Kubeconfig = {
  readonly currentContext?: string;
  readonly clusters: ReadonlyMap<string, KubeCluster>;
  readonly users: ReadonlyMap<string, KubeUser>;
  readonly contexts: ReadonlyMap<string, KubeContext>;
};

/** One kubeconfig file; names of files in it are relative to `folder`. */
export function parseKubeconfig(text: string, folder: string): Result<Kubeconfig> {
  const read = parseYaml(text);
  if (!read.ok) return read;
  const root = read.value ?? {};
  if (!isObject(root)) return problem("it is not a kubeconfig: expected a map");
  const currentContext = textOf(root["current-context"]);
  return ok({
    ...(currentContext !== undefined && { currentContext }),
    clusters: entries(root.clusters, "cluster", (body) => parseCluster(body, folder)),
    users: entries(root.users, "user", (body, name) => parseUser(body, name, folder)),
    contexts: entries(root.contexts, "context", parseContext),
  });
}

/** As kubectl merges the files of KUBECONFIG: whoever names a thing first wins. */
export function mergeKubeconfigs(files: readonly Kubeconfig[]): Kubeconfig {
  const merged = <Value>(pick: (file: Kubeconfig) => ReadonlyMap<string, Value>): ReadonlyMap<string, Value> =>
    new Map(files.toReversed().flatMap((file) => [...pick(file)]));
  const currentContext = files.find((file) => file.currentContext !== undefined)?.currentContext;
  return {
    ...(currentContext !== undefined && { currentContext }),
    clusters: merged(({ clusters }) => clusters),
    users: merged(({ users }) => users),
    contexts: merged(({ contexts }) => contexts),
  };
}

function parseYaml(text: string): Result<Json | undefined> {
  try {
    return ok(load(text, { schema: JSON_SCHEMA }) as Json | undefined); // parsed here: YAML of the JSON schema has nothing but JSON in it
  } catch (error) {
    // The reason alone: the message quotes lines of the file, and those may be credentials.
    const reason = error instanceof Error && "reason" in error ? String(error.reason) : "it is no YAML";
    return problem(reason);
  }
}

/** `[{ name, <what>: {…} }]` → name → parsed body; entries without a name or body are left out, as in kubectl. */
function entries<Value>(list: Json | undefined, what: string, parse: (body: JsonObject, name: string) => Value): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  for (const entry of isArray(list) ? list : []) {
    const name = isObject(entry) ? textOf(entry.name) : undefined;
    const body = isObject(entry) ? entry[what] : undefined;
    if (name !== undefined && isObject(body) && !found.has(name)) found.set(name, parse(body, name));
  }
  return found;
}

function parseCluster(body: JsonObject, folder: string): KubeCluster {
  const server = textOf(body.server);
  const serverName = textOf(body["tls-server-name"]);
  const proxyUrl = textOf(body["proxy-url"]);
  return {
    ...(server !== undefined && { server }),
    ...sourceAt(body, "certificate-authority", "certificateAuthority", folder),
    ...(body["insecure-skip-tls-verify"] === true && { insecure: true }),
    ...(serverName !== undefined && { serverName }),
    ...(proxyUrl !== undefined && { proxyUrl }),
  };
}

function parseUser(body: JsonObject, name: string, folder: string): KubeUser {
  const token = textOf(body.token);
  const tokenFile = textOf(body.tokenFile);
  const username = textOf(body.username);
  const plugin = parsePlugin(body, name);
  return {
    ...sourceAt(body, "client-certificate", "clientCertificate", folder),
    ...sourceAt(body, "client-key", "clientKey", folder),
    ...(token !== undefined && { token }),
    ...(tokenFile !== undefined && { tokenFile: resolve(folder, tokenFile) }),
    ...(username !== undefined && { username }),
    ...(plugin !== undefined && { plugin }),
  };
}

function parsePlugin(body: JsonObject, user: string): TokenPlugin | undefined {
  if (isObject(body.exec)) return { kind: "exec", user, exec: body.exec };
  const provider = body["auth-provider"];
  return isObject(provider) ? { kind: "auth-provider", user, provider } : undefined;
}

function parseContext(body: JsonObject): KubeContext {
  const user = textOf(body.user);
  const namespace = textOf(body.namespace);
  return { cluster: textOf(body.cluster) ?? "", ...(user !== undefined && { user }), ...(namespace !== undefined && { namespace }) };
}

/** `<field>-data` in base64, else the file that `field` names. */
function sourceAt<Name extends string>(body: JsonObject, field: string, name: Name, folder: string): { readonly [key in Name]?: Source } {
  const inline = textOf(body[`${field}-data`]);
  const file = textOf(body[field]);
  if (inline === undefined && file === undefined) return {};
  const source: Source = inline === undefined ? { file: resolve(folder, file ?? "") } : { bytes: Buffer.from(inline, "base64") };
  return { [name]: source } as { readonly [key in Name]?: Source }; // the key is the one that was asked for
}

const textOf = (value: Json | undefined): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);
