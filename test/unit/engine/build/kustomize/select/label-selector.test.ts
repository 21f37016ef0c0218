import { describe, expect, it } from "vitest";
import { compileLabelSelector } from "../../../../../../layers/engine/build/kustomize/select/label-selector.ts";

const SETS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  web: { app: "web", tier: "front" },
  db: { app: "db" },
  empty: { app: "" },
  five: { size: "5" },
  huge: { size: "9223372036854775807" },
  word: { size: "five" },
  in: { in: "notin" },
};

/** The names of the sets that `text` means. */
function matchesOf(text: string): string {
  const compiled = compileLabelSelector(text);
  if (!compiled.ok) return compiled.problem;
  const names = Object.entries(SETS).filter(([, labels]) => compiled.value(new Map(Object.entries(labels))));
  return names.map(([name]) => name).join(" ");
}

it.each([
  ["", "none web db empty five huge word in"],
  [" \t\r\n", "none web db empty five huge word in"],
  ["app", "web db empty"],
  ["!app", "none five huge word in"],
  ["! app", "none five huge word in"],
  ["app=web", "web"],
  ["app == web", "web"],
  ["app!=web", "none db empty five huge word in"],
  ["app=", "empty"],
  ["app=,app", "empty"],
  ["app in (web,db)", "web db"],
  ["app in (web, )", "web empty"],
  ["app in (,web)", "web empty"],
  ["app in (web,,db)", "web db empty"],
  ["app in ()", "empty"],
  ["app notin (web,db)", "none empty five huge word in"],
  ["app,tier", "web"],
  ["app,!tier", "db empty"],
  ["in", "in"],
  ["in in (notin,in)", "in"],
  ["in=notin", "in"],
  ["size>4", "five huge"],
  ["size > 9223372036854775806", "huge"],
  ["size<6", "five"],
  ["size<0006", "five"],
  ["app=web\0tier=no", "found 'tier', expected: ',' or 'end of string'"],
  ["app=web, \0tier=no", "found '', expected: identifier after ','"],
  ["app\0=web", "web"],
])("%j means %s", (text, want) => expect(matchesOf(text)).toBe(want));

const NAME =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character " +
  "(e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const PREFIX =
  "prefix part a DNS-1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character " +
  String.raw`(e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;

describe("what is wrong, in kustomize's words", () => {
  it.each([
    ["a in b", "unable to parse requirement: found 'b' expected: '('"],
    ["a in (", "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ["a in (b c)", "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ["a in (b,=)", "unable to parse requirement: found '=', expected: ',', or identifier"],
    ["a b", "unable to parse requirement: found 'b', expected: '=', '!=', '==', 'in', notin'"],
    ["a=b c", "found 'c', expected: ',' or 'end of string'"],
    ["a,", "found '', expected: identifier after ','"],
    ["a,=b", "found '=', expected: identifier after ','"],
    ["=b", "found '=', expected: !, identifier, or 'end of string'"],
    ["!", "unable to parse requirement: found '', expected: identifier"],
    ["!a=b", "found '=', expected: ',' or 'end of string'"],
    ["a=(", "unable to parse requirement: found '(', expected: identifier"],
    ["a===b", "unable to parse requirement: found '=', expected: identifier"],
    ["a>x", "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
    ["a<9223372036854775808", "unable to parse requirement: for 'Gt', 'Lt' operators, the value must be an integer"],
    ["size>-1", `unable to parse requirement: invalid label value: "-1": at key: "size": ${VALUE}`],
    ["-a", `unable to parse requirement: invalid label key "-a": name part ${NAME}`],
    ["é=b", `unable to parse requirement: invalid label key "é": name part ${NAME}`],
    ["a/", `unable to parse requirement: invalid label key "a/": name part must be non-empty; name part ${NAME}`],
    ["/a", 'unable to parse requirement: invalid label key "/a": prefix part must be non-empty'],
    ["A/b", `unable to parse requirement: invalid label key "A/b": ${PREFIX}`],
    [
      "a/b/c",
      `unable to parse requirement: invalid label key "a/b/c": a qualified name ${NAME} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ],
    ["a=-b", `unable to parse requirement: invalid label value: "-b": at key: "a": ${VALUE}`],
    ["a in (b,_)", `unable to parse requirement: invalid label value: "_": at key: "a": ${VALUE}`],
    ["x".repeat(64), `unable to parse requirement: invalid label key "${"x".repeat(64)}": name part must be no more than 63 characters`],
    [`${"x".repeat(254)}/a`, `unable to parse requirement: invalid label key "${"x".repeat(254)}/a": prefix part must be no more than 253 characters`],
    [`a=${"x".repeat(64)}`, `unable to parse requirement: invalid label value: "${"x".repeat(64)}": at key: "a": must be no more than 63 characters`],
  ])("%j", (text, want) => expect(matchesOf(text)).toBe(want));
});
