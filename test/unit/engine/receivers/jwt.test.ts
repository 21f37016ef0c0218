import { createHmac, generateKeyPairSync, type KeyObject, type SignKeyObjectInput, sign } from "node:crypto";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { JsonDocuments } from "@sluice/engine/ports/json-documents.ts";
import { discoverIssuer } from "@sluice/engine/receivers/jwt/discover-issuer.ts";
import { bearerToken, parseToken } from "@sluice/engine/receivers/jwt/token.ts";
import { verifyToken } from "@sluice/engine/receivers/jwt/verify-token.ts";
import { describe, expect, it } from "vitest";

const NOW = 1_800_000_000_000;
const CLAIMS = { iss: "https://issuer.example.com", aud: "us", sub: "s", exp: NOW / 1000 + 60 };
const KEYS_URL = "https://issuer.example.com/keys";
const ALL = ["none", "HS256", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

const RSA = generateKeyPairSync("rsa", { modulusLength: 2048 });
const SMALL_RSA = generateKeyPairSync("rsa", { modulusLength: 1024 });
const P256 = generateKeyPairSync("ec", { namedCurve: "P-256" });
const P384 = generateKeyPairSync("ec", { namedCurve: "P-384" });
const P521 = generateKeyPairSync("ec", { namedCurve: "P-521" });
const ED = generateKeyPairSync("ed25519");

const part = (value: Json): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwkOf = (key: KeyObject, more: JsonObject = {}): Json => JSON.parse(JSON.stringify({ ...key.export({ format: "jwk" }), ...more }));

type Signing = { readonly key: KeyObject; readonly hash?: string; readonly options?: Omit<SignKeyObjectInput, "key"> };
const SIGNINGS: { readonly [algorithm: string]: Signing } = {
  RS256: { key: RSA.privateKey, hash: "sha256" },
  RS384: { key: RSA.privateKey, hash: "sha384" },
  RS512: { key: RSA.privateKey, hash: "sha512" },
  PS256: { key: RSA.privateKey, hash: "sha256", options: { padding: 6, saltLength: 32 } },
  PS384: { key: RSA.privateKey, hash: "sha384", options: { padding: 6, saltLength: 48 } },
  PS512: { key: RSA.privateKey, hash: "sha512", options: { padding: 6, saltLength: 64 } },
  ES256: { key: P256.privateKey, hash: "sha256", options: { dsaEncoding: "ieee-p1363" } },
  ES384: { key: P384.privateKey, hash: "sha384", options: { dsaEncoding: "ieee-p1363" } },
  ES512: { key: P521.privateKey, hash: "sha512", options: { dsaEncoding: "ieee-p1363" } },
  EdDSA: { key: ED.privateKey },
};
const PUBLIC: { readonly [algorithm: string]: KeyObject } = {
  RS: RSA.publicKey,
  PS: RSA.publicKey,
  ES256: P256.publicKey,
  ES384: P384.publicKey,
  ES512: P521.publicKey,
  EdDSA: ED.publicKey,
};
const publicFor = (algorithm: string): KeyObject => PUBLIC[algorithm] ?? PUBLIC[algorithm.slice(0, 2)] ?? RSA.publicKey;

function tokenOf(algorithm: string, { claims = CLAIMS, header = {}, signing }: { claims?: Json; header?: JsonObject; signing?: Signing } = {}): string {
  const { key, hash, options } = signing ?? SIGNINGS[algorithm] ?? { key: RSA.privateKey, hash: "sha256" };
  const text = `${part({ alg: algorithm, ...header })}.${part(claims)}`;
  return `${text}.${sign(hash, Buffer.from(text), { ...options, key }).toString("base64url")}`;
}

function documentsOf(...sets: readonly (readonly Json[])[]): JsonDocuments & { readonly asked: string[] } {
  const asked: string[] = [];
  let fetched = 0;
  return {
    asked,
    get: async (url, { fresh = false } = {}) => {
      asked.push(`${url}${fresh ? " fresh" : ""}`);
      if (fresh) fetched = Math.min(fetched + 1, sets.length - 1);
      return { kind: "found", document: { keys: sets[fetched] ?? [] } };
    },
  };
}

async function verdict(text: string, keys: readonly Json[], algorithms = ALL): Promise<string> {
  const token = parseToken(text);
  if (!token.ok) return token.problem;
  const verified = await verifyToken(token.value, { keysUrl: KEYS_URL, algorithms }, { documents: documentsOf(keys), now: epochMs(NOW) });
  return verified.ok ? "accepted" : verified.problem;
}

const NOT_ALLOWED = "the token is signed in a way that is not allowed";
const NOT_ITS_ISSUERS = "the signature of the token is not its issuer's";
const UNTIMELY = "the token has expired, or does not say when";

describe("tokens of issuers", () => {
  it.each(Object.keys(SIGNINGS))("%s is verified with the key of its kind", async (algorithm) => {
    expect(await verdict(tokenOf(algorithm), [jwkOf(publicFor(algorithm))])).toBe("accepted");
  });

  it.each(Object.keys(SIGNINGS))("%s is not accepted of an issuer that does not use it", async (algorithm) => {
    expect(
      await verdict(
        tokenOf(algorithm),
        [jwkOf(publicFor(algorithm))],
        ["RS256", "ES256"].filter((name) => name !== algorithm),
      ),
    ).toBe(NOT_ALLOWED);
  });

  it.each(Object.keys(SIGNINGS))("%s over other claims is refused", async (algorithm) => {
    const [header = "", , signature = ""] = tokenOf(algorithm).split(".");
    expect(await verdict(`${header}.${part({ ...CLAIMS, sub: "eve" })}.${signature}`, [jwkOf(publicFor(algorithm))])).toBe(NOT_ITS_ISSUERS);
  });

  const hmacWith = (key: string | Uint8Array, header: JsonObject = {}): string => {
    const text = `${part({ alg: "HS256", ...header })}.${part(CLAIMS)}`;
    return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
  };
  const pem = RSA.publicKey.export({ type: "spki", format: "pem" }).toString();
  const der = RSA.publicKey.export({ type: "spki", format: "der" });

  it.each<{ name: string; token: string; keys?: readonly Json[]; want: string }>([
    { name: "no signature, and saying so", token: `${part({ alg: "none" })}.${part(CLAIMS)}.AA`, want: NOT_ALLOWED },
    { name: "no signature at all", token: `${part({ alg: "none" })}.${part(CLAIMS)}.`, want: "the token is no JWT" },
    { name: "none in other letters", token: `${part({ alg: "NoNe" })}.${part(CLAIMS)}.AA`, want: NOT_ALLOWED },
    { name: "key confusion: an HMAC with the public key's PEM", token: hmacWith(pem), want: NOT_ALLOWED },
    { name: "key confusion: an HMAC with the public key's bytes", token: hmacWith(der), want: NOT_ALLOWED },
    { name: "an HMAC with a key that the issuer publishes", token: hmacWith("k"), keys: [{ kty: "oct", k: "aw" }], want: NOT_ALLOWED },
    { name: "ES256 with an RSA key", token: tokenOf("ES256"), want: NOT_ITS_ISSUERS },
    { name: "RS256 with a key of another curve", token: tokenOf("RS256"), keys: [jwkOf(P256.publicKey)], want: NOT_ITS_ISSUERS },
    {
      name: "ES256 signed with P-384",
      token: tokenOf("ES256", { signing: { ...SIGNINGS.ES384, key: P384.privateKey, hash: "sha256" } }),
      keys: [jwkOf(P384.publicKey)],
      want: NOT_ITS_ISSUERS,
    },
    {
      name: "a signature of an issuer's own key in the header",
      token: tokenOf("RS256", { header: { jwk: jwkOf(SMALL_RSA.publicKey) }, signing: { key: SMALL_RSA.privateKey, hash: "sha256" } }),
      want: NOT_ITS_ISSUERS,
    },
    {
      name: "a key that is too small",
      token: tokenOf("RS256", { signing: { key: SMALL_RSA.privateKey, hash: "sha256" } }),
      keys: [jwkOf(SMALL_RSA.publicKey)],
      want: NOT_ITS_ISSUERS,
    },
    { name: "a key for encryption", token: tokenOf("RS256"), keys: [jwkOf(RSA.publicKey, { use: "enc" })], want: NOT_ITS_ISSUERS },
    { name: "a key for another algorithm", token: tokenOf("RS256"), keys: [jwkOf(RSA.publicKey, { alg: "PS256" })], want: NOT_ITS_ISSUERS },
    { name: "a key of another name", token: tokenOf("RS256", { header: { kid: "a" } }), keys: [jwkOf(RSA.publicKey, { kid: "b" })], want: NOT_ITS_ISSUERS },
    {
      name: "keys that are none",
      token: tokenOf("RS256"),
      keys: [null, 1, "x", [], {}, { kty: "RSA" }, { kty: "RSA", n: 1, e: {} }, { kty: "RSA", n: "", e: "" }],
      want: NOT_ITS_ISSUERS,
    },
    {
      name: "something critical that we do not understand",
      token: tokenOf("RS256", { header: { crit: ["b64"], b64: false } }),
      want: "the header of the token is not understood",
    },
    { name: "an empty signature part of blanks", token: `${part({ alg: "RS256" })}.${part(CLAIMS)}. `, want: "the token is no JWT" },
    { name: "claims that are a list", token: tokenOf("RS256", { claims: [1] }), want: "the token is no JWT" },
    { name: "four parts", token: `${tokenOf("RS256")}.AA`, want: "the token is no JWT" },
    { name: "padding", token: `${tokenOf("RS256")}==`, want: "the token is no JWT" },
    { name: "more than anybody sends", token: "a".repeat(16_385), want: "the token is too long" },
    { name: "no algorithm", token: `${part({ typ: "JWT" })}.${part(CLAIMS)}.AA`, want: "the header of the token is not understood" },
    { name: "an algorithm of every object", token: `${part({ alg: "constructor" })}.${part(CLAIMS)}.AA`, want: NOT_ALLOWED },
  ])("$name: refused", async ({ token, keys = [jwkOf(RSA.publicKey)], want }) => {
    expect(await verdict(token, keys, [...ALL, "NoNe", "constructor"])).toBe(want);
  });

  it.each<{ name: string; times: JsonObject; want: string }>([
    { name: "ends in a moment", times: { exp: NOW / 1000 + 0.001 }, want: "accepted" },
    { name: "ends now", times: { exp: NOW / 1000 }, want: UNTIMELY },
    { name: "has ended", times: { exp: NOW / 1000 - 3600 }, want: UNTIMELY },
    { name: "never ends", times: {}, want: UNTIMELY },
    { name: "ends at a text", times: { exp: `${NOW}` }, want: UNTIMELY },
    { name: "ends at infinity", times: { exp: null }, want: UNTIMELY },
    { name: "begins in five minutes, by a clock that goes ahead", times: { exp: NOW / 1000 + 3600, nbf: NOW / 1000 + 300 }, want: "accepted" },
    { name: "begins later", times: { exp: NOW / 1000 + 3600, nbf: NOW / 1000 + 301 }, want: "the token is not valid yet" },
    { name: "begins at a text", times: { exp: NOW / 1000 + 3600, nbf: "0" }, want: "the token is not valid yet" },
  ])("a token that $name: $want", async ({ times, want }) => {
    expect(await verdict(tokenOf("RS256", { claims: { iss: CLAIMS.iss, ...times } }), [jwkOf(RSA.publicKey)])).toBe(want);
  });

  it("a key that the issuer has made since is found by asking anew, once", async () => {
    const documents = documentsOf([jwkOf(P256.publicKey)], [jwkOf(P256.publicKey), jwkOf(RSA.publicKey, { kid: "new" })]);
    const token = parseToken(tokenOf("RS256", { header: { kid: "new" } }));
    if (!token.ok) throw new Error(token.problem);
    const verified = await verifyToken(token.value, { keysUrl: KEYS_URL, algorithms: ["RS256"] }, { documents, now: epochMs(NOW) });
    expect([verified.ok, documents.asked]).toEqual([true, [KEYS_URL, `${KEYS_URL} fresh`]]);
  });

  it("what is refused by its header or its time asks nobody for keys", async () => {
    const documents = documentsOf([]);
    for (const text of [tokenOf("HS256"), tokenOf("RS256", { claims: { exp: 0 } })]) {
      const token = parseToken(text);
      if (token.ok) await verifyToken(token.value, { keysUrl: KEYS_URL, algorithms: ALL }, { documents, now: epochMs(NOW) });
    }
    expect(documents.asked).toEqual([]);
  });

  it.each([
    ["the document is no set", { kind: "found", document: [1] }, "the keys of the issuer are no JWK set"],
    ["nobody answers", { kind: "failed", message: "refused" }, "the keys of the issuer could not be read: refused"],
  ] as const)("%s: refused", async (_, answer, want) => {
    const token = parseToken(tokenOf("RS256"));
    if (!token.ok) throw new Error(token.problem);
    const verified = await verifyToken(token.value, { keysUrl: KEYS_URL, algorithms: ALL }, { documents: { get: async () => answer }, now: epochMs(NOW) });
    expect(verified).toEqual({ ok: false, problem: want });
  });
});

describe("the header Authorization", () => {
  it.each([
    ["Bearer a.b", "the token is no JWT"],
    ["bearer a.b.c", "the header Authorization is missing, or no bearer's"],
    ["Basic a.b.c", "the header Authorization is missing, or no bearer's"],
    ["", "the header Authorization is missing, or no bearer's"],
  ])("%j: %s", (authorization, want) => {
    expect(bearerToken({ headers: { authorization }, body: new Uint8Array() })).toEqual({ ok: false, problem: want });
  });
});

describe("issuers", () => {
  const ISSUER = "https://issuer.example.com";
  const found = async (document: Json, url = ISSUER): Promise<unknown> => {
    const asked: string[] = [];
    const get: JsonDocuments["get"] = async (at) => {
      asked.push(at);
      return { kind: "found", document };
    };
    return { asked, answer: await discoverIssuer({ get }, url) };
  };
  const good = { issuer: ISSUER, jwks_uri: KEYS_URL };

  it.each<{ name: string; document: Json; want: unknown }>([
    { name: "RS256 where it does not say", document: good, want: { ok: true, value: { keysUrl: KEYS_URL, algorithms: ["RS256"] } } },
    {
      name: "what it says",
      document: { ...good, id_token_signing_alg_values_supported: ["ES256", 1] },
      want: { ok: true, value: { keysUrl: KEYS_URL, algorithms: ["ES256"] } },
    },
    { name: "another name", document: { ...good, issuer: `${ISSUER}/` }, want: { ok: false, problem: "the issuer calls itself something else" } },
    { name: "no keys", document: { issuer: ISSUER }, want: { ok: false, problem: "the issuer says nothing of its keys" } },
    { name: "keys in a file", document: { ...good, jwks_uri: "file:///etc/passwd" }, want: { ok: false, problem: "the issuer says nothing of its keys" } },
    { name: "a list", document: [good], want: { ok: false, problem: "the issuer calls itself something else" } },
  ])("$name", async ({ document, want }) => {
    expect(await found(document)).toEqual({ asked: [`${ISSUER}/.well-known/openid-configuration`], answer: want });
  });

  it("a slash at the end is not doubled, and is a part of the name", async () => {
    expect(await found({ ...good, issuer: `${ISSUER}/` }, `${ISSUER}/`)).toMatchObject({
      asked: [`${ISSUER}/.well-known/openid-configuration`],
      answer: { ok: true },
    });
  });
});
