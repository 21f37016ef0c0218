import { ok, problem, type Result } from "../../domain/result.ts";
import { secret } from "../../domain/secret.ts";
import type { GitCredentials, GitHubApp } from "../../ports/git-remote.ts";
import type { HttpProxy } from "../../ports/http-options.ts";
import type { RemoteUrl } from "../../source/remote-url.ts";
import type { SecretData } from "../source/secret-data.ts";

const NOTHING: SecretData = { get: () => undefined };

/** `bearerToken` wins over user name and password, also when it is empty; then what stands in the URL. Source: reference 0.8, 1.2. */
export function credentialsFor(url: RemoteUrl, data: SecretData = NOTHING): Result<GitCredentials | undefined> {
  const token = data.get("bearerToken");
  if (token !== undefined) return ok({ kind: "bearer", token });
  const given = data.get("username")?.reveal() ?? "";
  const password = data.get("password");
  if (given === "" && password !== undefined && password.reveal() !== "") {
    return problem(`invalid '${url.scheme}' auth option: 'password' requires 'username' to be set`);
  }
  if (given !== "") return ok({ kind: "basic", username: given, password: password ?? secret("") });
  if (url.username === undefined) return ok(undefined);
  return ok({ kind: "basic", username: url.username, password: secret(url.password ?? "") });
}

/** Undefined where the Secret is not about a GitHub App. Source: reference 0.8. */
export function gitHubAppIn(data: SecretData): Result<GitHubApp> | undefined {
  const text = (key: string): string => data.get(key)?.reveal().trim() ?? "";
  const appId = text("githubAppID");
  if (appId === "") return undefined;
  const id = text("githubAppInstallationID");
  const owner = text("githubAppInstallationOwner");
  const privateKey = data.get("githubAppPrivateKey");
  if (id === "" && owner === "") return problem("app installation owner or ID must be provided to use github app authentication");
  if (id !== "" && owner !== "") return problem("only one of app installation owner or ID must be provided to use github app authentication");
  if (privateKey === undefined || privateKey.reveal() === "") return problem("private key must be provided to use github app authentication");
  const baseUrl = text("githubAppBaseURL");
  return ok({
    kind: "github-app",
    appId,
    installation: id !== "" ? { kind: "id", id } : { kind: "owner", owner },
    privateKey,
    ...(baseUrl !== "" && { baseUrl }),
  });
}

const MAX_ADDRESS = 2048;

/** Source: reference 0.8. */
export function proxyIn(data: SecretData): Result<HttpProxy> {
  const address = data.get("address")?.reveal() ?? "";
  if (address === "") return problem("key 'address' not found");
  if (address.length > MAX_ADDRESS) return problem(`the address is longer than ${MAX_ADDRESS} characters`);
  if (!/^(https?|socks5):\/\/[^/]/i.test(address)) return problem("the address is no http, https or socks5 URL");
  const username = data.get("username")?.reveal() ?? "";
  const password = data.get("password");
  return ok({ address, ...(username !== "" && { username }), ...(password !== undefined && { password }) });
}
