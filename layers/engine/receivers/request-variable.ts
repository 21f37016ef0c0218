import { isObject, type JsonObject } from "../domain/json.ts";
import { ok, problem, type Result } from "../domain/result.ts";
import { parseBoundedJson } from "./bounded-json.ts";
import { isJsonContent } from "./media-type.ts";
import type { Accepted } from "./validation.ts";
import type { WebhookRequest } from "./webhook-request.ts";

/** `req` in filters: the JSON object in the body, or what validation found in it; empty where Content-Type says nothing of JSON. Source: reference 4.4. */
export function requestVariable(request: WebhookRequest, { payload }: Accepted): Result<JsonObject> {
  if (!isJsonContent(request)) return ok({});
  const parsed = payload === undefined ? parseBoundedJson(request.body, "first") : ok(payload);
  if (!parsed.ok) return parsed;
  if (parsed.value === null) return ok({});
  return isObject(parsed.value) ? ok(parsed.value) : problem("the body is no JSON object");
}
