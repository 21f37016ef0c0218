import { ok, problem, type Result } from "../domain/result.ts";
import { isSignedAs } from "./hmac.ts";
import { mediaTypeIn } from "./media-type.ts";
import { headerOf, type WebhookRequest } from "./webhook-request.ts";

/**
 * The rules of GitHub, which Flux uses for Bitbucket, too: JSON or a form, signed as it was sent. Where both headers are there, SHA-256's counts. The body need not
 * be JSON. Source: reference 4.4; recorded in receivers/github and receivers/bitbucket.
 */
export function checkSignedPayload(request: WebhookRequest, token: Uint8Array): Result<undefined> {
  const type = mediaTypeIn(headerOf(request, "content-type"));
  if (type !== "application/json" && type !== "application/x-www-form-urlencoded") return problem("the Content-Type is missing, or neither JSON nor a form");
  if (type === "application/x-www-form-urlencoded" && !isForm(request.body)) return problem("the body is no form");
  const signature = headerOf(request, "x-hub-signature-256") || headerOf(request, "x-hub-signature");
  return isSignedAs(signature, token, request.body) ? ok(undefined) : problem("the signature header is missing or wrong");
}

/** Source: Go, url.ParseQuery: no semicolons, no percent sign without two hex digits. */
const isForm = (body: Uint8Array): boolean => !/;|%(?![0-9a-fA-F]{2})/.test(Buffer.from(body).toString("latin1"));
