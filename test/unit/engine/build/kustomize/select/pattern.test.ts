import { expect, it } from "vitest";
import { compilePattern } from "../../../../../../layers/engine/build/kustomize/select/pattern.ts";

it.each([
  ["", "anything", true],
  ["web", "web", true],
  ["web", "web-1", false],
  ["web", "my-web", false],
  ["we.", "web", true],
  ["networking.k8s.io", "networkingxk8s.io", true],
  [String.raw`networking\.k8s\.io`, "networkingxk8s.io", false],
  ["web|db", "db", true],
  ["web|db", "web-db", false],
  ["a)|(b", "b-c", false],
  ["a)|(b", "a-c", true],
  ["(?i)WEB", "web", true],
  ["^web$", "web", true],
  [".*", "", true],
  [".+", "", false],
  ["a", "a\n", false],
  ["a.", "a\n", false],
])("%j means %j: %s", (pattern, text, want) => {
  const compiled = compilePattern(pattern);
  expect(compiled.ok && compiled.value(text)).toBe(want);
});

it.each([
  ["a(", "error parsing regexp: missing closing ): `^(?:a()$`"],
  ["a)", "error parsing regexp: unexpected ): `^(?:a))$`"],
  ["*", "error parsing regexp: missing argument to repetition operator: `*`"],
  ["a**", "error parsing regexp: invalid nested repetition operator: `**`"],
  ["[a", "error parsing regexp: missing closing ]: `[a)$`"],
  ["[z-a]", "error parsing regexp: invalid character class range: `z-a`"],
  ["a{1001}", "error parsing regexp: invalid repeat count: `{1001}`"],
  ["(?=a)", "error parsing regexp: invalid or unsupported Perl syntax: `(?=`"],
  ["(?<=a)", "error parsing regexp: invalid named capture: `(?<=a))$`"],
  [String.raw`\8`, "error parsing regexp: invalid escape sequence: `\\8`"],
  ["a\\", "error parsing regexp: missing closing ): `^(?:a\\)$`"],
  ["(".repeat(1001) + ")".repeat(1001), `error parsing regexp: expression nests too deeply: \`^(?:${"(".repeat(1001)}${")".repeat(1001)})$\``],
])("what is wrong with %j, in Go's words", (pattern, want) => expect(compilePattern(pattern)).toEqual({ ok: false, problem: want }));

it("takes time in proportion to the text", () => {
  const compiled = compilePattern("(a*)*b");
  expect(compiled.ok && compiled.value("a".repeat(10_000))).toBe(false);
});
