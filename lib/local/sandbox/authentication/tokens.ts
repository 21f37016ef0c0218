import { createHash, generateKeyPairSync, randomUUID, sign, verify } from "node:crypto";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import type { User } from "../http/request.ts";
import type { Store } from "../storage/store.ts";
import { serviceAccountUser } from "./service-account.ts";

export const ISSUER = "https://kubernetes.default.svc";

export type BoundObject = { readonly kind: "Pod" | "Secret"; readonly name: string; readonly uid: string };

export type TokenGrant = {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly audiences: readonly string[];
  readonly seconds: number;
  readonly bound?: BoundObject;
};

export type TokenReview =
  | { readonly kind: "valid"; readonly user: User; readonly audiences: readonly string[] }
  /** `problem` as TokenReview shows it; never more than that, and never the token. */
  | { readonly kind: "invalid"; readonly problem: string };

export type TokenIssuer = {
  issue(grant: TokenGrant): string;
  /** `audiences`: at least one of them must be the token's; without any, the API server's own. */
  verify(token: string, audiences?: readonly string[]): TokenReview;
  /** The public key as a JSON Web Key Set. */
  keys(): JsonObject;
};

const serviceAccounts = { group: "", plural: "serviceaccounts" };
const invalid: TokenReview = { kind: "invalid", problem: "invalid bearer token" };

/**
 * Signs and checks service account tokens (JWT, ES256) with a key of its own. A token is good as long as its service account, and the
 * object that it is bound to, are there with the same uid. Source: serviceaccount token authenticator.
 */
export function createTokenIssuer({ store, now }: { readonly store: Pick<Store, "get">; readonly now: () => EpochMs }): TokenIssuer {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyId = createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");
  const signature = (text: string): Buffer => sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  const isOurs = (text: string, given: Buffer): boolean => verify("sha256", Buffer.from(text), { key: publicKey, dsaEncoding: "ieee-p1363" }, given);
  const isThere = (plural: string, claims: Claims, name: string, uid: string): boolean =>
    store.get({ group: "", plural }, claims.namespace, name)?.metadata.uid === uid;

  return {
    issue: ({ namespace, name, uid, audiences, seconds, bound }) => {
      const issued = Math.floor(now() / 1000);
      const place = {
        namespace,
        serviceaccount: { name, uid },
        ...(bound !== undefined && { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
      };
      const body = {
        aud: [...audiences],
        exp: issued + seconds,
        iat: issued,
        iss: ISSUER,
        jti: randomUUID(),
        "kubernetes.io": place,
        nbf: issued,
        sub: `system:serviceaccount:${namespace}:${name}`,
      };
      const text = `${encode({ alg: "ES256", kid: keyId })}.${encode(body)}`;
      return `${text}.${signature(text).toString("base64url")}`;
    },

    verify: (token, audiences = [ISSUER]) => {
      const [head, body, seal, ...more] = token.split(".");
      if (head === undefined || body === undefined || seal === undefined || more.length > 0) return invalid;
      if (!isOurs(`${head}.${body}`, Buffer.from(seal, "base64url"))) return invalid;
      const claims = parseClaims(Buffer.from(body, "base64url").toString());
      const seconds = now() / 1000;
      if (claims === undefined || claims.expires <= seconds || claims.notBefore > seconds + 1) return invalid;
      const matching = audiences.filter((audience) => claims.audiences.includes(audience));
      if (matching.length === 0) return { kind: "invalid", problem: wrongAudience(claims.audiences, audiences) };
      if (!isThere(serviceAccounts.plural, claims, claims.name, claims.uid)) return invalid;
      if (claims.bound !== undefined && !isThere(claims.bound.plural, claims, claims.bound.name, claims.bound.uid)) return invalid;
      const extra = { "authentication.kubernetes.io/credential-id": [`JTI=${claims.id}`], ...podExtra(claims) };
      return { kind: "valid", user: { ...serviceAccountUser(claims.namespace, claims.name), uid: claims.uid, extra }, audiences: matching };
    },

    keys: () => {
      const { x = "", y = "" } = publicKey.export({ format: "jwk" });
      return { keys: [{ use: "sig", kty: "EC", kid: keyId, crv: "P-256", alg: "ES256", x, y }] };
    },
  };
}

const encode = (value: Json): string => Buffer.from(JSON.stringify(value)).toString("base64url");

const list = (items: readonly string[]): string => `[${items.map((item) => JSON.stringify(item)).join(" ")}]`;
const wrongAudience = (had: readonly string[], wanted: readonly string[]): string =>
  `[invalid bearer token, token audiences ${list(had)} is invalid for the target audiences ${list(wanted)}]`;

type Named = { readonly plural: string; readonly name: string; readonly uid: string };
type Claims = {
  readonly id: string;
  readonly audiences: readonly string[];
  readonly expires: number;
  readonly notBefore: number;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly bound: Named | undefined;
};

const podExtra = ({ bound }: Claims): { readonly [key: string]: readonly string[] } =>
  bound?.plural === "pods" ? { "authentication.kubernetes.io/pod-name": [bound.name], "authentication.kubernetes.io/pod-uid": [bound.uid] } : {};

/** The claims of a token whose signature is ours; undefined when they are not those of a service account. */
function parseClaims(text: string): Claims | undefined {
  const body = parseJson(text);
  if (!isObject(body)) return undefined;
  const place = body["kubernetes.io"];
  if (!isObject(place)) return undefined;
  const account = named("serviceaccounts", place.serviceaccount);
  const { exp, nbf, jti, aud } = body;
  if (account === undefined || typeof exp !== "number" || typeof nbf !== "number" || typeof jti !== "string" || typeof place.namespace !== "string")
    return undefined;
  const bound = named("pods", place.pod) ?? named("secrets", place.secret);
  return {
    id: jti,
    audiences: isArray(aud) ? aud.map(String) : [],
    expires: exp,
    notBefore: nbf,
    namespace: place.namespace,
    name: account.name,
    uid: account.uid,
    bound,
  };
}

function named(plural: string, value: Json | undefined): Named | undefined {
  return isObject(value) && typeof value.name === "string" && typeof value.uid === "string" ? { plural, name: value.name, uid: value.uid } : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
