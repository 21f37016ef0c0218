import { ok, problem, type Result } from "../domain/result.ts";

/** One condition of a selector on a map of texts. */
export type Requirement = {
  readonly key: string;
  readonly operator: "in" | "not-in" | "exists" | "absent" | "greater" | "less";
  readonly values: readonly string[];
};

type Texts = { readonly [key: string]: string };

const KEY = /^[A-Za-z0-9][\w./-]*$/;
const VALUE = /^[\w./:@+-]*$/;

/**
 * `app=web,tier!=db,env in (a,b),!legacy`: Kubernetes' selector syntax. An empty text selects everything.
 * Source: k8s.io/apimachinery, labels.Parse.
 */
export function parseLabelSelector(text: string): Result<readonly Requirement[]> {
  const requirements: Requirement[] = [];
  for (const part of splitOutsideOfParentheses(text)) {
    const requirement = parseRequirement(part.trim());
    if (requirement === undefined) return problem(`unable to parse requirement "${part.trim()}" of the selector "${text}"`);
    requirements.push(requirement);
  }
  return ok(requirements);
}

function splitOutsideOfParentheses(text: string): readonly string[] {
  if (text.trim() === "") return [];
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "," && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
  }
  return [...parts, text.slice(start)];
}

function parseRequirement(part: string): Requirement | undefined {
  if (part.startsWith("!")) return checked({ key: part.slice(1).trim(), operator: "absent", values: [] });
  const set = /^(\S+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part);
  if (set !== null) {
    const [, key = "", word, list = ""] = set;
    return checked({ key, operator: word === "in" ? "in" : "not-in", values: list.split(",").map((value) => value.trim()) });
  }
  const [, key = "", operator, value = ""] = /^([^\s=!<>]+)\s*(==|=|!=|>|<)\s*(\S*)$/.exec(part) ?? [];
  switch (operator) {
    case "=":
    case "==":
      return checked({ key, operator: "in", values: [value] });
    case "!=":
      return checked({ key, operator: "not-in", values: [value] });
    case ">":
    case "<":
      return /^-?\d+$/.test(value) ? checked({ key, operator: operator === ">" ? "greater" : "less", values: [value] }) : undefined;
    default:
      return checked({ key: part, operator: "exists", values: [] });
  }
}

const checked = (requirement: Requirement): Requirement | undefined =>
  KEY.test(requirement.key) && requirement.values.every((value) => VALUE.test(value)) ? requirement : undefined;

/** True when `texts` (labels or annotations) meet all requirements. */
export const matchesSelector = (requirements: readonly Requirement[], texts: Texts | undefined): boolean =>
  requirements.every((requirement) => meets(requirement, texts ?? {}));

function meets({ key, operator, values }: Requirement, texts: Texts): boolean {
  const value = Object.hasOwn(texts, key) ? texts[key] : undefined;
  switch (operator) {
    case "exists":
      return value !== undefined;
    case "absent":
      return value === undefined;
    case "in":
      return value !== undefined && values.includes(value);
    case "not-in":
      return value === undefined || !values.includes(value);
    case "greater":
    case "less": {
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      const difference = BigInt(value) - BigInt(values[0] ?? "0");
      return operator === "greater" ? difference > 0n : difference < 0n;
    }
  }
}
