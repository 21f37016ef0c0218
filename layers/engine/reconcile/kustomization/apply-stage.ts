import { type Manifest, refOf } from "../../domain/manifest.ts";
import { KUSTOMIZE_MANAGER } from "../../plan/clean-up.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { inParallel } from "../in-parallel.ts";
import type { Step } from "./plan-stage.ts";
import { refusalText } from "./refusal-text.ts";

export type StageResult = {
  /** What was written, and what was found as it should be: in apply order. */
  readonly done: readonly { readonly step: Step; readonly object: Manifest | undefined }[];
  readonly end:
    | { readonly kind: "applied" }
    /** Deleted for re-creation, and not gone yet. */
    | { readonly kind: "terminating" }
    | { readonly kind: "refused"; readonly text: string };
};

type Written = { readonly kind: "written"; readonly object: Manifest } | { readonly kind: "terminating" } | { readonly kind: "refused"; readonly text: string };

/**
 * Does what a plan says, kind after kind, the objects of one kind side by side. Stops after the kind in which something was refused:
 * what was applied by then is in `done`.
 */
export async function applyStage(cluster: Cluster, steps: readonly Step[], parallel: number): Promise<StageResult> {
  const done: { step: Step; object: Manifest | undefined }[] = [];
  for (const group of kindByKind(steps)) {
    const written = await inParallel(group, parallel, async (step) => ({ step, answer: await runStep(cluster, step) }));
    for (const { step, answer } of written) if (answer.kind === "written" || answer.kind === "left") done.push({ step, object: answer.object });
    const refused = written.map(({ answer }) => answer).find((answer) => answer.kind === "refused");
    if (refused !== undefined) return { done, end: refused };
    if (written.some(({ answer }) => answer.kind === "terminating")) return { done, end: { kind: "terminating" } };
  }
  return { done, end: { kind: "applied" } };
}

/** Runs of steps of the same kind, in order. */
function kindByKind(steps: readonly Step[]): readonly (readonly Step[])[] {
  const groups: Step[][] = [];
  for (const step of steps) {
    const last = groups.at(-1);
    if (last?.[0]?.desired.kind === step.desired.kind) last.push(step);
    else groups.push([step]);
  }
  return groups;
}

async function runStep(cluster: Cluster, step: Step): Promise<Written | { readonly kind: "left"; readonly object: Manifest | undefined }> {
  switch (step.change.kind) {
    case "create":
    case "configure":
      return write(cluster, step);
    case "recreate":
      return recreate(cluster, step);
    case "unchanged":
    case "skip":
    case "delete":
    case "orphan":
    case "failed":
      return { kind: "left", object: step.live };
  }
}

async function write(cluster: Cluster, { desired, cleanUp }: Step): Promise<Written> {
  if (cleanUp.length > 0) {
    const cleaned = await cluster.patch(refOf(desired), { body: { type: "json", operations: cleanUp }, manager: KUSTOMIZE_MANAGER });
    if (cleaned.kind === "refused") return { kind: "refused", text: cleanUpText(desired, cleaned.message) };
  }
  return apply(cluster, desired);
}

/** Deletes what the server will not change, and creates it when it is gone: now, or in a later run. */
async function recreate(cluster: Cluster, { desired }: Step): Promise<Written> {
  const ref = refOf(desired);
  const deleted = await cluster.delete(ref, { propagation: "Background" });
  if (deleted.kind === "refused") return { kind: "refused", text: refusalText(desired, deleted, "apply") };
  const found = await cluster.get(ref);
  return found.kind === "found" ? { kind: "terminating" } : apply(cluster, desired);
}

async function apply(cluster: Cluster, desired: Manifest): Promise<Written> {
  const answer = await cluster.apply(desired, { manager: KUSTOMIZE_MANAGER, force: true, dryRun: false });
  return answer.kind === "refused" ? { kind: "refused", text: refusalText(desired, answer, "apply") } : { kind: "written", object: answer.object };
}

function cleanUpText({ kind, metadata }: Manifest, message: string): string {
  const subject = metadata.namespace === undefined ? `${kind}/${metadata.name}` : `${kind}/${metadata.namespace}/${metadata.name}`;
  return `${subject} metadata.managedFields cleanup failed: ${message}`;
}
