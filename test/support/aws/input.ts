import { AwsProblem } from "./answer.ts";

/** Members of a request, not yet looked at. */
export type Input = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Input {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const wrongType = (name: string, wanted: string): AwsProblem => new AwsProblem("SerializationException", `${name} must be ${wanted}`);

/** A text that must be there; `missing` is the code that the service has for it. */
export function textOf(input: Input, name: string, missing = "ValidationException"): string {
  const value = maybeText(input, name);
  if (value === undefined) throw new AwsProblem(missing, `The request must contain the parameter ${name}.`);
  return value;
}

export function maybeText(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrongType(name, "a string");
  return value;
}

/** Also digits in a text, as queries carry them. */
export function maybeNumber(input: Input, name: string): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  const number = typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (typeof number !== "number") throw wrongType(name, "a number");
  return number;
}

export function maybeFlag(input: Input, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (value === true || value === "true") return true;
  if (value === false || value === "false") return false;
  throw wrongType(name, "true or false");
}

/** The list, empty when it is not there. */
export function listOf(input: Input, name: string): readonly unknown[] {
  const value = input[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrongType(name, "a list");
  return value;
}

export function textsOf(input: Input, name: string): readonly string[] {
  return listOf(input, name).map((value) => {
    if (typeof value !== "string") throw wrongType(name, "a list of strings");
    return value;
  });
}

export function recordsOf(input: Input, name: string): readonly Input[] {
  return listOf(input, name).map((value) => {
    if (!isRecord(value)) throw wrongType(name, "a list of structures");
    return value;
  });
}

/** The structure, empty when it is not there. */
export function recordOf(input: Input, name: string): Input {
  const value = input[name];
  if (value === undefined || value === null) return {};
  if (!isRecord(value)) throw wrongType(name, "a structure");
  return value;
}

/** A map of texts, empty when it is not there. */
export function textMapOf(input: Input, name: string): Readonly<Record<string, string>> {
  const map: Record<string, string> = {};
  for (const [key, value] of Object.entries(recordOf(input, name))) {
    if (typeof value !== "string") throw wrongType(`${name}.${key}`, "a string");
    map[key] = value;
  }
  return map;
}

/** The object that a JSON text holds. */
export function parseObject(text: string): Input {
  let value: unknown;
  try {
    value = JSON.parse(text === "" ? "{}" : text);
  } catch {
    throw new AwsProblem("SerializationException", "the body is no JSON");
  }
  if (!isRecord(value)) throw new AwsProblem("SerializationException", "the body is no JSON object");
  return value;
}
