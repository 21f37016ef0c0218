import { keyText, type ObjectKey } from "../domain/object-key.ts";
import type { Outcome } from "../domain/outcome.ts";
import type { Log } from "../ports/log.ts";

/**
 * The one catch: whatever nobody in between could do better with (no answer from a server, a bug) ends this run and no other,
 * is shown, and is tried again with back-off.
 */
export async function guarded(log: Log, key: ObjectKey, run: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await run();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log.error("run broke off", { object: keyText(key), error: message, stack: error instanceof Error ? (error.stack ?? "") : "" });
    return { kind: "failed", cause: { reason: "ReconciliationFailed", message } };
  }
}
