import { ok, problem, type Result } from "../../domain/result.ts";
import type { GitRepository } from "../../flux/git-repository-object.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { GitCredentials, GitTarget } from "../../ports/git-remote.ts";
import type { HttpProxy, HttpTls } from "../../ports/http-options.ts";
import { hidePassword, parseRemoteUrl, type RemoteUrl } from "../../source/remote-url.ts";
import { type SecretData, secretDataOf } from "../source/secret-data.ts";
import { tlsFor } from "../source/tls-of-secret.ts";
import { credentialsFor, gitHubAppIn, proxyIn } from "./credentials.ts";
import { failedEnd, next, type Progress, type Step, stalledEnd } from "./end.ts";

/** How to reach the repository: its URL, and what the Secrets of the object say. The order of the refusals is Flux's. Source: reference 1.2. */
export async function findAccess(cluster: Cluster, object: GitRepository, progress: Progress): Promise<Step<GitTarget>> {
  const proxy = await findProxy(cluster, object);
  if (!proxy.ok) return failedEnd("FetchFailed", "AuthenticationFailed", `failed to configure proxy options: ${proxy.problem}`, progress);
  const url = parseRemoteUrl(object.spec.url);
  if (!url.ok) return stalledEnd("URLInvalid", `failed to parse url '${hidePassword(object.spec.url)}': ${url.problem}`, "FetchFailed");
  const data = await findSecret(cluster, object);
  if (!data.ok) return failedEnd("FetchFailed", "AuthenticationFailed", data.problem, progress);
  const access = chooseAccess(object, url.value, data.value, progress);
  if (access.kind === "end") return access;
  const { timeout } = object.spec;
  return next({ url: url.value.bare, timeout, ...access.value, ...(proxy.value !== undefined && { proxy: proxy.value }) });
}

async function findProxy(cluster: Cluster, { spec, metadata }: GitRepository): Promise<Result<HttpProxy | undefined>> {
  if (spec.proxySecretRef === undefined) return ok(undefined);
  const named = `secret '${metadata.namespace}/${spec.proxySecretRef}'`;
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace: metadata.namespace, name: spec.proxySecretRef });
  if (answer.kind === "absent") return problem(`${named} not found`);
  if (answer.kind === "refused") return problem(`failed to get ${named}: ${answer.message}`);
  const proxy = proxyIn(secretDataOf(answer.object));
  return proxy.ok ? proxy : problem(`${named}: ${proxy.problem}`);
}

/** Flux names the Secret twice. Recorded in sources/secret-basic-auth. */
async function findSecret(cluster: Cluster, { spec, metadata }: GitRepository): Promise<Result<SecretData | undefined>> {
  if (spec.secretRef === undefined) return ok(undefined);
  const answer = await cluster.get({ apiVersion: "v1", kind: "Secret", namespace: metadata.namespace, name: spec.secretRef });
  if (answer.kind === "found") return ok(secretDataOf(answer.object));
  const prefix = `failed to get secret '${metadata.namespace}/${spec.secretRef}': `;
  return problem(`${prefix}${prefix}${answer.message}`);
}

type Access = { readonly credentials?: GitCredentials; readonly tls?: HttpTls };

const GATE = "to use spec.serviceAccountName for provider authentication please enable the ObjectLevelWorkloadIdentity feature gate in the controller";
const NO_APP = "secretRef with github app data must be specified when provider is set to github";

function chooseAccess({ spec, metadata }: GitRepository, url: RemoteUrl, data: SecretData | undefined, progress: Progress): Step<Access> {
  const unusable = (message: string) => failedEnd("FetchFailed", "AuthenticationFailed", `failed to configure authentication options: ${message}`, progress);
  if (url.scheme === "ssh") return withoutSsh(data, unusable);
  const basic = credentialsFor(url, data);
  if (!basic.ok) return unusable(basic.problem);
  const tls = data === undefined ? ok(undefined) : tlsFor(data);
  if (!tls.ok) return unusable(tls.problem);
  const app = data === undefined ? undefined : gitHubAppIn(data);
  const trust = tls.value === undefined ? {} : { tls: tls.value };
  if (spec.serviceAccountName !== undefined) return stalledEnd("FeatureGateDisabled", GATE, "FetchFailed");
  if (spec.provider !== "github") {
    if (app !== undefined) {
      const message = `secretRef '${metadata.namespace}/${spec.secretRef}' has github app data but provider is not set to github`;
      return failedEnd("FetchFailed", "InvalidProviderConfiguration", message, progress);
    }
    return next({ ...trust, ...(basic.value !== undefined && { credentials: basic.value }) });
  }
  if (data === undefined) return stalledEnd("InvalidProviderConfiguration", NO_APP, "FetchFailed");
  if (app === undefined) return failedEnd("FetchFailed", "InvalidProviderConfiguration", NO_APP, progress);
  return app.ok ? next({ ...trust, credentials: app.value }) : unusable(app.problem);
}

/** What Flux asks of the Secret comes first, so that a wrong one is found before ssh works. */
function withoutSsh(data: SecretData | undefined, unusable: (message: string) => Step<Access>): Step<Access> {
  const lacking = ["identity", "known_hosts"].find((key) => (data?.get(key)?.reveal() ?? "") === "");
  if (lacking !== undefined) return unusable(`invalid 'ssh' auth option: '${lacking}' is required`);
  return stalledEnd("UnsupportedField", unsupportedMessage(["spec.url (ssh)"]));
}

export const unsupportedMessage = (fields: readonly string[]): string => `not implemented yet: ${fields.join(", ")}`;
