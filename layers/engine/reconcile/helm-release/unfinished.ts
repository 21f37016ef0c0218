import { latestOf } from "../../release/history.ts";
import { announcedAction } from "./announced.ts";
import { composeValues } from "./compose-values.ts";
import type { End } from "./end.ts";
import { type ActionKind, afterRemediation, KIND_OF } from "./release-loop.ts";
import { takeAction } from "./take-action.ts";
import { storageOf, type Target, type Turn, targetOf } from "./turn.ts";

/** `taken`: what came to its end now. */
export type WentOn = { readonly kind: "end"; readonly end: End } | { readonly kind: "on"; readonly taken: ReadonlySet<ActionKind> };

const NOTHING: WentOn = { kind: "on", taken: new Set() };

/** An action that a pass before this one began goes on, before anything else is asked: whatever became of its chart, its dependencies or the spec since. */
export async function goOnFirst(turn: Turn): Promise<WentOn> {
  const object = turn.draft.object();
  if (announcedAction(object) === undefined || object.status.storageNamespace === undefined) return NOTHING;
  const known = latestOf(object.status.history ?? []);
  const target: Target = {
    ...targetOf(object),
    storageNamespace: object.status.storageNamespace,
    ...(known !== undefined && { releaseName: known.name, releaseNamespace: known.namespace }),
  };
  const found = await storageOf(turn, target).latest(known?.version);
  if (found.kind !== "found" || found.secret.progress === undefined) return NOTHING;
  const { release, progress } = found.secret;
  // Of a release that the spec wants no more; whoever finds that goes on with it.
  if (progress.action === "uninstall") return NOTHING;
  const kind = progress.action;
  const { hidden } = await composeValues(turn.deps.cluster, object);
  const { end } = await takeAction(turn, target, { kind, action: { kind: "continue", release, progress }, began: progress.began, hidden });
  if (end !== undefined) return { kind: "end", end };
  const taken = KIND_OF[kind];
  return taken === "remediate" ? { kind: "end", end: afterRemediation(turn) } : { kind: "on", taken: new Set([taken]) };
}
