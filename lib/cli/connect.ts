import { isObject } from "@sluice/engine/domain/json.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { goWords } from "@sluice/platform/http/go-words.ts";
import { createCluster } from "@sluice/platform/kubernetes/cluster.ts";
import { createHttp, type Http, NoAnswer } from "@sluice/platform/kubernetes/http.ts";
import { createKinds } from "@sluice/platform/kubernetes/kinds.ts";
import type { Request } from "@sluice/platform/kubernetes/request.ts";
import { parseJson, parseRefusal } from "@sluice/platform/kubernetes/status.ts";
import type { Environment } from "../config.ts";
import { type LoadedConnection, loadConnection } from "../kubeconfig.ts";
import type { Server, Session } from "./cli.ts";
import { readResources } from "./discovery.ts";
import { Failure } from "./failure.ts";
import type { GlobalFlags } from "./global-flags.ts";
import { watchOnce } from "./watch-once.ts";

/** Kubernetes derives field managers from what stands before the slash: patches of this command are Flux's, as those of the `flux` command. */
const USER_AGENT = "flux/sluice";
const REQUEST_TIMEOUT = ms(60_000);

export const openConnection = (environment: Environment, flags: GlobalFlags): Promise<LoadedConnection> =>
  loadConnection({
    files: environment.kubeconfigFiles,
    ...pick(flags, "kubeconfig", "context", "cluster", "user", "server", "token", "certificateAuthority", "clientCertificate", "clientKey"),
    ...(flags.insecureSkipTlsVerify !== undefined && { insecure: flags.insecureSkipTlsVerify }),
    ...(flags.tlsServerName !== undefined && { serverName: flags.tlsServerName }),
    userAgent: USER_AGENT,
    timeout: REQUEST_TIMEOUT,
  });

/** The cluster behind a connection, as the user that `--as` and its companions name. */
export function openSession({ connection, contextName, awsRegion }: LoadedConnection, flags: GlobalFlags): Session {
  const http = explaining(impersonating(createHttp(connection), flags), connection.server);
  const kinds = createKinds(http);
  return { cluster: createCluster(http, kinds), kinds, server: createServer(http, kinds), contextName, ...(awsRegion !== undefined && { awsRegion }) };
}

function createServer(http: Http, kinds: Session["kinds"]): Server {
  return {
    version: async () => {
      const answer = await http.send({ method: "GET", path: "/version" });
      const body = answer.code === 200 ? parseJson(answer.body) : undefined;
      if (isObject(body) && typeof body.gitVersion === "string") return { kind: "version", version: body.gitVersion };
      return { kind: "failed", message: parseRefusal(answer, "GET /version").message };
    },
    resources: () => readResources(http),
    watch: async ({ apiVersion, kind, namespace }, onEvent, signal) => {
      const facts = await kinds.find(apiVersion, kind);
      if (facts === undefined) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
      await watchOnce(http, facts, namespace, onEvent, signal);
    },
  };
}

/** A server that does not answer, or not this user, is told in the words of the `flux` command, which asks for the server's groups first. */
function explaining(http: Http, server: string): Http {
  const address = `${server.replace(/\/$/, "")}`;
  const explain = (error: unknown): never => {
    if (!(error instanceof NoAnswer) || error.cause === undefined) throw error;
    const { words } = goWords(error.cause, new AbortController().signal, false);
    throw new Failure(`failed to get server groups: Get "${address}/api": ${words}`);
  };
  const send = async (request: Request): ReturnType<Http["send"]> => {
    const answer = await http.send(request).catch(explain);
    if (answer.code === 401) throw new Failure("failed to get server groups: the server has asked for the client to provide credentials");
    return answer;
  };
  return { ...http, send };
}

/** Every request in the name of somebody else. Source: Kubernetes, user impersonation. */
function impersonating(http: Http, { as: user, asGroup = [], asUid, asUserExtra = [] }: GlobalFlags): Http {
  const headers: Record<string, string | string[]> = {
    ...(user !== undefined && { "impersonate-user": user }),
    ...(asUid !== undefined && { "impersonate-uid": asUid }),
    ...(asGroup.length > 0 && { "impersonate-group": [...asGroup] }),
    ...extraHeaders(asUserExtra),
  };
  if (Object.keys(headers).length === 0) return http;
  // A header that is there several times is a list for node:http; the port's type knows single ones only.
  const named = (request: Request): Request => ({ ...request, headers: { ...(headers as Record<string, string>), ...request.headers } });
  return { ...http, send: (request) => http.send(named(request)), open: (request, signal) => http.open(named(request), signal) };
}

function extraHeaders(extras: readonly string[]): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const extra of extras) {
    const at = extra.indexOf("=");
    const name = `impersonate-extra-${encodeURIComponent(at < 0 ? extra : extra.slice(0, at)).toLowerCase()}`;
    found[name] = [...(found[name] ?? []), at < 0 ? "" : extra.slice(at + 1)];
  }
  return found;
}

function pick<Name extends keyof GlobalFlags>(flags: GlobalFlags, ...names: readonly Name[]): Pick<GlobalFlags, Name> {
  return Object.fromEntries(names.flatMap((name) => (flags[name] === undefined ? [] : [[name, flags[name]]]))) as Pick<GlobalFlags, Name>; // the names that were asked for
}
