/** A text's form, and how a message calls it: `expected <expected>`. What looks like a key in the wrong place is not shown: messages stand in logs of pipelines. */
export type TextForm = { readonly pattern: RegExp; readonly expected: string; readonly unshown?: { readonly pattern: RegExp; readonly got: string } };

/**
 * Reads what stands in a configuration. Each function gives undefined for what is not there, and for what is wrong, which it adds to `problems`: whoever
 * configures something wants to hear of all mistakes at once. What comes from `-c name=value` is text, what comes from `cdk.json` is JSON: both are taken.
 */
export type Reader = {
  readonly problems: readonly string[];
  problem(path: string, expected: string, got: unknown): void;
  text(path: string, value: unknown, form: TextForm): string | undefined;
  texts(path: string, value: unknown, form: TextForm): readonly string[] | undefined;
  textMap(path: string, value: unknown, form: TextForm): { readonly [key: string]: string } | undefined;
  flag(path: string, value: unknown): boolean | undefined;
  oneOf(path: string, value: unknown, allowed: readonly number[]): number | undefined;
  /** The members of an object; one that is not among `keys` is a problem, since it is a typing error. */
  object(path: string, value: unknown, keys: readonly string[]): { readonly [key: string]: unknown } | undefined;
  /** A list; a text is one written as JSON, or its items with commas between them. */
  list(path: string, value: unknown, expected: string): readonly unknown[] | undefined;
};

const LONGEST_SHOWN = 120;

export function createReader(): Reader {
  const problems: string[] = [];
  const problem = (path: string, expected: string, got: unknown): undefined => {
    problems.push(`${path}: expected ${expected}, got ${shown(got)}`);
  };

  const text: Reader["text"] = (path, value, { pattern, expected, unshown }) => {
    if (isAbsent(value)) return undefined;
    if (typeof value === "string" && unshown?.pattern.test(value)) {
      problems.push(`${path}: expected ${expected}, got ${unshown.got}`);
      return undefined;
    }
    return typeof value === "string" && pattern.test(value) ? value : problem(path, expected, value);
  };

  const list: Reader["list"] = (path, value, expected) => {
    if (isAbsent(value)) return undefined;
    if (Array.isArray(value)) return value;
    if (typeof value !== "string") return problem(path, expected, value);
    if (!value.trimStart().startsWith("[")) return value.split(",").map((item) => item.trim());
    const parsed = parseJson(value);
    return Array.isArray(parsed) ? parsed : problem(path, expected, value);
  };

  const object: Reader["object"] = (path, value, keys) => {
    if (!isRecord(value)) return problem(path, `an object with ${keys.join(", ")}`, value);
    for (const key of Object.keys(value)) if (!keys.includes(key)) problem(`${path}.${key}`, `one of ${keys.join(", ")}`, key);
    return value;
  };

  return {
    problems,
    problem,
    text,
    list,
    object,
    texts: (path, value, form) =>
      list(path, value, `a list, each ${form.expected}`)?.flatMap((item, index) => text(`${path}[${index}]`, item ?? null, form) ?? []),
    textMap: (path, value, form) => {
      if (isAbsent(value)) return undefined;
      const record = typeof value === "string" ? parseJson(value) : value;
      if (!isRecord(record)) return problem(path, `an object, each value ${form.expected}`, value);
      return Object.fromEntries(Object.entries(record).flatMap(([key, item]) => [[key, text(`${path}.${key}`, item ?? null, form) ?? ""]]));
    },
    flag: (path, value) => {
      if (isAbsent(value)) return undefined;
      if (value === true || value === "true") return true;
      return value === false || value === "false" ? false : problem(path, "true or false", value);
    },
    oneOf: (path, value, allowed) => {
      if (isAbsent(value)) return undefined;
      const number = typeof value === "string" ? Number(value) : value;
      return typeof number === "number" && allowed.includes(number) ? number : problem(path, `one of ${allowed.join(", ")}`, value);
    },
  };
}

/** `-c clusters=` and `"clusters": ""` say nothing, and so does what is not there; null is a mistake. */
const isAbsent = (value: unknown): value is undefined => value === undefined || value === "";

const isRecord = (value: unknown): value is { readonly [key: string]: unknown } => typeof value === "object" && value !== null && !Array.isArray(value);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
