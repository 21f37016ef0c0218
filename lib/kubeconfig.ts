import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Milliseconds } from "@sluice/engine/domain/time.ts";
import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import { codeOf, fileProblem } from "./file-problem.ts";
import { awsRegionOf } from "./kubeconfig/aws-region.ts";
import { type KubeCluster, type KubeContext, type Kubeconfig, type KubeUser, mergeKubeconfigs, parseKubeconfig } from "./kubeconfig/parse.ts";
import { pluginToken } from "./kubeconfig/plugin-token.ts";

export type KubeconfigOptions = {
  /** `--kubeconfig`: this file and no other. */
  readonly kubeconfig?: string;
  /** The files of KUBECONFIG, or ~/.kube/config; those that do not exist are skipped. */
  readonly files?: readonly string[];
  readonly context?: string;
  readonly cluster?: string;
  readonly user?: string;
  readonly server?: string;
  readonly token?: string;
  readonly certificateAuthority?: string;
  readonly clientCertificate?: string;
  readonly clientKey?: string;
  readonly insecure?: boolean;
  readonly serverName?: string;
  readonly userAgent?: string;
  readonly timeout?: Milliseconds;
};

/** `namespace` is the context's, `default` where it names none; `awsRegion` where its credentials or its address come from EKS. */
export type LoadedConnection = {
  readonly connection: Connection;
  readonly namespace: string;
  readonly contextName: string;
  readonly awsRegion?: string;
};

/** Thrown for what is wrong with a kubeconfig, in words for the person who wrote it. Never holds a credential. */
export class KubeconfigProblem extends Error {
  override readonly name = "KubeconfigProblem";
}

/**
 * How to reach the cluster that a kubeconfig's context names, as the user that it names. Flags override what the files say, as kubectl has it.
 * Static credentials are read here: the KubeConfig of @kubernetes/client-node costs 0.3 to 0.4 s to import. Credential plugins (`exec`) run through
 * its `exec_auth` alone, 3 ms; only an `auth-provider` loads all of it.
 */
export async function loadConnection(options: KubeconfigOptions): Promise<LoadedConnection> {
  const config = mergeKubeconfigs(await readAll(options));
  const contextName = options.context ?? config.currentContext ?? "";
  const context = contextName === "" ? undefined : find(config.contexts, contextName, "context");
  const { cluster, user } = chosen(config, context, options);
  const server = options.server ?? cluster?.server;
  if (server === undefined || server === "") throw new KubeconfigProblem(noServer(options, contextName));
  if (cluster?.proxyUrl !== undefined) throw new KubeconfigProblem(`cluster "${context?.cluster ?? ""}" has a proxy-url, which Sluice does not support`);
  const connection: Connection = {
    server,
    ...(await trust(cluster, options)),
    ...(await credentials(user, cluster, options)),
    ...(options.userAgent !== undefined && { userAgent: options.userAgent }),
    ...(options.timeout !== undefined && { timeout: options.timeout }),
  };
  const awsRegion = awsRegionOf(user, server);
  return { connection, namespace: context?.namespace ?? "default", contextName, ...(awsRegion !== undefined && { awsRegion }) };
}

async function readAll({ kubeconfig, files = [] }: KubeconfigOptions): Promise<readonly Kubeconfig[]> {
  if (kubeconfig !== undefined && kubeconfig !== "") {
    const text = await readText(kubeconfig);
    if (text === undefined) throw new KubeconfigProblem(`stat ${kubeconfig}: no such file or directory`);
    return [parsed(text, kubeconfig)];
  }
  const texts = await Promise.all(files.map(async (file) => ({ file, text: await readText(file) })));
  return texts.flatMap(({ file, text }) => (text === undefined ? [] : [parsed(text, file)]));
}

function parsed(text: string, file: string): Kubeconfig {
  const read = parseKubeconfig(text, dirname(resolve(file)));
  if (!read.ok) throw new KubeconfigProblem(`error loading config file "${file}": ${read.problem}`);
  return read.value;
}

function chosen(
  config: Kubeconfig,
  context: KubeContext | undefined,
  options: KubeconfigOptions,
): { readonly cluster: KubeCluster | undefined; readonly user: KubeUser | undefined } {
  const clusterName = options.cluster ?? context?.cluster;
  const userName = options.user ?? context?.user;
  return {
    cluster: clusterName === undefined ? undefined : find(config.clusters, clusterName, "cluster"),
    user: userName === undefined ? undefined : find(config.users, userName, "auth info"),
  };
}

function find<Entry>(entries: ReadonlyMap<string, Entry>, name: string, what: string): Entry {
  const found = entries.get(name);
  if (found === undefined) throw new KubeconfigProblem(`${what} "${name}" does not exist`);
  return found;
}

function noServer({ kubeconfig, files = [] }: KubeconfigOptions, contextName: string): string {
  if (contextName !== "") return `context "${contextName}" has no cluster with a server`;
  const looked = kubeconfig ?? files.join(", ");
  return `no cluster is configured in ${looked === "" ? "any kubeconfig" : looked}: name a kubeconfig with --kubeconfig or KUBECONFIG, or set its current-context`;
}

async function trust(cluster: KubeCluster | undefined, options: KubeconfigOptions): Promise<Partial<Connection>> {
  const authority = options.certificateAuthority === undefined ? cluster?.certificateAuthority : { file: options.certificateAuthority };
  const insecure = options.insecure ?? cluster?.insecure ?? false;
  const serverName = options.serverName ?? cluster?.serverName;
  return {
    ...(authority !== undefined && !insecure && { certificateAuthority: await bytesOf(authority) }),
    ...(serverName !== undefined && { serverName }),
    ...(insecure && { insecure }),
  };
}

async function credentials(user: KubeUser | undefined, cluster: KubeCluster | undefined, options: KubeconfigOptions): Promise<Partial<Connection>> {
  const certificate = options.clientCertificate === undefined ? user?.clientCertificate : { file: options.clientCertificate };
  const key = options.clientKey === undefined ? user?.clientKey : { file: options.clientKey };
  const token = tokenOf(user, cluster, options);
  if (token === undefined && user?.username !== undefined)
    throw new KubeconfigProblem("a user with username and password is not supported: Kubernetes has no such login since 1.19");
  return {
    ...(certificate !== undefined && { clientCertificate: await bytesOf(certificate) }),
    ...(key !== undefined && { clientKey: await bytesOf(key) }),
    ...(token !== undefined && { token }),
  };
}

function tokenOf(user: KubeUser | undefined, cluster: KubeCluster | undefined, options: KubeconfigOptions): Connection["token"] {
  const { token } = options;
  if (token !== undefined) return async () => token;
  const tokenFile = user?.tokenFile;
  if (tokenFile !== undefined) return async () => (await bytesOf({ file: tokenFile })).toString("utf8").trim();
  const written = user?.token;
  if (written !== undefined) return async () => written;
  return user?.plugin === undefined ? undefined : pluginToken(user.plugin, cluster);
}

async function bytesOf(source: { readonly file: string } | { readonly bytes: Buffer }): Promise<Buffer> {
  if ("bytes" in source) return source.bytes;
  try {
    return await readFile(source.file);
  } catch (error) {
    throw new KubeconfigProblem(`unable to read ${source.file}: ${fileProblem(source.file, error)}`, { cause: error });
  }
}

/** The text, or undefined when there is no such file. */
async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw new KubeconfigProblem(`error loading config file "${file}": ${fileProblem(file, error)}`, { cause: error });
  }
}
