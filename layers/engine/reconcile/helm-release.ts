import type { Outcome } from "../domain/outcome.ts";
import { ok, type Result } from "../domain/result.ts";
import { type HelmRelease, parseHelmRelease } from "../flux/helm-release-object.ts";
import type { CustomHealth } from "../health/expressions.ts";
import { attempt } from "./helm-release/attempt.ts";
import { keepChart } from "./helm-release/chart-template.ts";
import { conclude } from "./helm-release/conclude.ts";
import { findUnready } from "./helm-release/dependencies.ts";
import { CONTROLLER, CRD, type HelmReleaseDeps } from "./helm-release/deps.ts";
import { createDraft, type Draft } from "./helm-release/draft.ts";
import type { End } from "./helm-release/end.ts";
import { finalize } from "./helm-release/finalize.ts";
import { DEPENDENCY_WAIT, findSource } from "./helm-release/source.ts";
import { createTurn } from "./helm-release/turn.ts";
import { goOnFirst } from "./helm-release/unfinished.ts";
import { identityProblem } from "./identity.ts";
import { isInstalled } from "./installed.ts";
import { addFinalizer, handledRequest } from "./object-status.ts";

/** One pass over one HelmRelease. Source: reference 3.4. */
export async function reconcileHelmRelease(deps: HelmReleaseDeps, object: HelmRelease): Promise<Outcome> {
  if (object.metadata.deletionTimestamp !== undefined) return finalize(deps, object);
  const held = await holdByFinalizer(deps, object);
  if (held.kind === "end") return held.outcome;
  const draft = createDraft(deps, held.object);
  if (held.object.spec.suspend) return rest(draft);
  return conclude(draft, await work(deps, draft));
}

/** The ladder: every rung ends the pass or hands on what the next one needs. */
async function work(deps: HelmReleaseDeps, draft: Draft): Promise<End> {
  const object = draft.object();
  const custom = await customHealthOf(object);
  if (!custom.ok) return invalidExpression(custom.problem);
  const noIdentity = identityProblem(object, deps.settings);
  if (noIdentity !== undefined) return { kind: "stalled", cause: { reason: "AccessDenied", message: noIdentity } };
  const turn = createTurn(deps, draft, custom.value);
  const wentOn = await goOnFirst(turn);
  if (wentOn.kind === "end") return wentOn.end;
  const kept = await keepChart(deps, draft);
  if (kept.kind === "denied") return { kind: "stalled", cause: { reason: "AccessDenied", message: kept.message } };
  if (kept.kind === "refused") return { kind: "failed", cause: { reason: "ArtifactFailed", message: kept.message } };
  const unready = await findUnready(deps.cluster, object);
  if (unready?.kind === "terminal") return invalidExpression(unready.message);
  if (unready !== undefined)
    return { kind: "waiting", cause: { reason: "DependencyNotReady", message: unready.message }, retryIn: DEPENDENCY_WAIT, event: "Normal" };
  const source = await findSource(deps, object, kept.chart);
  return source.kind === "end" ? source.end : attempt(turn, source.source, wentOn.taken);
}

const invalidExpression = (text: string): End => ({
  kind: "stalled",
  cause: { reason: "InvalidCELExpression", message: `Reconciliation failed terminally due to configuration error: ${text}` },
  said: text,
});

type Held = { readonly kind: "held"; readonly object: HelmRelease } | { readonly kind: "end"; readonly outcome: Outcome };

/** Nothing is begun before the finalizer is there, and it is not added to a cluster that Sluice is leaving. Source: reference 0.4, 6.14. */
async function holdByFinalizer(deps: HelmReleaseDeps, object: HelmRelease): Promise<Held> {
  if (object.metadata.finalizers.includes("finalizers.fluxcd.io")) return { kind: "held", object };
  if (!(await isInstalled(deps.cluster, deps.settings, CRD)))
    return { kind: "end", outcome: { kind: "skipped", why: "sluice is not installed in this cluster" } };
  const answer = await addFinalizer(deps.cluster, object, CONTROLLER);
  if (answer.kind !== "written") return { kind: "end", outcome: { kind: "skipped", why: answer.kind, again: answer.kind === "moved" } };
  const parsed = parseHelmRelease(answer.object);
  return parsed.ok ? { kind: "held", object: parsed.value } : { kind: "end", outcome: { kind: "skipped", why: parsed.problem } };
}

/** All that moves while suspended: the answered request, and the observed generation of what was ever looked at. Recorded in helm/suspend-and-resume. */
async function rest(draft: Draft): Promise<Outcome> {
  const { metadata, status } = draft.object();
  const moved = (status.conditions ?? []).length > 0 ? { observedGeneration: metadata.generation } : {};
  draft.change({ ...status, ...moved, ...handledRequest(draft.object()) });
  await draft.write();
  return { kind: "skipped", why: "suspended" };
}

/** CEL is loaded when somebody has an expression: a cold start reads a tenth less without it. */
async function customHealthOf({ spec: { healthCheckExprs } }: HelmRelease): Promise<Result<CustomHealth>> {
  if (healthCheckExprs.length === 0) return ok(() => undefined);
  const { compileHealthExpressions } = await import("../health/expressions.ts");
  return compileHealthExpressions(healthCheckExprs);
}
