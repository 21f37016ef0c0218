import { isArray, isObject, type Json, type JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { type EpochMs, type Milliseconds, minutes } from "../../domain/time.ts";
import type { JsonDocuments } from "../../ports/json-documents.ts";
import { isKnownAlgorithm, isSignedBy } from "./is-signed-by.ts";
import type { Token } from "./token.ts";

export type Issuer = {
  /** Where its keys are, as a JWK set. */
  readonly keysUrl: string;
  /** It signs with these. */
  readonly algorithms: readonly string[];
};

/** Clocks that differ: as Flux's library has it. Of the end of a token nothing is given away. */
const NOT_BEFORE_LEEWAY: Milliseconds = minutes(5);
/** Issuers have a handful. */
const MOST_KEYS = 64;

/** The claims of a token, once its signature is found to be the issuer's, and it is within its time. Whom it is from and for the caller looks at. */
export async function verifyToken(token: Token, issuer: Issuer, { documents, now }: { documents: JsonDocuments; now: EpochMs }): Promise<Result<JsonObject>> {
  if (!isKnownAlgorithm(token.algorithm) || !issuer.algorithms.includes(token.algorithm)) return problem("the token is signed in a way that is not allowed");
  const untimely = timeProblem(token.claims, now);
  if (untimely !== undefined) return problem(untimely);
  const known = await keysAt(documents, issuer.keysUrl, false);
  if (!known.ok) return known;
  if (isSignedByOneOf(token, known.value)) return ok(token.claims);
  // The issuer may have a new key since.
  const fresh = await keysAt(documents, issuer.keysUrl, true);
  if (!fresh.ok) return fresh;
  return isSignedByOneOf(token, fresh.value) ? ok(token.claims) : problem("the signature of the token is not its issuer's");
}

async function keysAt(documents: JsonDocuments, url: string, fresh: boolean): Promise<Result<readonly Json[]>> {
  const answer = await documents.get(url, { fresh });
  if (answer.kind === "failed") return problem(`the keys of the issuer could not be read: ${answer.message}`);
  const keys = isObject(answer.document) ? answer.document.keys : undefined;
  return isArray(keys) ? ok(keys.slice(0, MOST_KEYS)) : problem("the keys of the issuer are no JWK set");
}

/** Of the keys only those count that the token names, if it names one. */
const isSignedByOneOf = (token: Token, keys: readonly Json[]): boolean =>
  keys.some((key) => isObject(key) && (token.keyId === undefined || (key.kid ?? token.keyId) === token.keyId) && isSignedBy(token, key));

/** `exp` must be there; seconds since 1970. */
function timeProblem({ exp, nbf }: JsonObject, now: EpochMs): string | undefined {
  if (typeof exp !== "number" || !(now < exp * 1000)) return "the token has expired, or does not say when";
  if (nbf !== undefined && (typeof nbf !== "number" || now + NOT_BEFORE_LEEWAY < nbf * 1000)) return "the token is not valid yet";
  return undefined;
}
