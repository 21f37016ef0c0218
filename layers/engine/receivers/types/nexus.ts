import { problem } from "../../domain/result.ts";
import { isSame } from "../constant-time.ts";
import type { GoType } from "../go-json-type.ts";
import { hmacOf } from "../hmac.ts";
import { tokenOf } from "../receiver-secret.ts";
import { checkTypedBody } from "../typed-body.ts";
import type { Validation } from "../validation.ts";
import { headerOf } from "../webhook-request.ts";

const PAYLOAD: GoType = { fields: { action: "text", repositoryName: "text" } };

/** The bare hex of the HMAC-SHA1, in small letters. */
export const validateNexus: Validation = (request, { secret }) =>
  isSame(headerOf(request, "x-nexus-webhook-signature"), hmacOf("sha1", tokenOf(secret), request.body))
    ? checkTypedBody(request, PAYLOAD, "whole")
    : problem("the header X-Nexus-Webhook-Signature is missing or wrong");
