import { STATUS_CODES } from "node:http";
import type { Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Notification, ProviderSettings } from "@sluice/engine/ports/notifier.ts";
import type { HttpAnswer } from "../../http/exchange.ts";
import { secretText } from "../posting/authorization.ts";
import type { SenderWorld } from "../sender.ts";
import { type Api, type ApiFailure, type Asked, ask, textOf } from "./exchange.ts";
import { parseRepositoryAddress, partsOf } from "./repository-address.ts";

export type GiteaAccess = {
  readonly api: string;
  /** `/repos/acme/shop`. */
  readonly path: string;
  readonly token: string;
};

/** A token, or a password in its place. Source: reference 4.3.2, recorded in providers/gitea-*. */
export function giteaAccess(provider: ProviderSettings): Result<GiteaAccess> {
  const token = secretText(provider, "token") || secretText(provider, "password");
  if (token === "") return problem("gitea token cannot be empty");
  const address = parseRepositoryAddress(provider.address);
  if (!address.ok) return address;
  const parts = partsOf(address.value, 2);
  if (!parts.ok) return parts;
  return ok({ api: `${address.value.origin}/api/v1`, path: `/repos/${parts.value.map(encodeURIComponent).join("/")}`, token });
}

/** Gitea's own client asks for the version before anything else. Certificates and the proxy are both heeded. */
export async function connectGitea(
  { api: url, token }: GiteaAccess,
  { provider: { tls, proxy }, done }: Notification,
  world: SenderWorld,
): Promise<Connected | ApiFailure> {
  const api: Api = {
    world,
    url,
    headers: {},
    authorization: `token ${token}`,
    secrets: [],
    ...(tls !== undefined && { tls }),
    ...(proxy !== undefined && { proxy }),
    words,
    done,
  };
  const version = await ask(api, { path: "/version", failing: "failed creating Gitea client: ", isSetUp: true });
  return version.kind === "answered" ? { kind: "connected", api } : version;
}

type Connected = { readonly kind: "connected"; readonly api: Api };

/** What Gitea says, else the status and what came with it. */
function words(_: Asked, { status, body }: HttpAnswer, json: Json | undefined): string {
  return textOf(json, "message") || `${status} ${STATUS_CODES[status] ?? ""}: ${Buffer.from(body).toString().trim()}`;
}
