import { problem } from "../../domain/result.ts";
import { isSame } from "../constant-time.ts";
import { tokenOf } from "../receiver-secret.ts";
import { ACCEPTED, type Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

/** The token itself, without `Bearer`. */
export const validateHarbor: Validation = (request, { secret }) =>
  isSame(headerOf(request, "authorization"), tokenOf(secret)) ? ACCEPTED : problem("the header Authorization is missing or wrong");
