import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd } from "../action.ts";
import { cleanUp } from "./perform.ts";
import { atRest, failedWith, keep, type Run, withProgress, withRelease, withStatus } from "./run.ts";

/** In which words an action has failed: what is answered, and what is written down. */
export type FailureWords = { readonly message: string; readonly description: string };

/** In the table of an action this step is behind all others: it is gone to when something has failed and more than one request is to be made about it. */
export const FAILING = "failing";

/** Ends the revision as failed. What it created is deleted first where that is asked for; that it has failed is stored before. */
export async function failRelease(run: Run, from: ReleaseSecret, words: FailureWords, cleansUp: boolean): Promise<ActionEnd> {
  run.journal.log("warning: action failed", { name: from.release.name, error: words.message });
  let secret = from;
  let cleaned: string | undefined;
  if (cleansUp && typeof from.progress?.created === "string") {
    secret = await keep(run, withProgress(from, { step: FAILING, message: words.message, description: words.description }));
    cleaned = await cleanUp(run, secret);
  }
  await keep(run, atRest(withRelease(secret, withStatus(secret.release, "failed", words.description))));
  return failedWith(run, cleaned === undefined ? words.message : `an error occurred while cleaning up resources. original error: ${words.message}: ${cleaned}`);
}

/** The words of a failure that a call before this one came to. */
export function rememberedFailure({ progress }: ReleaseSecret): FailureWords | undefined {
  if (progress?.step !== FAILING) return undefined;
  return { message: String(progress.message ?? ""), description: String(progress.description ?? "") };
}
