import { problem } from "../../domain/result.ts";
import { isAllowedEvent } from "../allowed-event.ts";
import { tokenOf } from "../receiver-secret.ts";
import { checkSignedPayload } from "../signed-payload.ts";
import { ACCEPTED, type Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

/** Bitbucket Server and Data Center. */
export const validateBitbucket: Validation = (request, { spec, secret }) => {
  const signed = checkSignedPayload(request, tokenOf(secret));
  if (!signed.ok) return signed;
  return isAllowedEvent(spec.events, headerOf(request, "x-event-key")) ? ACCEPTED : problem("the event in X-Event-Key is not in the list");
};
