import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { createProtobufDecoder } from "../protobuf/decode.ts";
import { decodeYaml, repeatedKey } from "./go-yaml.ts";
import { scanJson } from "./scan-json.ts";
import { badRequest, type Failure, tooLarge, unsupportedMediaType } from "./status.ts";

/** Source: apiserver, MaxRequestBodyBytes. */
export const MAX_BODY = 3 * 1024 * 1024;

export const mediaTypeOf = (header: string | undefined): string => (header ?? "").split(";")[0]?.trim().toLowerCase() ?? "";

/** A key that comes twice, of which the last one counts. `path` is empty where only the text is known. */
export type Repeated = { readonly path: string; readonly text: string };
export type Body = { readonly value: Json; readonly repeated: readonly Repeated[] };

/** JSON without depth that could hurt, and without `__proto__` as a key of anything. The problem is in Go's words. */
export function decodeJson(text: string): Result<Body> {
  const scan = scanJson(text);
  if (!scan.ok) return scan;
  return ok({ value: parsed(text), repeated: scan.value.duplicates.map((path) => ({ path, text: `duplicate field ${JSON.stringify(path)}` })) });
}

function parsed(text: string): Json {
  // Written as an escape, the key would get through a look at the text alone.
  const suspect = text.includes("__proto__") || text.includes("\\u005f") || text.includes("\\u005F");
  return suspect ? (JSON.parse(text, (key, value: Json) => (key === "__proto__" ? undefined : value)) as Json) : (JSON.parse(text) as Json);
}

/** YAML; most clients send JSON in its place, which is read as such. */
export function decodeYamlOrJson(text: string): Result<Body> {
  if (text.startsWith("{")) {
    const asJson = decodeJson(text);
    if (asJson.ok) return ok({ value: asJson.value.value, repeated: asJson.value.repeated.map(({ path }) => ofText(repeatedKey(1, lastStep(path)))) });
    if (asJson.problem.endsWith("exceeded max depth")) return problem("yaml: exceeded max depth");
  }
  const decoded = decodeYaml(text);
  return decoded.ok ? ok({ value: decoded.value.value, repeated: decoded.value.repeated.map(ofText) }) : decoded;
}

const ofText = (text: string): Repeated => ({ path: "", text });
const lastStep = (path: string): string => path.slice(path.lastIndexOf(".") + 1);

const PROTOBUF = "application/vnd.kubernetes.protobuf";
/** Holds nothing but the table of messages, read at the first such body. */
const decodeProtobuf = createProtobufDecoder();
const ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf";
const TYPE_META = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

/** An object to create or to replace, or the answer to what cannot be read. `kind` is the one that is wanted. */
export function decodeObject(body: Uint8Array, contentType: string | undefined, kind: string): Result<Body, Failure> {
  const mediaType = mediaTypeOf(contentType);
  if (body.length > MAX_BODY) return problem(tooLarge(`Request entity too large: limit is ${MAX_BODY}`));
  const unrecognized = (why: string): Result<never, Failure> => problem(badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why}`));
  if (mediaType === PROTOBUF) {
    const decoded = decodeProtobuf(body);
    return decoded.ok ? ok({ value: decoded.value, repeated: [] }) : unrecognized(decoded.problem);
  }
  const text = Buffer.from(body).toString("utf8");
  if (mediaType === "application/yaml") {
    const decoded = decodeYamlOrJson(text);
    return decoded.ok ? decoded : unrecognized(`${decoded.problem} (${summary(body)})`);
  }
  if (mediaType !== "" && mediaType !== "application/json")
    return problem(unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${ACCEPTED}`));
  const decoded = decodeJson(text);
  const why = decoded.ok ? typeProblem(decoded.value.value) : decoded.problem;
  if (why !== undefined) return unrecognized(`couldn't get version/kind; json parse error: ${why} (${summary(body)})`);
  return decoded.ok ? decoded : unrecognized("");
}

const goWord = (value: Json): string => (isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value);

/** Nothing can be read as an object but an object, or nothing at all. */
function typeProblem(value: Json): string | undefined {
  if (value === null) return undefined;
  if (!isObject(value)) return `json: cannot unmarshal ${goWord(value)} into Go value of type ${TYPE_META}`;
  const field = ["apiVersion", "kind"].find((name) => value[name] !== undefined && value[name] !== null && typeof value[name] !== "string");
  return field === undefined ? undefined : `json: cannot unmarshal ${goWord(value[field] ?? null)} into Go struct field .${field} of type string`;
}

const SHOWN = 30;

/** The beginning of a body as errors show it. Source: apiserver handlers/create.go summarizeData. */
function summary(body: Uint8Array): string {
  if (body.length === 0) return "<empty>";
  const start = Buffer.from(body.slice(0, SHOWN));
  return `${body[0] === 0x7b ? start.toString("utf8") : start.toString("hex")}${body.length > SHOWN ? " ..." : ""}`;
}
