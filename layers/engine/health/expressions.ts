import { type Allowance, createAllowance } from "../cel/allowance.ts";
import { type Expression, parseExpression } from "../cel/expression.ts";
import type { Health } from "../domain/health.ts";
import { groupOf, type Manifest } from "../domain/manifest.ts";
import { jsonOf } from "../domain/manifest-json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import type { HealthCheckExpression } from "../flux/kustomization-object.ts";
import { current, failed, inProgress, unknown } from "./answers.ts";
import { at } from "./fields.ts";

/** How an object is by the expressions for its kind, undefined where there are none: then kstatus' rules say it. */
export type CustomHealth = (manifest: Manifest) => Health | undefined;

type Expressions = { readonly current: Expression<boolean>; readonly inProgress?: Expression<boolean>; readonly failed?: Expression<boolean> };

/**
 * The `healthCheckExprs` of a Kustomization, parsed; or what is wrong with the first of them that is, in Flux's words.
 * An entry is for its group and kind, without a kind for every kind of the group. Source: reference 2.8. All of them together, for all objects, do a bounded
 * amount of work: for one pass.
 */
export function compileHealthExpressions(entries: readonly HealthCheckExpression[]): Result<CustomHealth> {
  const known = new Map<string, Expressions>();
  const allowance = createAllowance();
  for (const [index, entry] of entries.entries()) {
    const group = groupOf(entry.apiVersion);
    const kind = entry.kind ?? "";
    const name = group === "" ? kind : `${kind}.${group}`;
    if (known.has(name)) return problem(`duplicate custom health check for GroupKind ${name} at healthchecks[${index}]`);
    const parsed = parseEntry(entry, allowance);
    if (!parsed.ok) return problem(`failed to create custom status evaluator for healthchecks[${index}]: ${parsed.problem}`);
    known.set(name, parsed.value);
  }
  return ok((manifest) => {
    const group = groupOf(manifest.apiVersion);
    const found = group === "" ? (known.get(manifest.kind) ?? known.get("")) : (known.get(`${manifest.kind}.${group}`) ?? known.get(`.${group}`));
    return found === undefined ? undefined : evaluate(found, manifest);
  });
}

/** In the order in which Flux parses them. An empty text is none. */
function parseEntry(entry: HealthCheckExpression, allowance: Allowance): Result<Expressions> {
  if (entry.current === "") return problem("expression Current not specified");
  const isCurrent = parseAs("Current", entry.current, allowance);
  if (!isCurrent.ok) return isCurrent;
  const hasFailed = parseAs("Failed", entry.failed, allowance);
  if (!hasFailed.ok) return hasFailed;
  const isInProgress = parseAs("InProgress", entry.inProgress, allowance);
  if (!isInProgress.ok) return isInProgress;
  if (isCurrent.value === undefined) return problem("expression Current not specified");
  return ok({
    current: isCurrent.value,
    ...(hasFailed.value !== undefined && { failed: hasFailed.value }),
    ...(isInProgress.value !== undefined && { inProgress: isInProgress.value }),
  });
}

function parseAs(name: string, text: string | undefined, allowance: Allowance): Result<Expression<boolean> | undefined> {
  if (text === undefined || text === "") return ok(undefined);
  const parsed = parseExpression(text, allowance);
  return parsed.ok ? parsed : problem(`failed to parse the expression ${name}: ${parsed.problem}`);
}

/** The first of `inProgress`, `failed`, `current` that is true, after the generation; none: in progress. An error is Unknown, with its text. */
function evaluate(expressions: Expressions, manifest: Manifest): Health {
  const object = jsonOf(manifest);
  const generation = at(object, "metadata.generation");
  const seen = at(object, "status.observedGeneration");
  if (typeof generation === "number" && typeof seen === "number" && generation !== seen)
    return inProgress(`${manifest.kind} generation is ${generation}, but latest observed generation is ${seen}`);
  const rules = [
    [expressions.inProgress, inProgress],
    [expressions.failed, failed],
    [expressions.current, current],
  ] as const;
  for (const [expression, health] of rules) {
    const answer = expression?.evaluate(object);
    if (answer?.kind === "failed") return unknown(answer.message);
    if (answer?.value === true) return health("By the expression of the Kustomization");
  }
  return inProgress("No expression of the Kustomization is true");
}
