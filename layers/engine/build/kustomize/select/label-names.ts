import { quote } from "../../text/quote.ts";

const WORD = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const DNS_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const DNS_SUBDOMAIN = `${DNS_LABEL}(\\.${DNS_LABEL})*`;
const MAX_NAME = 63;
const MAX_PREFIX = 253;

const IS_WORD = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const IS_DNS_LABEL = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

const WORD_RULE =
  `must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ` +
  `(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${WORD}')`;
const VALUE_RULE =
  `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character ` +
  `(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(${WORD})?')`;
const PREFIX_RULE =
  `a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character ` +
  `(e.g. 'example.com', regex used for validation is '${DNS_SUBDOMAIN}')`;

/** Why `key` may not be the key of a label; undefined when it may. Source: kyaml, validation.IsQualifiedName. */
export function labelKeyProblem(key: string): string | undefined {
  const problems = keyProblems(key);
  return problems.length === 0 ? undefined : `invalid label key ${quote(key)}: ${problems.join("; ")}`;
}

function keyProblems(key: string): readonly string[] {
  const [first = "", second, ...more] = key.split("/");
  if (more.length > 0) return [`a qualified name ${WORD_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  return second === undefined ? nameProblems(first) : [...prefixProblems(first), ...nameProblems(second)];
}

function nameProblems(name: string): readonly string[] {
  const problems: string[] = [];
  if (name === "") problems.push("name part must be non-empty");
  else if (byteLength(name) > MAX_NAME) problems.push(`name part must be no more than ${MAX_NAME} characters`);
  if (!IS_WORD.test(name)) problems.push(`name part ${WORD_RULE}`);
  return problems;
}

function prefixProblems(prefix: string): readonly string[] {
  if (prefix === "") return ["prefix part must be non-empty"];
  const problems: string[] = [];
  if (byteLength(prefix) > MAX_PREFIX) problems.push(`prefix part must be no more than ${MAX_PREFIX} characters`);
  if (!prefix.split(".").every((label) => IS_DNS_LABEL.test(label))) problems.push(`prefix part ${PREFIX_RULE}`);
  return problems;
}

/** Why `value` may not be the value of the label `key`; undefined when it may. Source: kyaml, validation.IsValidLabelValue. */
export function labelValueProblem(key: string, value: string): string | undefined {
  const problems: string[] = [];
  if (byteLength(value) > MAX_NAME) problems.push(`must be no more than ${MAX_NAME} characters`);
  if (value !== "" && !IS_WORD.test(value)) problems.push(VALUE_RULE);
  return problems.length === 0 ? undefined : `invalid label value: ${quote(value)}: at key: ${quote(key)}: ${problems.join("; ")}`;
}

const byteLength = (text: string): number => new TextEncoder().encode(text).length;
