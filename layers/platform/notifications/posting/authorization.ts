import type { ProviderSettings } from "@sluice/engine/ports/notifier.ts";

/** The text under a key of the Provider's Secret; `""` when there is none. */
export const secretText = ({ secrets }: ProviderSettings, key: string): string => (Object.hasOwn(secrets, key) ? (secrets[key]?.reveal() ?? "") : "");

export const basic = (username: string, password: string): string => `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** A user with a password, else a token; the token first where `first` says so. */
export function basicOrBearer(provider: ProviderSettings, first: "basic" | "bearer"): { readonly authorization?: string } {
  const [username, password, token] = [secretText(provider, "username"), secretText(provider, "password"), secretText(provider, "token")];
  const user = username === "" || password === "" ? undefined : basic(username, password);
  const bearer = token === "" ? undefined : `Bearer ${token}`;
  const authorization = first === "basic" ? (user ?? bearer) : (bearer ?? user);
  return authorization === undefined ? {} : { authorization };
}
