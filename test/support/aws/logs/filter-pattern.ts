import { AwsProblem, notInTheFake } from "../answer.ts";
import { isRecord } from "../input.ts";

export type Matches = (message: string) => boolean;

/**
 * A filter pattern as a predicate: terms (`a "b c" -d`, `?a ?b`) or comparisons of JSON (`{ $.level = "ERROR" && $.ms > 5 }`).
 * What AWS refuses is refused with its code, what only the fake cannot read aloud.
 * Source: CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters, filter log events, and Live Tail".
 */
export function parseFilterPattern(pattern: string): Matches {
  const text = pattern.trim();
  if (text === "") return () => true;
  if (text.startsWith("[") || text.startsWith("%")) throw notInTheFake(`the filter pattern ${text}`);
  return text.startsWith("{") ? parseJsonPattern(text) : parseTerms(text);
}

function parseTerms(text: string): Matches {
  const required: string[] = [];
  const optional: string[] = [];
  const excluded: string[] = [];
  for (const [whole, sign = "", quoted, plain] of text.matchAll(/([?-]?)(?:"((?:[^"\\]|\\.)*)"|(\S+))/g)) {
    if (plain !== undefined && !/^\w+$/.test(plain)) throw invalid(whole);
    const term = plain ?? (quoted ?? "").replace(/\\(.)/g, "$1");
    (sign === "?" ? optional : sign === "-" ? excluded : required).push(term);
  }
  // "?" beside other terms says nothing. Source: the same page, "Match terms in unstructured log events".
  const any = required.length + excluded.length > 0 ? [] : optional;
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (any.length === 0 || any.some((term) => message.includes(term)));
}

type Comparison = { readonly path: readonly string[]; readonly operator: string; readonly value: string | number };

function parseJsonPattern(text: string): Matches {
  const inner = /^\{(.*)\}$/s.exec(text)?.[1];
  if (inner === undefined) throw invalid(text);
  const alternatives = splitOutside(inner, "||").map((part) => splitOutside(part, "&&").map(parseComparison));
  return (message) => {
    const event = parseEvent(message);
    return event !== undefined && alternatives.some((all) => all.every((one) => holds(one, event)));
  };
}

/** Parts of a text between `separator`s that stand outside of quotes. */
function splitOutside(text: string, separator: string): readonly string[] {
  const parts: string[] = [""];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|&&|\|\||[^"]/gs)) {
    if (token === separator) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${token}`);
  }
  return parts;
}

function parseComparison(text: string): Comparison {
  const [, path, operator, quoted, plain] = /^\s*\$((?:\.[\w-]+)+)\s*(=|!=|<=|>=|<|>)\s*(?:"((?:[^"\\]|\\.)*)"|([\w.*-]+))\s*$/.exec(text) ?? [];
  if (path === undefined || operator === undefined) {
    if (/[()%[\]]|\bIS\b|\bEXISTS\b/.test(text)) throw notInTheFake(`the filter pattern ${text}`);
    throw invalid(text);
  }
  const value = quoted?.replace(/\\(.)/g, "$1") ?? (/^-?\d+(\.\d+)?$/.test(plain ?? "") ? Number(plain) : (plain ?? ""));
  return { path: path.slice(1).split("."), operator, value };
}

function holds({ path, operator, value }: Comparison, event: Readonly<Record<string, unknown>>): boolean {
  let found: unknown = event;
  for (const name of path) found = isRecord(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  if (found === undefined || found === null || typeof found === "object") return false;
  if (typeof value === "string") {
    const same = wildcard(value).test(String(found));
    return operator === "=" ? same : operator === "!=" && !same;
  }
  const number = Number(found);
  const results: Readonly<Record<string, boolean>> = {
    "=": number === value,
    "!=": number !== value,
    "<": number < value,
    "<=": number <= value,
    ">": number > value,
    ">=": number >= value,
  };
  return results[operator] === true;
}

const wildcard = (value: string): RegExp =>
  new RegExp(
    `^${value
      .split("*")
      .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
    "s",
  );

function parseEvent(message: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(message);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const invalid = (what: string): AwsProblem => new AwsProblem("InvalidParameterException", `Invalid filter pattern: ${what}`);
