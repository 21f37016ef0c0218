import { createAllowance } from "../cel/allowance.ts";
import { compileExpression, type Expression } from "../cel/expression.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { Receiver, ReceiverResource } from "../flux/receiver-object.ts";
import { compileProvider, oidcSpecProblem, placeOfProvider } from "./oidc-rules.ts";

/** A Receiver that no request can make work: Stalled, with the reason and Flux's words. */
export type SpecProblem = { readonly reason: "InvalidCELExpression" | "ValidationFailed"; readonly message: string };

export type Filters = {
  /** Over all resources. */
  readonly overall?: Expression<boolean>;
  /** Of the resources at the same places in the list; undefined where there is none. */
  readonly own: readonly (Expression<boolean> | undefined)[];
};

/**
 * The filters of a Receiver, or the first that does not compile. `claims` is there for generic-oidc alone. They do a bounded amount of work together: for one
 * request. Source: reference 4.4.
 */
export function compileFilters({ type, resourceFilter, resources }: Receiver["spec"]): Result<Filters> {
  const options = { variables: type === "generic-oidc" ? ["res", "req", "claims"] : ["res", "req"], result: "bool", allowance: createAllowance() } as const;
  const overall = resourceFilter === undefined ? undefined : compileExpression(resourceFilter, options);
  if (overall?.ok === false) return problem(`invalid resourceFilter expression: ${overall.problem}`);
  const own: (Expression<boolean> | undefined)[] = [];
  for (const [index, resource] of resources.entries()) {
    const compiled = resource.filter === undefined ? undefined : compileExpression(resource.filter, options);
    if (compiled?.ok === false) return problem(`invalid filter expression for ${placeOfResource(index, resource)}: ${compiled.problem}`);
    own.push(compiled?.value);
  }
  return ok({ ...(overall !== undefined && { overall: overall.value }), own });
}

const placeOfResource = (index: number, { kind, name }: ReceiverResource): string =>
  `resources[${index}] (kind=${JSON.stringify(kind)}, name=${JSON.stringify(name)})`;

/** What is wrong with the spec in a way that only a change of it can cure; undefined when nothing is. */
export function findSpecProblem(spec: Receiver["spec"]): SpecProblem | undefined {
  const filters = compileFilters(spec);
  if (!filters.ok) return invalidExpression(filters.problem);
  if (spec.type !== "generic-oidc") return undefined;
  const invalid = oidcSpecProblem(spec.oidcProviders);
  if (invalid !== undefined) return { reason: "ValidationFailed", message: invalid };
  for (const [index, provider] of spec.oidcProviders.entries()) {
    const rules = compileProvider(provider);
    if (!rules.ok) return invalidExpression(`${placeOfProvider(index, provider)}: ${rules.problem}`);
  }
  return undefined;
}

const invalidExpression = (message: string): SpecProblem => ({ reason: "InvalidCELExpression", message });
