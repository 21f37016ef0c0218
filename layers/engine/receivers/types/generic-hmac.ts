import { problem } from "../../domain/result.ts";
import { isSignedAs } from "../hmac.ts";
import { tokenOf } from "../receiver-secret.ts";
import { ACCEPTED, type Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

/** `X-Signature: sha256=<hex>` over the body as it was sent. */
export const validateGenericHmac: Validation = (request, { secret }) =>
  isSignedAs(headerOf(request, "x-signature"), tokenOf(secret), request.body) ? ACCEPTED : problem("the header X-Signature is missing or wrong");
