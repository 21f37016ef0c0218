import type { Outcome } from "../../domain/outcome.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import { isIdentityGone } from "../identity.ts";
import { isInstalled } from "../installed.ts";
import { removeFinalizer } from "../object-status.ts";
import { dropChart } from "./chart-template.ts";
import { CONTROLLER, CRD, type HelmReleaseDeps } from "./deps.ts";
import { createDraft, type Draft } from "./draft.ts";
import { isKubeConfigGone } from "./kube-config.ts";
import { createTurn } from "./turn.ts";
import { uninstallKnown } from "./uninstall.ts";

/** One pass over a HelmRelease that is being deleted: its release goes, then its HelmChart, then it. Source: reference 3.8. */
export async function finalize(deps: HelmReleaseDeps, object: HelmRelease): Promise<Outcome> {
  const draft = createDraft(deps, object);
  if (object.spec.suspend || !(await isInstalled(deps.cluster, deps.settings, CRD))) return letGo(deps, draft);
  if (object.status.storageNamespace !== undefined && !(await isUnreachable(deps, object))) {
    const uninstalled = await uninstallKnown(createTurn(deps, draft, () => undefined));
    if (uninstalled.kind === "in-progress") {
      // What came to its end before the uninstall began is noted by no later pass.
      await draft.tell();
      return { kind: "progressing", cause: { reason: "Progressing", message: "uninstalling" }, retryIn: uninstalled.retryIn };
    }
    if (uninstalled.kind === "failed") return uninstallFailed(draft, uninstalled.message);
  }
  const refusal = await dropChart(deps, draft);
  if (refusal !== undefined) return uninstallFailed(draft, refusal);
  return letGo(deps, draft);
}

async function letGo(deps: HelmReleaseDeps, draft: Draft): Promise<Outcome> {
  await draft.tell();
  const answer = await removeFinalizer(deps.cluster, draft.object(), CONTROLLER);
  if (answer.kind === "refused") return { kind: "failed", cause: { reason: answer.reason, message: answer.message } };
  return { kind: "skipped", why: "deleted", ...(answer.kind === "moved" && { again: true }) };
}

async function uninstallFailed(draft: Draft, message: string): Promise<Outcome> {
  await draft.writeOver();
  return { kind: "failed", cause: { reason: "UninstallFailed", message } };
}

/** Nobody may, or can, uninstall in the name of who did it: then nothing is, and the object goes. */
const isUnreachable = (deps: HelmReleaseDeps, object: HelmRelease): Promise<boolean> =>
  object.spec.kubeConfig === undefined ? isIdentityGone(deps.cluster, object, deps.settings) : isKubeConfigGone(deps, object);
