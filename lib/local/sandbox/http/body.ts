import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { load } from "js-yaml";
import { createProtobufDecoder } from "../protobuf/decode.ts";
import { badRequest, type Failure, tooLarge, unsupportedMediaType } from "./status.ts";

/** Source: apiserver, MaxRequestBodyBytes. */
export const MAX_BODY = 3 * 1024 * 1024;

export const mediaTypeOf = (header: string | undefined): string => (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** `application/json`, `application/yaml` or nothing at all (then JSON) into a value. `__proto__` is no key of anything. */
export function decodeText(body: Uint8Array, mediaType: string): Result<Json, string> {
  const text = Buffer.from(body).toString("utf8");
  try {
    const parsed: Json = mediaType === "application/json" || mediaType === "" ? parseJson(text) : ((load(text) ?? null) as Json);
    return ok(parsed);
  } catch (error) {
    return problem(error instanceof Error ? error.message : String(error));
  }
}

function parseJson(text: string): Json {
  return text.includes('"__proto__"')
    ? (JSON.parse(text, (key, value: Json) => (key === "__proto__" ? undefined : value)) as Json)
    : (JSON.parse(text) as Json);
}

const PROTOBUF = "application/vnd.kubernetes.protobuf";
/** Holds nothing but the table of messages, read at the first such body. */
const decodeProtobuf = createProtobufDecoder();
const ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";

/** An object to create or to replace, or the answer to what cannot be read. `kind` is the one that is wanted. */
export function decodeObject(body: Uint8Array, contentType: string | undefined, kind: string): Result<Json, Failure> {
  const mediaType = mediaTypeOf(contentType);
  if (body.length > MAX_BODY) return problem(tooLarge(`Request entity too large: limit is ${MAX_BODY}`));
  if (mediaType === PROTOBUF) {
    const decoded = decodeProtobuf(body);
    return decoded.ok ? decoded : problem(badRequest(`the object provided is unrecognized (must be of type ${kind}): ${decoded.problem}`));
  }
  if (mediaType !== "" && mediaType !== "application/json" && mediaType !== "application/yaml") {
    return problem(unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`));
  }
  const parsed = decodeText(body, mediaType);
  if (!parsed.ok) {
    const shown = Buffer.from(body).toString("utf8");
    return problem(
      badRequest(
        `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${jsonProblem(shown, parsed.problem)} (${start(shown)})`,
      ),
    );
  }
  if (parsed.value !== null && !isObject(parsed.value)) {
    const what = Array.isArray(parsed.value) ? "array" : typeof parsed.value;
    const shown = start(Buffer.from(body).toString("utf8"));
    const type = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    return problem(
      badRequest(
        `the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${what} into Go value of type ${type} (${shown})`,
      ),
    );
  }
  return parsed;
}

/** The most usual problem in the server's words; others as our parser says them. */
export function jsonProblem(text: string, own: string): string {
  const place = /at position (\d+)/.exec(own)?.[1];
  const atEnd = place !== undefined && Number(place) >= text.trimEnd().length;
  return atEnd || /end of JSON|Unterminated/.test(own) ? "unexpected end of JSON input" : own;
}

const start = (text: string): string => (text.length > 1024 ? `${Buffer.from(text.slice(0, 512)).toString("hex")} ...` : text);
