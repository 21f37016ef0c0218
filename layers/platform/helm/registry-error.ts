import { STATUS_CODES } from "node:http";
import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { HttpAnswer } from "../http/exchange.ts";

const SHOWN = 1024;

/** What a registry's refusal is called: `GET "https://…": response status code 404: manifest unknown: manifest unknown`. Source: oras-go, errcode. */
export function registryError({ url, status, body }: HttpAnswer): string {
  const errors = errorsIn(body).map(oneError).join("; ");
  const words = errors === "" ? (STATUS_CODES[status] ?? "") : errors;
  return `GET ${JSON.stringify(url)}: response status code ${status}: ${words}`.slice(0, SHOWN);
}

function errorsIn(body: Uint8Array): readonly Json[] {
  try {
    const parsed: Json = JSON.parse(new TextDecoder().decode(body));
    return isObject(parsed) && isArray(parsed.errors) ? parsed.errors : [];
  } catch {
    return [];
  }
}

function oneError(error: Json): string {
  if (!isObject(error)) return "";
  const code = typeof error.code === "string" ? error.code.toLowerCase().replaceAll("_", " ") : "";
  const message = typeof error.message === "string" ? error.message : "";
  return message === "" ? code : `${code}: ${message}`;
}
