import { createAllowance } from "../cel/allowance.ts";
import { compileExpression, type Expression } from "../cel/expression.ts";
import type { Json, JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { OidcProvider } from "../flux/receiver-object.ts";

/** What an issuer's tokens must say: values that are made of the claims, and what must be true of both. */
export type OidcRules = {
  readonly variables: readonly { readonly name: string; readonly expression: Expression<Json> }[];
  readonly validations: readonly { readonly expression: Expression<boolean>; readonly message: string }[];
};

const VARIABLES = ["claims", "vars"];

/** The expressions of one provider, or the first that does not compile, in Flux's words. They do a bounded amount of work together: for one request. */
export function compileProvider(provider: OidcProvider): Result<OidcRules> {
  const options = { variables: VARIABLES, allowance: createAllowance() };
  const variables: OidcRules["variables"][number][] = [];
  for (const { name, expression } of provider.variables) {
    const compiled = compileExpression(expression, { ...options, result: "any" });
    if (!compiled.ok) return problem(`invalid expression for variable ${JSON.stringify(name)}: ${compiled.problem}`);
    variables.push({ name, expression: compiled.value });
  }
  const validations: OidcRules["validations"][number][] = [];
  for (const { message, expression } of provider.validations) {
    const compiled = compileExpression(expression, { ...options, result: "bool" });
    if (!compiled.ok) return problem(`invalid expression for validation ${JSON.stringify(message)}: ${compiled.problem}`);
    validations.push({ message, expression: compiled.value });
  }
  return ok({ variables, validations });
}

/** Whether the claims of a verified token are what the Receiver demands. Each variable sees those before it. The problem has the messages of the validations that failed. */
export function judgeClaims({ variables, validations }: OidcRules, claims: JsonObject): Result<undefined> {
  let vars: JsonObject = {};
  for (const { name, expression } of variables) {
    const value = expression.evaluate({ claims, vars });
    if (value.kind === "failed") return problem(`the variable ${JSON.stringify(name)} could not be evaluated`);
    vars = { ...vars, [name]: value.value };
  }
  const failed: string[] = [];
  for (const { message, expression } of validations) {
    const answer = expression.evaluate({ claims, vars });
    if (answer.kind === "failed") return problem("a validation could not be evaluated");
    if (!answer.value) failed.push(message);
  }
  return failed.length === 0 ? ok(undefined) : problem(`the token is not accepted: ${failed.join("; ")}`);
}

/**
 * What the API server's schema should have kept out of a generic-oidc Receiver, in Flux's words; undefined when nothing is wrong.
 * The reason in status is ValidationFailed.
 */
export function oidcSpecProblem(providers: readonly OidcProvider[]): string | undefined {
  for (const [index, provider] of providers.entries()) {
    const { issuerURL } = provider;
    const place = `oidcProviders[${index}]`;
    if (issuerURL === "") return `${place}: issuerURL is required`;
    if (!/^https?:\/\//.test(issuerURL)) return `${place}: issuerURL ${JSON.stringify(issuerURL)} must start with http:// or https://`;
    if (providers.findIndex((other) => other.issuerURL === issuerURL) < index) return `${place}: duplicate issuerURL ${JSON.stringify(issuerURL)}`;
    const missing = missingIn(provider);
    if (missing !== undefined) return `${placeOfProvider(index, provider)}: ${missing}`;
  }
  return undefined;
}

/** `oidcProviders[0] (issuerURL="https://…")`. */
export const placeOfProvider = (index: number, { issuerURL }: OidcProvider): string => `oidcProviders[${index}] (issuerURL=${JSON.stringify(issuerURL)})`;

function missingIn({ variables, validations }: OidcProvider): string | undefined {
  if (validations.length === 0) {
    return "at least one validation is required; without validations any caller able to obtain a token from this issuer can trigger the Receiver";
  }
  for (const [index, { name, expression }] of variables.entries()) {
    if (name === "") return `variables[${index}]: name is required`;
    if (expression === "") return `variables[${index}] (name=${JSON.stringify(name)}): expression is required`;
  }
  for (const [index, { expression, message }] of validations.entries()) {
    if (expression === "") return `validations[${index}]: expression is required`;
    if (message === "") return `validations[${index}]: message is required`;
  }
  return undefined;
}
