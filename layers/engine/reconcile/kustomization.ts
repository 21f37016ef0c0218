import type { Revision } from "../domain/artifact.ts";
import type { InventoryEntry } from "../domain/inventory.ts";
import type { Outcome } from "../domain/outcome.ts";
import { ok, type Result } from "../domain/result.ts";
import type { EpochMs } from "../domain/time.ts";
import { type Kustomization, parseKustomization } from "../flux/kustomization-object.ts";
import { unsupportedFields } from "../flux/unsupported.ts";
import type { CustomHealth } from "../health/expressions.ts";
import { identityProblem } from "./identity.ts";
import { isInstalled } from "./installed.ts";
import { applyRendered } from "./kustomization/apply.ts";
import { findUnready } from "./kustomization/dependencies.ts";
import { CRD, type KustomizationDeps } from "./kustomization/deps.ts";
import { type End, withoutValues } from "./kustomization/end.ts";
import { finalize } from "./kustomization/finalize.ts";
import { type Rendered, render } from "./kustomization/render.ts";
import { say } from "./kustomization/say.ts";
import { artifactVanished, findSource } from "./kustomization/source.ts";
import { createStatusOwner, STATUS_MANAGER, type StatusOwner } from "./kustomization/status-owner.ts";
import { summarise } from "./kustomization/summarise.ts";
import { suspendedStatus } from "./kustomization/suspended.ts";
import { addFinalizer } from "./object-status.ts";

/** One pass over one Kustomization. Source: reference 2.3. */
export async function reconcileKustomization(deps: KustomizationDeps, object: Kustomization): Promise<Outcome> {
  if (object.metadata.deletionTimestamp !== undefined) return finalize(deps, object);
  const held = await holdByFinalizer(deps, object);
  if (held.kind === "end") return held.outcome;
  const status = createStatusOwner(deps.cluster, held.object);
  if (object.spec.suspend) return rest(status);
  const started = deps.clock.now();
  return conclude(deps, status, await work(deps, status), started);
}

/** The ladder: every rung ends the run or hands on what the next one needs. */
async function work(deps: KustomizationDeps, status: StatusOwner): Promise<End> {
  const object = status.current();
  const fields = unsupportedFields(object);
  if (fields.length > 0) return unsupported(fields);
  const custom = await customHealthOf(object);
  if (!custom.ok) return invalidExpression(custom.problem);
  const noIdentity = identityProblem(object, deps.settings);
  if (noIdentity !== undefined) return { kind: "stalled", cause: { reason: "AccessDenied", message: noIdentity } };
  const source = await findSource(deps, object);
  if (source.kind === "end") return source.end;
  const { revision } = source.artifact;
  const unready = await findUnready(deps.cluster, object, revision);
  if (unready?.kind === "terminal") return invalidExpression(unready.message);
  if (unready !== undefined) return { kind: "dependency-not-ready", revision, cause: { reason: "DependencyNotReady", message: unready.message } };
  const { rendered, hidden } = await render(deps, object, source.artifact);
  return withoutValues(await workOn(deps, status, revision, rendered, custom.value), hidden);
}

async function workOn(deps: KustomizationDeps, status: StatusOwner, revision: Revision, rendered: Rendered, custom: CustomHealth): Promise<End> {
  switch (rendered.kind) {
    case "vanished":
      return artifactVanished().end;
    case "path-missing":
      return { kind: "failed", revision, phase: "fetching", cause: { reason: "ArtifactFailed", message: rendered.message }, work: {} };
    case "build-failed":
      return {
        kind: "failed",
        revision,
        phase: "building",
        cause: { reason: "BuildFailed", message: rendered.message },
        ...(rendered.at !== undefined && { at: rendered.at }),
        work: {},
      };
    case "rendered":
      return applyRendered(deps, status, { revision, custom, ...rendered });
  }
}

const unsupported = (fields: readonly string[]): End => ({
  kind: "stalled",
  cause: { reason: "UnsupportedField", message: `Reconciliation failed terminally due to configuration error: not implemented yet: ${fields.join(", ")}` },
});

const invalidExpression = (text: string): End => ({
  kind: "stalled",
  cause: { reason: "InvalidCELExpression", message: `Reconciliation failed terminally due to configuration error: ${text}` },
});

type Held = { readonly kind: "held"; readonly object: Kustomization } | { readonly kind: "end"; readonly outcome: Outcome };

/** Nothing is begun before the finalizer is there, and it is not added to a cluster that Sluice is leaving. Source: reference 0.4, 6.14. */
async function holdByFinalizer(deps: KustomizationDeps, object: Kustomization): Promise<Held> {
  if (object.metadata.finalizers.includes("finalizers.fluxcd.io")) return { kind: "held", object };
  if (!(await isInstalled(deps.cluster, deps.settings, CRD)))
    return { kind: "end", outcome: { kind: "skipped", why: "sluice is not installed in this cluster" } };
  const answer = await addFinalizer(deps.cluster, object, STATUS_MANAGER);
  if (answer.kind !== "written") return { kind: "end", outcome: { kind: "skipped", why: answer.kind, again: answer.kind === "moved" } };
  const parsed = parseKustomization(answer.object);
  return parsed.ok ? { kind: "held", object: parsed.value } : { kind: "end", outcome: { kind: "skipped", why: parsed.problem } };
}

async function rest(status: StatusOwner): Promise<Outcome> {
  await status.write(suspendedStatus(status.current()));
  return { kind: "skipped", why: "suspended" };
}

/** Writes down how the run ended, tells of it, and says when to look again. */
async function conclude(deps: KustomizationDeps, status: StatusOwner, end: End, started: EpochMs): Promise<Outcome> {
  const summary = summarise(status.current(), end, { started, now: deps.clock.now() });
  const written = summary.status === undefined ? "unchanged" : await status.write(summary.status);
  if (written === "moved" || end.kind === "moved") await status.addToInventory(inventoryIn(end));
  if (written === "moved") return { kind: "skipped", why: "the object has moved on", again: true };
  if (written === "gone") return { kind: "skipped", why: "gone" };
  for (const saying of summary.sayings) await say(deps, status.current(), saying);
  return summary.outcome;
}

/** What the run has left in the cluster, or may have. */
const inventoryIn = (end: End): readonly InventoryEntry[] => ("work" in end ? (end.work.inventory ?? []) : []);

/** CEL is loaded when somebody has an expression: a cold start reads a tenth less without it. */
async function customHealthOf({ spec: { healthCheckExprs } }: Kustomization): Promise<Result<CustomHealth>> {
  if (healthCheckExprs.length === 0) return ok(() => undefined);
  const { compileHealthExpressions } = await import("../health/expressions.ts");
  return compileHealthExpressions(healthCheckExprs);
}
