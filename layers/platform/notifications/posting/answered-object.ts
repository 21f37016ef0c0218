import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { HttpAnswer } from "../../http/exchange.ts";

/** The JSON object in an answer's body; undefined when it is none. */
export function answeredObject({ body }: Pick<HttpAnswer, "body">): JsonObject | undefined {
  const value = parseJson(Buffer.from(body).toString());
  return isObject(value) ? value : undefined;
}

function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
