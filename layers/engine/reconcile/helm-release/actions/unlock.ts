import type { ActionEnd, ReleaseAction } from "../action.ts";
import { atRest, failedWith, keep, type Run, succeeded, withRelease, withStatus } from "./run.ts";

/** A revision that somebody left pending counts as failed from now on. Source: reference 3.5; helm-controller, internal/reconcile/unlock.go. */
export async function unlock(run: Run, { release }: Extract<ReleaseAction, { readonly kind: "unlock" }>): Promise<ActionEnd> {
  const found = await run.storage.read(release.version);
  if (found.kind === "failed") return failedWith(run, found.message);
  if (found.kind === "absent") return failedWith(run, "release: not found");
  const { info } = found.secret.release;
  const failed = withStatus(found.secret.release, "failed", `Release unlocked from stale '${info.status}' state`);
  await keep(run, atRest(withRelease(found.secret, failed)));
  return succeeded(run);
}
