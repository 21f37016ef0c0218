import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { GitFailure, GitHubApp } from "@sluice/engine/ports/git-remote.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import { secretText } from "../posting/authorization.ts";
import type { ApiFailure } from "./exchange.ts";

/** Undefined where the Secret is not about a GitHub App. Source: reference 0.8. */
export function gitHubAppOf(provider: ProviderSettings): Result<GitHubApp> | undefined {
  const text = (key: string): string => secretText(provider, key).trim();
  const appId = text("githubAppID");
  if (appId === "") return undefined;
  const id = text("githubAppInstallationID");
  const owner = text("githubAppInstallationOwner");
  const privateKey = provider.secrets.githubAppPrivateKey;
  if (id === "" && owner === "") return problem("app installation owner or ID must be provided to use github app authentication");
  if (id !== "" && owner !== "") return problem("only one of app installation owner or ID must be provided to use github app authentication");
  if (privateKey === undefined || privateKey.reveal() === "") return problem("private key must be provided to use github app authentication");
  const baseUrl = text("githubAppBaseURL").replace(/\/+$/, "");
  return ok({
    kind: "github-app",
    appId,
    installation: id !== "" ? { kind: "id", id } : { kind: "owner", owner },
    privateKey,
    ...(baseUrl !== "" && { baseUrl }),
  });
}

/** What a notification ends with when GitHub gives no token, or not now. */
export function appFailure({ why, message }: GitFailure, { done }: Notification): ApiFailure {
  switch (why) {
    case "unreachable":
    case "timeout":
    case "rate-limited":
    case "protocol":
      return { kind: "unavailable", prefix: "", request: "the token of the GitHub App:", why: message, problem: message, done };
    case "not-found":
    case "authentication":
    case "credentials":
    case "forbidden":
    case "too-large":
      return { kind: "misconfigured", message };
  }
}
