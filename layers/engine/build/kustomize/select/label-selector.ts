import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import { labelKeyProblem, labelValueProblem } from "./label-names.ts";
import { labelTokens, type Token } from "./label-tokens.ts";

/** Whether labels, or annotations, are meant. */
export type LabelPattern = (labels: ReadonlyMap<string, string>) => boolean;

type Operator = "exists" | "absent" | "=" | "==" | "!=" | "in" | "notin" | ">" | "<";

/**
 * `app=web,tier!=db,env in (a,b),!legacy`; an empty text matches everything.
 * Source: kyaml's copy of k8s.io/apimachinery 0.19.8, labels.Parse.
 */
export function compileLabelSelector(text: string): Result<LabelPattern> {
  spend(10 * text.length);
  const tokens = createReader(labelTokens(text));
  const requirements: LabelPattern[] = [];
  for (;;) {
    const first = tokens.peek();
    if (first.kind === "end") break;
    if (!startsRequirement(first)) return problem(`found '${first.text}', expected: !, identifier, or 'end of string'`);
    const requirement = readRequirement(tokens);
    if (!requirement.ok) return problem(`unable to parse requirement: ${requirement.problem}`);
    requirements.push(requirement.value);
    const after = tokens.take();
    if (after.kind === "end") break;
    if (after.kind !== ",") return problem(`found '${after.text}', expected: ',' or 'end of string'`);
    const next = tokens.peek();
    if (!startsRequirement(next)) return problem(`found '${next.text}', expected: identifier after ','`);
  }
  return ok((labels) => {
    spend(requirements.length);
    return requirements.every((isMet) => isMet(labels));
  });
}

type Reader = { peek(): Token; take(): Token };

const END: Token = { kind: "end", text: "" };

function createReader(tokens: readonly Token[]): Reader {
  let at = 0;
  return { peek: () => tokens[at] ?? END, take: () => tokens[at++] ?? END };
}

/** The words of operators are also names: `in in (in)`. */
const isName = ({ kind }: Token): boolean => kind === "identifier" || kind === "in" || kind === "notin";
const startsRequirement = (token: Token): boolean => isName(token) || token.kind === "!";

function readRequirement(tokens: Reader): Result<LabelPattern> {
  const isNegated = tokens.peek().kind === "!";
  if (isNegated) tokens.take();
  const key = tokens.take();
  if (!isName(key)) return problem(`found '${key.text}', expected: identifier`);
  const wrongKey = labelKeyProblem(key.text);
  if (wrongKey !== undefined) return problem(wrongKey);
  if (isNegated) return newRequirement(key.text, "absent", []);
  const next = tokens.peek().kind;
  if (next === "end" || next === ",") return newRequirement(key.text, "exists", []);
  const operator = readOperator(tokens.take());
  if (!operator.ok) return operator;
  const values = operator.value === "in" || operator.value === "notin" ? readSet(tokens) : readValue(tokens);
  return values.ok ? newRequirement(key.text, operator.value, values.value) : values;
}

function readOperator({ kind, text }: Token): Result<Operator> {
  switch (kind) {
    case "in":
    case "notin":
    case "=":
    case "==":
    case "!=":
    case ">":
    case "<":
      return ok(kind);
    case "!":
    case "(":
    case ")":
    case ",":
    case "identifier":
    case "end":
      return problem(`found '${text}', expected: '=', '!=', '==', 'in', notin'`);
  }
}

function readValue(tokens: Reader): Result<readonly string[]> {
  const { kind } = tokens.peek();
  if (kind === "end" || kind === ",") return ok([""]);
  const value = tokens.take();
  return isName(value) ? ok([value.text]) : problem(`found '${value.text}', expected: identifier`);
}

function readSet(tokens: Reader): Result<readonly string[]> {
  const open = tokens.take();
  if (open.kind !== "(") return problem(`found '${open.text}' expected: '('`);
  const first = tokens.peek();
  if (first.kind === ")") {
    tokens.take();
    return ok([""]);
  }
  if (!isName(first) && first.kind !== ",") return problem(`found '${first.text}', expected: ',', ')' or identifier`);
  const values = readSetItems(tokens);
  if (values.ok) tokens.take();
  return values;
}

/** Up to the closing parenthesis, which is left. A comma without a value before or behind it stands for an empty one. */
function readSetItems(tokens: Reader): Result<readonly string[]> {
  const values = new Set<string>();
  for (;;) {
    const item = tokens.take();
    if (isName(item)) {
      values.add(item.text);
      const next = tokens.peek();
      if (next.kind === ")") return ok([...values]);
      if (next.kind !== ",") return problem(`found '${next.text}', expected: ',' or ')'`);
    } else if (item.kind === ",") {
      if (values.size === 0) values.add("");
      const next = tokens.peek().kind;
      if (next === "," || next === ")") values.add("");
      if (next === ")") return ok([...values]);
      if (next === ",") tokens.take();
    } else {
      return problem(`found '${item.text}', expected: ',', or identifier`);
    }
  }
}

function newRequirement(key: string, operator: Operator, values: readonly string[]): Result<LabelPattern> {
  if ((operator === ">" || operator === "<") && values.some((value) => parseInteger(value) === undefined)) {
    return problem("for 'Gt', 'Lt' operators, the value must be an integer");
  }
  for (const value of values.toSorted()) {
    const wrong = labelValueProblem(key, value);
    if (wrong !== undefined) return problem(wrong);
  }
  return ok(requirement(key, operator, values));
}

function requirement(key: string, operator: Operator, values: readonly string[]): LabelPattern {
  const wanted = new Set(values);
  const number = parseInteger(values[0] ?? "") ?? 0n;
  const has = (labels: ReadonlyMap<string, string>): boolean => wanted.has(labels.get(key) ?? "");
  switch (operator) {
    case "exists":
      return (labels) => labels.has(key);
    case "absent":
      return (labels) => !labels.has(key);
    case "in":
    case "=":
    case "==":
      return (labels) => labels.has(key) && has(labels);
    case "notin":
    case "!=":
      return (labels) => !labels.has(key) || !has(labels);
    case ">":
      return (labels) => (parseInteger(labels.get(key) ?? "") ?? number) > number;
    case "<":
      return (labels) => (parseInteger(labels.get(key) ?? "") ?? number) < number;
  }
}

const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);
const LONGEST_INTEGER = 400;

/** As Go's ParseInt with base 10 and 64 bits. A text beyond all labels is not converted: that is quadratic. */
function parseInteger(text: string): bigint | undefined {
  if (!/^[-+]?[0-9]+$/.test(text)) return undefined;
  const digits = text.replace(/^[-+]?0*/, "");
  if (digits.length > LONGEST_INTEGER) return undefined;
  const size = BigInt(digits === "" ? "0" : digits);
  const value = text.startsWith("-") ? -size : size;
  return value >= MIN_INT64 && value <= MAX_INT64 ? value : undefined;
}
