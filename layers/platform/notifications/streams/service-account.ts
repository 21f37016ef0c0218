import { type KeyObject, sign } from "node:crypto";
import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { parsePrivateKey } from "../../keys/private-key.ts";

/** The key of a Google service account, as Google hands it out in a JSON file. */
export type ServiceAccount = {
  readonly email: string;
  readonly keyId: string;
  readonly key: KeyObject;
  readonly tokenUri: string;
  /** `googleapis.com`, but in clouds of their own. */
  readonly universe: string;
};

/** Problems show nothing of the text. Source: Google Cloud, "Service account keys". */
export function parseServiceAccount(text: string): Result<ServiceAccount> {
  const json = parseJson(text);
  if (!isObject(json)) return problem("google: expected the JSON of a service account's key");
  const field = (name: string, otherwise = ""): string => (typeof json[name] === "string" ? json[name] : otherwise);
  if (field("type") !== "service_account") return problem("google: expected a key of type service_account");
  const key = parsePrivateKey(field("private_key"));
  if (key?.asymmetricKeyType !== "rsa") return problem("google: private_key is not a private key in PEM");
  const [email, tokenUri] = [field("client_email"), field("token_uri", "https://oauth2.googleapis.com/token")];
  if (email === "") return problem("google: client_email is missing");
  return ok({ email, keyId: field("private_key_id"), key, tokenUri, universe: field("universe_domain", "googleapis.com") });
}

const LIFE_SECONDS = 3600;

/** What is exchanged for an access token, good for an hour from `seconds`. Source: Google Identity, "Using OAuth 2.0 for Server to Server Applications". */
export function signAssertion({ email, keyId, key, tokenUri }: ServiceAccount, scope: string, seconds: number): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: email, scope, aud: tokenUri, iat: seconds, exp: seconds + LIFE_SECONDS };
  const text = `${part({ alg: "RS256", typ: "JWT", ...(keyId !== "" && { kid: keyId }) })}.${part(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
