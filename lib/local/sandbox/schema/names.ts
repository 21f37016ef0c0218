import { RE2JS } from "re2js";

/** Rules for names, each answering with the words of what is wrong, none when all is well. Source: apimachinery, util/validation. */
export type NameRule = (name: string, prefix?: boolean) => readonly string[];

const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const LABEL_VALUE = `(${QUALIFIED})?`;
const CONFIG_KEY = "[-._a-zA-Z0-9]+";
const WILDCARD = `\\*\\.${SUBDOMAIN}`;

const LABEL_PROBLEM =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_PROBLEM =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const LABEL_1035_PROBLEM =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const QUALIFIED_PROBLEM = "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE_PROBLEM =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const CONFIG_KEY_PROBLEM = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
const WILDCARD_PROBLEM =
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character";

/** RE2, as the server has it: linear in the text, and `$` is its end. */
const compiled = (pattern: string): ((text: string) => boolean) => {
  const expression = RE2JS.compile(pattern);
  return (text) => expression.matches(text);
};

const isLabel = compiled(LABEL);
const isSubdomain = compiled(SUBDOMAIN);
const isLabel1035 = compiled(LABEL_1035);
const isQualified = compiled(QUALIFIED);
const isLabelValue = compiled(LABEL_VALUE);
const isConfigKey = compiled(CONFIG_KEY);
const isWildcard = compiled(WILDCARD);

/** Bytes, as Go counts the length of a text. */
const size = (text: string): number => Buffer.byteLength(text);

const tooLongBy = (text: string, max: number): readonly string[] => (size(text) > max ? [`must be no more than ${max} characters`] : []);

/** Source: apimachinery, RegexError. The blanks before `or` are the server's. */
export function patternProblem(message: string, pattern: string, ...examples: readonly string[]): string {
  if (examples.length === 0) return `${message} (regex used for validation is '${pattern}')`;
  return `${message} (e.g. ${examples.map((example) => `'${example}', `).join(" or ")}regex used for validation is '${pattern}')`;
}

export function label1123(text: string): readonly string[] {
  const long = tooLongBy(text, 63);
  if (isLabel(text)) return long;
  return [...long, isSubdomain(text) ? "must not contain dots" : patternProblem(LABEL_PROBLEM, LABEL, "my-name", "123-abc")];
}

export const subdomain1123 = (text: string): readonly string[] => [
  ...tooLongBy(text, 253),
  ...(isSubdomain(text) ? [] : [patternProblem(SUBDOMAIN_PROBLEM, SUBDOMAIN, "example.com")]),
];

export const label1035 = (text: string): readonly string[] => [
  ...tooLongBy(text, 63),
  ...(isLabel1035(text) ? [] : [patternProblem(LABEL_1035_PROBLEM, LABEL_1035, "my-name", "abc-123")]),
];

export const wildcardSubdomain = (text: string): readonly string[] => [
  ...tooLongBy(text, 253),
  ...(isWildcard(text) ? [] : [patternProblem(WILDCARD_PROBLEM, WILDCARD, "*.example.com")]),
];

/** Keys of labels and annotations, names of finalizers: `name` or `example.com/name`. */
export function qualifiedName(text: string): readonly string[] {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) {
    const form = patternProblem(`a valid label key ${QUALIFIED_PROBLEM}`, QUALIFIED, "MyName", "my.name", "123-abc");
    return [`${form} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`];
  }
  const problems: string[] = [];
  if (second !== undefined) {
    if (first === "") problems.push("prefix part must be non-empty");
    else problems.push(...subdomain1123(first).map((problem) => `prefix part ${problem}`));
  }
  const name = second ?? first;
  if (name === "") problems.push("name part must be non-empty");
  else if (size(name) > 63) problems.push("name part must be no more than 63 bytes");
  if (!isQualified(name)) problems.push(`name part ${patternProblem(QUALIFIED_PROBLEM, QUALIFIED, "MyName", "my.name", "123-abc")}`);
  return problems;
}

export function labelValue(text: string): readonly string[] {
  const long = size(text) > 63 ? ["must be no more than 63 bytes"] : [];
  return isLabelValue(text) ? long : [...long, patternProblem(LABEL_VALUE_PROBLEM, LABEL_VALUE, "MyValue", "my_value", "12345")];
}

export function configKey(text: string): readonly string[] {
  const problems = [...tooLongBy(text, 253)];
  if (!isConfigKey(text)) problems.push(patternProblem(CONFIG_KEY_PROBLEM, CONFIG_KEY, "key.name", "KEY_NAME", "key-name"));
  if (text === ".") problems.push("must not be '.'");
  else if (text === "..") problems.push("must not be '..'");
  else if (text.startsWith("..")) problems.push("must not start with '..'");
  return problems;
}

/** Names that go into paths as they are: RBAC objects. Source: apimachinery, api/validation/path. */
export function pathSegment(text: string, prefix = false): readonly string[] {
  if (!prefix && (text === "." || text === "..")) return [`may not be '${text}'`];
  return ["/", "%"].filter((illegal) => text.includes(illegal)).map((illegal) => `may not contain '${illegal}'`);
}

/** A `generateName` ends where the random part begins: a dash at its end is none. Source: apimachinery, maskTrailingDash. */
const masked = (name: string): string => (name.length > 1 && name.endsWith("-") ? `${name.slice(0, -2)}a` : name);

const ofObject =
  (rule: (text: string) => readonly string[]): NameRule =>
  (name, prefix = false) =>
    rule(prefix ? masked(name) : name);

export const nameIsSubdomain: NameRule = ofObject(subdomain1123);
export const nameIsLabel: NameRule = ofObject(label1123);
export const nameIsLabel1035: NameRule = ofObject(label1035);
export const nameIsPathSegment: NameRule = pathSegment;
