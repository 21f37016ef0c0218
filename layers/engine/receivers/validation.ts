import type { Json, JsonObject } from "../domain/json.ts";
import { ok, type Result } from "../domain/result.ts";
import type { EpochMs } from "../domain/time.ts";
import type { Receiver } from "../flux/receiver-object.ts";
import type { JsonDocuments } from "../ports/json-documents.ts";
import type { ReceiverSecret } from "./receiver-secret.ts";
import type { WebhookRequest } from "./webhook-request.ts";

/** What validation knows beside the request. The Secret is read for each request: what counts is the token as it is now. */
export type ValidationContext = {
  readonly spec: Receiver["spec"];
  readonly secret: ReceiverSecret;
  readonly documents: JsonDocuments;
  readonly now: EpochMs;
};

/** `payload` takes the place of the body in filters; `claims` are those of the token. */
export type Accepted = { readonly payload?: Json; readonly claims?: JsonObject };

/** The one answer to a request that is not valid is 400, whatever is wrong with it. The problem is for our log: it says nothing of the request or the Secret. */
export type Validation = (request: WebhookRequest, context: ValidationContext) => Result<Accepted> | Promise<Result<Accepted>>;

export const ACCEPTED: Result<Accepted> = ok({});
