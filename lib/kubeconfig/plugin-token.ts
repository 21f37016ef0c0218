import type { RequestOptions } from "node:https";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { KubeCluster, TokenPlugin } from "./parse.ts";

/**
 * Tokens that a credential plugin of the kubeconfig makes. The user's own file names the command, so it may be run. A token is kept until it
 * runs out; `renew` asks for another one. Heavy modules are imported at the first call.
 */
export function pluginToken(plugin: TokenPlugin, cluster: KubeCluster | undefined): (renew: boolean) => Promise<string> {
  let source: Promise<() => Promise<string>> | undefined;
  const open = (): Promise<() => Promise<string>> => (plugin.kind === "exec" ? openExec(plugin, cluster) : openProvider(plugin));
  return async (renew) => {
    if (renew || source === undefined) source = open();
    return (await source)();
  };
}

async function openExec({ user, exec }: TokenPlugin & { kind: "exec" }, cluster: KubeCluster | undefined): Promise<() => Promise<string>> {
  const { ExecAuth } = await import("@kubernetes/client-node/dist/exec_auth.js");
  const auth = new ExecAuth();
  const asked = { name: user, exec: { ...exec, env: [...environmentOf(exec), execInfo(exec, cluster)] } };
  return async () => {
    const options: RequestOptions = {};
    await auth.applyAuthentication(asked, options);
    return bearerOf(options.headers, String(exec.command));
  };
}

async function openProvider({ user, provider }: TokenPlugin & { kind: "auth-provider" }): Promise<() => Promise<string>> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: "cluster", server: "https://localhost", skipTLSVerify: false }],
    users: [{ name: user, authProvider: provider }],
    contexts: [{ name: "context", cluster: "cluster", user }],
    currentContext: "context",
  });
  return async () => {
    const options: RequestOptions = {};
    await config.applyToHTTPSOptions(options);
    return bearerOf(options.headers, String(provider.name));
  };
}

function bearerOf(headers: RequestOptions["headers"], plugin: string): string {
  const header = headers !== undefined && "Authorization" in headers ? headers.Authorization : undefined;
  if (typeof header === "string" && header.startsWith("Bearer ")) return header.slice("Bearer ".length);
  throw new Error(`getting credentials: ${plugin} made no token`);
}

const environmentOf = ({ env }: JsonObject): readonly unknown[] => (Array.isArray(env) ? env : []);

/** What Kubernetes tells a plugin about the request. Source: client.authentication.k8s.io ExecCredential. */
function execInfo({ apiVersion, provideClusterInfo }: JsonObject, cluster: KubeCluster | undefined): { readonly name: string; readonly value: string } {
  const bytes = cluster?.certificateAuthority !== undefined && "bytes" in cluster.certificateAuthority ? cluster.certificateAuthority.bytes : undefined;
  const about = {
    server: cluster?.server ?? "",
    ...(bytes !== undefined && { "certificate-authority-data": bytes.toString("base64") }),
    ...(cluster?.serverName !== undefined && { "tls-server-name": cluster.serverName }),
  };
  const spec = { interactive: false, ...(provideClusterInfo === true && { cluster: about }) };
  const version = typeof apiVersion === "string" ? apiVersion : "client.authentication.k8s.io/v1";
  return { name: "KUBERNETES_EXEC_INFO", value: JSON.stringify({ kind: "ExecCredential", apiVersion: version, spec }) };
}
