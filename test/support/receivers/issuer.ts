import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";

const PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });

/** The key of all issuers here, as they publish it. */
export const PUBLIC_KEYS = { keys: [{ ...PAIR.publicKey.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }] };
export const PUBLIC_KEY_PEM = PAIR.publicKey.export({ type: "spki", format: "pem" }).toString();

const base64 = (value: Json): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with these claims, signed as an issuer would. */
export function signedToken(claims: JsonObject, header: JsonObject = {}, key: KeyObject = PAIR.privateKey): string {
  const text = `${base64({ alg: "RS256", typ: "JWT", kid: "k1", ...header })}.${base64(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key).toString("base64url")}`;
}

/** Its signature is not its issuer's. */
export const brokenToken = (claims: JsonObject): string => signedToken(claims, {}, generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey);

/** An OpenID issuer on loopback: discovery and keys. */
export async function startIssuer(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server: Server = createServer((request, response) => {
    const url = urlOf(server);
    const documents: { readonly [path: string]: Json } = {
      "/.well-known/openid-configuration": { issuer: url, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ["RS256"] },
      "/keys": JSON.parse(JSON.stringify(PUBLIC_KEYS)),
    };
    const document = documents[request.url ?? ""];
    response.writeHead(document === undefined ? 404 : 200, { "content-type": "application/json" }).end(JSON.stringify(document ?? null));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: urlOf(server),
    stop: () =>
      new Promise((done) => {
        server.closeAllConnections();
        server.close(() => done());
      }),
  };
}

const urlOf = (server: Server): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP
