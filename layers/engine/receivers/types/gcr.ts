import type { Json, JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { parseBoundedJson } from "../bounded-json.ts";
import { isSame } from "../constant-time.ts";
import { fieldOf, type GoType, isDecodable, textField } from "../go-json-type.ts";
import { bearerToken } from "../jwt/token.ts";
import { type Issuer, verifyToken } from "../jwt/verify-token.ts";
import { type ReceiverSecret, textOf } from "../receiver-secret.ts";
import type { Validation } from "../validation.ts";

/** Source: Google, "Verify the Google ID token": its keys, and both ways in which it names itself. */
const GOOGLE: Issuer = { keysUrl: "https://www.googleapis.com/oauth2/v3/certs", algorithms: ["RS256"] };
const GOOGLE_NAMES = ["accounts.google.com", "https://accounts.google.com"];

/** A push message of Pub/Sub, and in it, in base64, what the registry says. */
const MESSAGE: GoType = { fields: { message: { fields: { data: "text", messageId: "text", publishTime: "time", subscription: "text" } } } };
const DATA: GoType = { fields: { action: "text", digest: "text", tag: "text" } };
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Filters see what is in the message: action, digest and tag. Source: reference 4.4; recorded in receivers/gcr. */
export const validateGcr: Validation = async (request, { secret, documents, now }) => {
  const token = bearerToken(request);
  if (!token.ok) return token;
  const verified = await verifyToken(token.value, GOOGLE, { documents, now });
  if (!verified.ok) return verified;
  const wrong = wrongClaim(verified.value, secret);
  if (wrong !== undefined) return problem(wrong);
  const payload = payloadIn(request.body);
  return payload.ok ? ok({ payload: payload.value }) : payload;
};

/** CVE-2026-40109: without the address of the account, whoever has a token of Google's for that audience could call. Empty ones in the Secret let nobody in. */
function wrongClaim({ iss, aud, email, email_verified: isVerified }: JsonObject, secret: ReceiverSecret): string | undefined {
  const audience = textOf(secret, "audience");
  const account = textOf(secret, "email");
  if (audience === "" || account === "") return "the Secret has no audience or no email";
  if (typeof iss !== "string" || !GOOGLE_NAMES.includes(iss)) return "the token is not Google's";
  if (typeof aud !== "string" || !isSame(aud, audience)) return "the token is for another audience";
  if (typeof email !== "string" || !isSame(email, account)) return "the token is another account's";
  return isVerified === true ? undefined : "the address in the token is not verified";
}

function payloadIn(body: Uint8Array): Result<Json> {
  const message = parseBoundedJson(body, "first");
  if (!message.ok) return message;
  if (!isDecodable(message.value, MESSAGE)) return problem("the body is no message of Pub/Sub");
  const text = textField(fieldOf(message.value, "message"), "data").replace(/[\r\n]/g, "");
  const data = parseBoundedJson(Buffer.from(BASE64.test(text) ? text : "", "base64"), "whole");
  if (!data.ok) return data;
  if (!isDecodable(data.value, DATA)) return problem("the message has fields of other types");
  return ok({ action: textField(data.value, "action"), digest: textField(data.value, "digest"), tag: textField(data.value, "tag") });
}
