import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd } from "../action.ts";
import { failRelease, rememberedFailure } from "./fail-release.ts";
import { atRest, inProgress, keep, lookAgainIn, type Run, succeeded, withRelease } from "./run.ts";
import { runStages, type Stage } from "./stages.ts";

/** How the revision of an install, an upgrade or a rollback comes to its end. */
export type RevisionPlan = {
  readonly stages: readonly Stage[];
  /** What it created is deleted when it fails. */
  readonly cleansUp: boolean;
  /** What is written down of a failure. */
  readonly described: (secret: ReleaseSecret, message: string) => string;
  /** What else there is to do when all of it is done; the revision as it is then. */
  readonly completed: (secret: ReleaseSecret) => Promise<HelmStoredRelease>;
};

/** From wherever the stored revision is. */
export async function performRevision(run: Run, from: ReleaseSecret, { stages, cleansUp, described, completed }: RevisionPlan): Promise<ActionEnd> {
  const remembered = rememberedFailure(from);
  if (remembered !== undefined) return failRelease(run, from, remembered, cleansUp);
  const end = await runStages(run, stages, from);
  switch (end.kind) {
    case "waiting":
      return inProgress(run, lookAgainIn(run, end.secret));
    case "failed":
      return failRelease(run, end.secret, { message: end.message, description: described(end.secret, end.message) }, cleansUp);
    case "done":
      await keep(run, atRest(withRelease(end.secret, await completed(end.secret))));
      return succeeded(run);
  }
}
