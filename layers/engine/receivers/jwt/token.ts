import { isObject, type JsonObject } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { parseBoundedJson } from "../bounded-json.ts";
import { headerOf, type WebhookRequest } from "../webhook-request.ts";

/** A JSON Web Token as somebody sent it: nothing in it is true before its signature has been verified. */
export type Token = {
  readonly algorithm: string;
  readonly keyId?: string;
  readonly claims: JsonObject;
  /** What the signature is over. */
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
};

/** Tokens of issuers have one or two thousand characters. */
const MAX_LENGTH = 16_384;
const PART = /^[A-Za-z0-9_-]+$/;

/** The token in `Authorization: Bearer …`. */
export function bearerToken(request: WebhookRequest): Result<Token> {
  const [, text] = /^Bearer (.*)$/.exec(headerOf(request, "authorization")) ?? [];
  return text === undefined ? problem("the header Authorization is missing, or no bearer's") : parseToken(text.trim());
}

/** Source: RFC 7519, RFC 7515 §3.1: three parts in base64url without padding. */
export function parseToken(text: string): Result<Token> {
  if (text.length > MAX_LENGTH) return problem("the token is too long");
  const parts = text.split(".");
  const [header = "", payload = "", signature = ""] = parts;
  if (parts.length !== 3 || !parts.every((part) => PART.test(part))) return problem("the token is no JWT");
  const head = readPart(header);
  const claims = readPart(payload);
  if (head === undefined || claims === undefined) return problem("the token is no JWT");
  // What is marked as critical must be understood, and we understand nothing of the kind. Source: RFC 7515 §4.1.11.
  if (typeof head.alg !== "string" || Object.hasOwn(head, "crit")) return problem("the header of the token is not understood");
  return ok({
    algorithm: head.alg,
    ...(typeof head.kid === "string" && { keyId: head.kid }),
    claims,
    signed: Buffer.from(`${header}.${payload}`, "ascii"),
    signature: Buffer.from(signature, "base64url"),
  });
}

function readPart(part: string): JsonObject | undefined {
  const parsed = parseBoundedJson(Buffer.from(part, "base64url"), "whole");
  return parsed.ok && isObject(parsed.value) ? parsed.value : undefined;
}
