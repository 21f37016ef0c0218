import { AwsProblem, notInTheFake } from "../answer.ts";
import { isRecord } from "../input.ts";

/** Values of one attribute of a message, or of one key of its body. */
export type Values = readonly (string | number | boolean | null)[];

export type FilterPolicy = Readonly<Record<string, readonly unknown[]>>;

/** A filter policy over one level of names. Source: SNS Developer Guide, "Amazon SNS subscription filter policies". */
export function parseFilterPolicy(text: string): FilterPolicy {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid("failed to parse JSON");
  }
  if (!isRecord(value)) throw invalid("Filter policy must be an object");
  const policy: Record<string, readonly unknown[]> = {};
  for (const [name, rules] of Object.entries(value)) {
    if (!Array.isArray(rules) || rules.length === 0) throw notInTheFake(`the filter policy of ${name}: nested or empty`);
    for (const rule of rules) checkRule(rule);
    policy[name] = rules;
  }
  return policy;
}

/** All names must fit; a name fits when one of its rules fits one of its values. */
export function isWanted(policy: FilterPolicy, valuesOf: (name: string) => Values | undefined): boolean {
  return Object.entries(policy).every(([name, rules]) => {
    const values = valuesOf(name);
    return rules.some((rule) => fits(rule, values));
  });
}

const KNOWN = ["exists", "prefix", "suffix", "anything-but", "numeric", "equals-ignore-case"];

function checkRule(rule: unknown): void {
  if (!isRecord(rule)) return;
  const [name, second] = Object.keys(rule);
  if (name === undefined || second !== undefined || !KNOWN.includes(name)) throw notInTheFake(`the filter rule ${JSON.stringify(rule)}`);
}

function fits(rule: unknown, values: Values | undefined): boolean {
  if (!isRecord(rule)) return values?.some((value) => value === rule) ?? false;
  if ("exists" in rule) return (values !== undefined) === rule["exists"];
  if (values === undefined) return false;
  if ("anything-but" in rule) return !values.some((value) => isExcluded(rule["anything-but"], value));
  return values.some((value) => fitsOne(rule, value));
}

function isExcluded(excluded: unknown, value: Values[number]): boolean {
  if (isRecord(excluded)) return fitsOne(excluded, value);
  return Array.isArray(excluded) ? excluded.includes(value) : excluded === value;
}

function fitsOne(rule: Readonly<Record<string, unknown>>, value: Values[number]): boolean {
  if (typeof rule["prefix"] === "string") return typeof value === "string" && value.startsWith(rule["prefix"]);
  if (typeof rule["suffix"] === "string") return typeof value === "string" && value.endsWith(rule["suffix"]);
  if (typeof rule["equals-ignore-case"] === "string") return typeof value === "string" && value.toLowerCase() === rule["equals-ignore-case"].toLowerCase();
  return Array.isArray(rule["numeric"]) && typeof value === "number" && inRange(rule["numeric"], value);
}

function inRange(range: readonly unknown[], value: number): boolean {
  for (let at = 0; at < range.length; at += 2) {
    const bound = Number(range[at + 1]);
    const holds: Readonly<Record<string, boolean>> = {
      "=": value === bound,
      "<": value < bound,
      "<=": value <= bound,
      ">": value > bound,
      ">=": value >= bound,
    };
    if (holds[String(range[at])] !== true) return false;
  }
  return true;
}

const invalid = (why: string): AwsProblem => new AwsProblem("InvalidParameter", `Invalid parameter: FilterPolicy: ${why}`);
