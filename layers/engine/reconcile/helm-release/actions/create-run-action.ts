import { ms } from "../../../domain/time.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import type { ReleaseSettings } from "../release-settings.ts";
import { correctDrift } from "./correct-drift.ts";
import { install, performInstall } from "./install.ts";
import { performRollback, rollback } from "./rollback.ts";
import { type ActionDeps, createRun, failedWith, inProgress, type Run, retryAfter, StorageProblem } from "./run.ts";
import { performTest, testRelease } from "./test-release.ts";
import { performUninstall, uninstall } from "./uninstall.ts";
import { unlock } from "./unlock.ts";
import { performUpgrade, upgrade } from "./upgrade.ts";
import { withoutSecrets } from "./without-secrets.ts";

export type RunAction = (deps: ActionDeps, settings: ReleaseSettings, action: ReleaseAction) => Promise<ActionEnd>;

/** Does of an action what can be done now. `render`: how a chart becomes objects. */
export const createRunAction =
  (render: Run["render"]): RunAction =>
  async (deps, settings, action) => {
    const run = createRun(deps, settings, render, action.kind === "continue");
    const end = await actOrFail(run, action);
    return end.kind === "failed" ? withoutSecrets(run, end) : end;
  };

async function actOrFail(run: Run, action: ReleaseAction): Promise<ActionEnd> {
  try {
    return await act(run, action);
  } catch (error) {
    // Storage answered that it takes nothing: whatever was under way ends there, and what is stored tells how far it came.
    if (error instanceof StorageProblem) return failedWith(run, error.message);
    throw error;
  }
}

async function act(run: Run, action: ReleaseAction): Promise<ActionEnd> {
  switch (action.kind) {
    case "install":
      return install(run, action);
    case "upgrade":
      return upgrade(run, action);
    case "rollback":
      return rollback(run, action);
    case "uninstall":
    case "uninstall-remediation":
      return uninstall(run, action);
    case "test":
      return testRelease(run, action);
    case "unlock":
      return unlock(run, action);
    case "correct-drift":
      return correctDrift(run, action);
    case "continue":
      return goOn(run, action);
  }
}

/** What is stored counts, and not what the caller has seen of it. */
async function goOn(run: Run, { release }: Extract<ReleaseAction, { readonly kind: "continue" }>): Promise<ActionEnd> {
  const found = await run.storage.read(release.version);
  if (found.kind === "failed") return failedWith(run, found.message);
  // Somebody else has ended it or taken it away meanwhile: what there is now is for the next look.
  if (found.kind === "absent" || found.secret.progress === undefined) return inProgress(run, retryAfter(ms(0)));
  const { secret } = found;
  run.stored = secret;
  switch (secret.progress?.action) {
    case "install":
      return performInstall(run, secret);
    case "upgrade":
      return performUpgrade(run, secret);
    case "rollback":
      return performRollback(run, secret);
    case "uninstall":
    case "uninstall-remediation":
      return performUninstall(run, secret);
    case "test":
      return performTest(run, secret);
    case undefined:
      return inProgress(run, retryAfter(ms(0)));
  }
}
