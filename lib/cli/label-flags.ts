import { Failure } from "./failure.ts";

/** `key=value` words as labels. Throws a Failure in the words of Kubernetes for one that is none. */
export function parseLabels(words: readonly string[]): { readonly [key: string]: string } {
  return Object.fromEntries(
    words.map((word) => {
      const [key = "", value, ...more] = word.split("=");
      if (value === undefined || more.length > 0) throw new Failure(`invalid label format '${word}', must be key=value`);
      const wrongKey = keyProblem(key);
      if (wrongKey !== undefined) throw new Failure(`invalid label '${key}': [${wrongKey}]`);
      if (value !== "" && !NAME.test(value)) throw new Failure(`invalid label value '${value}': [${VALUE_FORM}]`);
      if (value.length > LONGEST) throw new Failure(`invalid label value '${value}': [must be no more than ${LONGEST} characters]`);
      return [key, value];
    }),
  );
}

const LONGEST = 63;
const NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;

const NAME_FORM =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_FORM =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX_FORM =
  "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

/** Source: apimachinery, IsQualifiedName. */
function keyProblem(key: string): string | undefined {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.length > 2)
    return `a valid label key ${NAME_FORM.slice("name part ".length)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`;
  if (parts.length === 2 && parts[0] === "") return "prefix part must be non-empty";
  if (parts.length === 2 && !SUBDOMAIN.test(parts[0] ?? "")) return PREFIX_FORM;
  if (name === "") return `name part must be non-empty ${NAME_FORM}`;
  if (name.length > LONGEST) return `name part must be no more than ${LONGEST} characters`;
  return NAME.test(name) ? undefined : NAME_FORM;
}
