import { isArray, isObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { JsonDocuments } from "../../ports/json-documents.ts";
import type { Issuer } from "./verify-token.ts";

/** What an issuer says that says nothing of its algorithms. Source: OpenID Connect Discovery 1.0 §3. */
const DEFAULT_ALGORITHMS = ["RS256"];

/** Where the keys of an OpenID issuer are. The document must name the very issuer that was asked. Source: OpenID Connect Discovery 1.0 §4.3. */
export async function discoverIssuer(documents: JsonDocuments, issuerUrl: string): Promise<Result<Issuer>> {
  const answer = await documents.get(`${issuerUrl.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (answer.kind === "failed") return problem(`the issuer could not be asked: ${answer.message}`);
  const document = isObject(answer.document) ? answer.document : {};
  if (document.issuer !== issuerUrl) return problem("the issuer calls itself something else");
  const { jwks_uri: keysUrl, id_token_signing_alg_values_supported: named } = document;
  if (typeof keysUrl !== "string" || !/^https?:\/\//.test(keysUrl)) return problem("the issuer says nothing of its keys");
  const algorithms = isArray(named) ? named.filter((name) => typeof name === "string") : [];
  return ok({ keysUrl, algorithms: algorithms.length > 0 ? algorithms : DEFAULT_ALGORITHMS });
}
