import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";

/** The text under a key of the Provider's Secret; `""` when there is none. */
export const secretText = ({ secrets }: ProviderSettings, key: string): string => (Object.hasOwn(secrets, key) ? (secrets[key]?.reveal() ?? "") : "");

export const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** What alertmanager and grafana are asked with: user and password before the token. Recorded in providers/alertmanager-both. */
export function basicOrBearer(provider: ProviderSettings): { readonly authorization?: string } {
  const [username, password, token] = [secretText(provider, "username"), secretText(provider, "password"), secretText(provider, "token")];
  if (username !== "" && password !== "") return { authorization: basic(username, password) };
  return token === "" ? {} : { authorization: `Bearer ${token}` };
}
