import type { Cause } from "../../domain/outcome.ts";

/** How one pass over a Receiver ended; `summarise` turns it into conditions, events and the outcome. */
export type End =
  | { readonly kind: "initialised"; readonly webhookPath: string }
  /** The Secret, or the token in it, is not there: `message` is the server's, or names the key. */
  | { readonly kind: "no-token"; readonly message: string }
  | { readonly kind: "stalled"; readonly cause: Cause };
