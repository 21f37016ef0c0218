import { isArray, type Json, type JsonObject } from "../../domain/json.ts";
import { ok, problem } from "../../domain/result.ts";
import { discoverIssuer } from "../jwt/discover-issuer.ts";
import { bearerToken } from "../jwt/token.ts";
import { verifyToken } from "../jwt/verify-token.ts";
import { compileProvider, judgeClaims } from "../oidc-rules.ts";
import type { Validation } from "../validation.ts";

/** A token of one of the issuers, made for our audience, of which all that the Receiver demands is true. Source: reference 4.4. */
export const validateGenericOidc: Validation = async (request, { spec, documents, now }) => {
  const token = bearerToken(request);
  if (!token.ok) return token;
  // What the token says of its issuer only chooses whom to ask: it is verified before anything else in it counts.
  const provider = spec.oidcProviders.find(({ issuerURL }) => issuerURL === token.value.claims.iss);
  if (provider === undefined) return problem("the token is of no issuer in the list");
  const issuer = await discoverIssuer(documents, provider.issuerURL);
  if (!issuer.ok) return issuer;
  const verified = await verifyToken(token.value, issuer.value, { documents, now });
  if (!verified.ok) return verified;
  if (!isFor(verified.value, provider.audience)) return problem("the token is for another audience");
  const rules = compileProvider(provider);
  if (!rules.ok) return rules;
  const judged = judgeClaims(rules.value, verified.value);
  return judged.ok ? ok({ claims: verified.value }) : judged;
};

const isFor = ({ aud }: JsonObject, audience: string): boolean => audiencesIn(aud).includes(audience);
const audiencesIn = (aud: Json | undefined): readonly Json[] => (isArray(aud) ? aud : typeof aud === "string" ? [aud] : []);
