import { problem, type Result } from "../domain/result.ts";
import { type JsonExtent, parseBoundedJson } from "./bounded-json.ts";
import { type GoType, isDecodable } from "./go-json-type.ts";
import { ACCEPTED, type Accepted } from "./validation.ts";
import type { WebhookRequest } from "./webhook-request.ts";

/** The body is JSON whose known fields have their types; what the fields say is not looked at. */
export function checkTypedBody({ body }: WebhookRequest, type: GoType, extent: JsonExtent = "first"): Result<Accepted> {
  const parsed = parseBoundedJson(body, extent);
  if (!parsed.ok) return parsed;
  return isDecodable(parsed.value, type) ? ACCEPTED : problem("the body has fields of other types");
}
