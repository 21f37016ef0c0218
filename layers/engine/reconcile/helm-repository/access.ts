import type { Manifest } from "../../domain/manifest.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { secret } from "../../domain/secret.ts";
import type { HelmRepository } from "../../flux/helm-repository-object.ts";
import type { ChartCredentials, ChartTarget } from "../../ports/chart-repositories.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { HttpTls } from "../../ports/http-options.ts";
import { hostOf } from "../../source/helm/repository-url.ts";
import { secretDataOf } from "../source/secret-data.ts";
import { tlsFor } from "../source/tls-of-secret.ts";
import { credentialsInDockerConfig } from "./docker-config.ts";

/** What of a HelmRepository says how to reach it; a repository that only a dependency names has a URL and no more. */
export type Reachable = Pick<HelmRepository["spec"], "url" | "type" | "timeout" | "passCredentials" | "insecure" | "provider"> &
  Partial<Pick<HelmRepository["spec"], "secretRef" | "certSecretRef">>;

export type Access =
  | { readonly kind: "found"; readonly target: ChartTarget }
  /** The Secrets do not do; `message` in Flux's words. */
  | { readonly kind: "failed"; readonly message: string }
  /** It asks for what is not there yet. */
  | { readonly kind: "unsupported"; readonly field: string };

/**
 * How to reach a repository: its URL, and what the Secrets that it names say. `url` is the one that is asked, with or without a slash at its end.
 * Source: reference 0.8, 1.4; source-controller, GetClientOpts.
 */
export async function findChartAccess(cluster: Cluster, namespace: string, spec: Reachable, url: string): Promise<Access> {
  const certificates = await findCertificates(cluster, namespace, spec);
  if (!certificates.ok) return { kind: "failed", message: certificates.problem };
  const given = await findSecret(cluster, namespace, spec.secretRef, "authentication secret");
  if (!given.ok) return { kind: "failed", message: given.problem };
  const found = given.value === undefined ? ok(NO_ACCESS) : accessIn(given.value, spec, url);
  if (!found.ok) return { kind: "failed", message: found.problem };
  const own = cloudCredentials(spec);
  if (own === "unsupported") return { kind: "unsupported", field: `spec.provider (${spec.provider})` };
  const credentials = found.value.credentials ?? own;
  const tls = certificates.value ?? found.value.tls;
  const { passCredentials, insecure, timeout } = spec;
  return {
    kind: "found",
    target: { url, passCredentials, insecure, timeout, ...(credentials !== undefined && { credentials }), ...(tls !== undefined && { tls }) },
  };
}

/** A registry of a cloud is asked with rights of our own only where no Secret is named. */
function cloudCredentials({ type, secretRef, provider }: Reachable): ChartCredentials | "unsupported" | undefined {
  if (type !== "oci" || secretRef !== undefined || provider === "generic") return undefined;
  return provider === "aws" ? { kind: "aws" } : "unsupported";
}

async function findSecret(cluster: Cluster, namespace: string, name: string | undefined, what: string): Promise<Result<Manifest | undefined>> {
  if (name === undefined) return ok(undefined);
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace, name });
  return answer.kind === "found" ? ok(answer.object) : problem(`failed to get ${what} '${namespace}/${name}': ${answer.message}`);
}

async function findCertificates(cluster: Cluster, namespace: string, { certSecretRef }: Reachable): Promise<Result<HttpTls | undefined>> {
  const found = await findSecret(cluster, namespace, certSecretRef, "TLS authentication secret");
  if (!found.ok || found.value === undefined) return found.ok ? ok(undefined) : found;
  const tls = tlsFor(secretDataOf(found.value));
  const named = `secret '${namespace}/${certSecretRef}'`;
  if (!tls.ok) return problem(`failed to construct Helm client's TLS config: ${named}: ${tls.problem}`);
  if (tls.value !== undefined) return tls;
  return problem(`failed to construct Helm client's TLS config: ${named} must contain either 'ca.crt' or both 'tls.crt' and 'tls.key'`);
}

type InSecret = { readonly credentials?: ChartCredentials; readonly tls?: HttpTls };
const NO_ACCESS: InSecret = {};

/** TLS keys beside user and password are an old way of saying what `certSecretRef` says; wrong ones count as not given. */
function accessIn(manifest: Manifest, spec: Reachable, url: string): Result<InSecret> {
  const credentials = spec.type === "oci" ? registryCredentials(manifest, url) : basicCredentials(manifest);
  if (!credentials.ok) return credentials;
  const tls = tlsFor(secretDataOf(manifest));
  return ok({ ...(credentials.value !== undefined && { credentials: credentials.value }), ...(tls.ok && tls.value !== undefined && { tls: tls.value }) });
}

function basicCredentials(manifest: Manifest): Result<ChartCredentials | undefined> {
  const data = secretDataOf(manifest);
  const username = data.get("username")?.reveal();
  const password = data.get("password");
  if (username === undefined && password === undefined) return ok(undefined);
  const { namespace, name } = manifest.metadata;
  const malformed = (has: string, lacks: string) =>
    problem(`failed to detect authentication methods: secret '${namespace}/${name}': malformed basic auth - has '${has}' but missing '${lacks}'`);
  if (password === undefined) return malformed("username", "password");
  if (username === undefined) return malformed("password", "username");
  // Helm leaves them out when one of them is empty.
  return ok(username === "" || password.reveal() === "" ? undefined : { kind: "basic", username, password });
}

function registryCredentials(manifest: Manifest, url: string): Result<ChartCredentials | undefined> {
  const name = manifest.metadata.name ?? "";
  const data = secretDataOf(manifest);
  const failed = (words: string) => problem(`failed to configure OCI registry authentication: ${words}`);
  if (manifest.type === "kubernetes.io/dockerconfigjson") {
    const found = credentialsInDockerConfig(data.get(".dockerconfigjson") ?? secret(""), hostOf(url), name);
    return found.ok ? found : failed(found.problem);
  }
  const both = basicCredentials(manifest);
  if (!both.ok) return both;
  const username = data.get("username")?.reveal() ?? "";
  const password = data.get("password")?.reveal() ?? "";
  if ((username === "") !== (password === "")) return failed(`invalid '${name}' secret data: required fields 'username' and 'password'`);
  return both;
}
