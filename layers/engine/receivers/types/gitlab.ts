import { problem } from "../../domain/result.ts";
import { isAllowedEvent } from "../allowed-event.ts";
import { isSame } from "../constant-time.ts";
import { tokenOf } from "../receiver-secret.ts";
import { ACCEPTED, type Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

export const validateGitlab: Validation = (request, { spec, secret }) => {
  if (!isSame(headerOf(request, "x-gitlab-token"), tokenOf(secret))) return problem("the header X-Gitlab-Token is missing or wrong");
  return isAllowedEvent(spec.events, headerOf(request, "x-gitlab-event")) ? ACCEPTED : problem("the event in X-Gitlab-Event is not in the list");
};
