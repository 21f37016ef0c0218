import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { Secret } from "@sluice/engine/domain/secret.ts";
import { parseNatsSeed } from "./nkey.ts";

/** The members of CONNECT by which a client says who it is, once the server has said what to sign. */
export type SignIn = (nonce: string) => { readonly [member: string]: string };

/** What a Provider's Secret gives: a credentials file before a seed before user and password. Source: reference 4.3.1; NATS protocol, CONNECT. */
export function parseSignIn(secrets: { readonly [key: string]: Secret }): Result<SignIn> {
  const text = (key: string): string => secrets[key]?.reveal() ?? "";
  if (text("creds") !== "") return byCredentials(text("creds"));
  if (text("nkey") !== "") return bySeed(text("nkey"));
  if (text("username") !== "" && text("password") !== "") return ok(() => ({ user: text("username"), pass: text("password") }));
  return ok(() => ({}));
}

function bySeed(seed: string): Result<SignIn> {
  const key = parseNatsSeed(seed);
  if (!key.ok) return problem(`error parsing nkey seed: ${key.problem}`);
  return ok((nonce) => ({ nkey: key.value.publicKey, sig: key.value.sign(nonce) }));
}

/** A credentials file has a JWT and a seed, each between lines of dashes. Source: NATS documentation, "Credentials files". */
function byCredentials(file: string): Result<SignIn> {
  const [jwt = "", seed = ""] = fencedTexts(file);
  if (jwt === "" || seed === "") return problem("error parsing credentials: expected a JWT and a seed, each between lines of dashes");
  const key = parseNatsSeed(seed);
  if (!key.ok) return problem(`error parsing credentials: ${key.problem}`);
  return ok((nonce) => ({ jwt, sig: key.value.sign(nonce) }));
}

function fencedTexts(file: string): readonly string[] {
  const lines = file.split("\n").map((line) => line.trim());
  const fences = lines.flatMap((line, index) => (line.length >= 6 && line.startsWith("---") && line.endsWith("---") ? [index] : []));
  const openings = fences.filter((_, index) => index % 2 === 0);
  return openings.map((opening, index) =>
    lines
      .slice(opening + 1, fences[2 * index + 1] ?? opening)
      .join("\n")
      .trim(),
  );
}
