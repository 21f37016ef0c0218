import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { secretText } from "../posting/authorization.ts";
import type { SenderWorld } from "../sender.ts";
import type { Api, Asked } from "./exchange.ts";
import { parseRepositoryAddress, partsOf } from "./repository-address.ts";

export type GitLabAccess = {
  readonly api: string;
  /** `/projects/acme%2Fteam%2Fshop`: groups nest. */
  readonly path: string;
  readonly token: string;
};

/** A token, or a password in its place. Source: reference 4.3.2, recorded in providers/gitlab-*. */
export function gitLabAccess(provider: ProviderSettings): Result<GitLabAccess> {
  const token = secretText(provider, "token") || secretText(provider, "password");
  if (token === "") return problem("gitlab token cannot be empty");
  const address = parseRepositoryAddress(provider.address);
  if (!address.ok) return address;
  const parts = partsOf(address.value);
  if (!parts.ok) return parts;
  const { origin, id } = address.value;
  // GitLab would take what follows a dot for a format.
  return ok({ api: `${origin}/api/v4`, path: `/projects/${encodeURIComponent(id).replaceAll(".", "%2E")}`, token });
}

/** proxySecretRef is not heeded. Source: providers/transport.yaml. */
export function gitLabApi({ api, token }: GitLabAccess, { provider: { tls }, done }: Notification, world: SenderWorld): Api {
  return { world, url: api, headers: { accept: "application/json", "private-token": token }, secrets: [token], ...(tls !== undefined && { tls }), words, done };
}

/** As GitLab's client for Go says it, without the query: `POST https://…: 403 {message: 403 Forbidden}`. */
function words({ method, url }: Asked, { status, body }: HttpAnswer, json: Json | undefined): string {
  if (status === 404) return "404 Not Found";
  const text = Buffer.from(body).toString().trim();
  const message = text === "" ? "" : ` ${json === undefined ? `failed to parse unknown error format: ${text}` : errorWords(json)}`;
  return `${method} ${decodeURIComponent(url.replace(/\?.*$/, ""))}: ${status}${message}`;
}

/** No deeper than any error of GitLab's is. */
function errorWords(error: Json, depth = 0): string {
  if (typeof error === "string") return error;
  if (depth > 8) return "…";
  if (isArray(error)) return `[${error.map((each) => errorWords(each, depth + 1)).join(", ")}]`;
  if (!isObject(error)) return `failed to parse unexpected error type: ${error === null ? "<nil>" : typeof error === "number" ? "float64" : "bool"}`;
  const parts = Object.entries(error).map(([key, value]) => `{${key}: ${errorWords(value, depth + 1)}}`);
  return parts.toSorted((a, b) => (a < b ? -1 : 1)).join(", ");
}
