import { describe, expect, it } from "vitest";
import { createCel } from "../../../../../lib/local/sandbox/schema/cel.ts";
import { celValue } from "../../../../../lib/local/sandbox/schema/cel-value.ts";
import { errorText } from "../../../../../lib/local/sandbox/schema/field-error.ts";
import type { Schema } from "../../../../../lib/local/sandbox/schema/schema.ts";
import { validateSchema } from "../../../../../lib/local/sandbox/schema/validate.ts";

const schema: Schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    count: { type: "integer" },
    share: { type: "number" },
    port: { intOrString: true },
    tags: { type: "array", items: { type: "string" } },
    more: { type: "object", additionalProperties: { type: "integer" } },
    when: { type: "string", format: "date-time" },
    namespace: { type: "string" },
    "a-b": { type: "string" },
    hidden: { type: "object" },
  },
};
const SELF = {
  name: "web",
  count: 2,
  share: 2,
  port: 80,
  tags: ["a", "b"],
  more: { x: 1, y: 2 },
  when: "2030-01-01T00:00:00Z",
  namespace: "n",
  "a-b": "c",
  unknown: 1,
};

function answer(rule: string): unknown {
  const compiled = createCel().compile(rule);
  if (compiled.kind === "broken") return `broken: ${compiled.problem}`;
  const result = compiled.program.run({ self: celValue(schema, SELF) }, 10);
  return result.kind === "value" ? result.value : result.kind === "error" ? result.message : result.kind;
}

describe("rules", () => {
  it.each([
    ["self.name == 'web'", true],
    ["has(self.name) && !has(self.nothing)", true],
    ["self.count == 2 && self.count + 1 == 3", true],
    ["type(self.count) == int && type(self.share) == double", true],
    ["self.share / 4.0 == 0.5", true],
    ["type(self.port) == int", true],
    ["size(self.tags) == 2 && self.tags.size() == 2", true],
    ["self.tags.all(t, t.matches('^[a-z]$'))", true],
    ["self.tags.exists(t, t == 'c')", false],
    ["self.tags.exists_one(t, t == 'a')", true],
    ["'a' in self.tags && 'x' in self.more", true],
    ["self.more.all(k, self.more[k] > 0)", true],
    ["self.when > timestamp('2029-01-01T00:00:00Z')", true],
    ["self.__namespace__ == 'n' && self.a__dash__b == 'c'", true],
    ["self.name.startsWith('w') && self.name.endsWith('b') && self.name.contains('e')", true],
    ["self.name.replace('w', 'v') + string(self.count)", "veb2"],
    ["'%s has %d'.format([self.name, self.count])", "web has 2"],
    ["self.tags.isSorted()", true],
    ["isURL('https://example.org/a?b=c') && isURL('/a') && !isURL('a/b') && !isURL('')", true],
    ["url('https://example.org:8443/a').getScheme() == 'https' && url('https://example.org:8443/a').getPort() == '8443'", true],
    ["url('https://[::1]:80/a%2Fb').getHostname() == '::1' && url('https://[::1]:80/a%2Fb').getEscapedPath() == '/a%2Fb'", true],
    ["'abc-123'.find('[0-9]+') == '123' && 'abc'.find('[0-9]+') == ''", true],
    ["isIP('10.0.0.1') && isIP('::1') && !isIP('10.0.0.256') && !isIP('fe80::1%eth0')", true],
    ["isCIDR('10.0.0.0/8') && !isCIDR('10.0.0.0/33') && !isCIDR('10.0.0.0')", true],
    ["matches(self.name, '^w')", true],
    ["self.name == 'matches(' ? 1 : 2", 2n],
    ["self.?nothing.orValue('none')", "none"],
    ["self.nothing == 1", "no such key: nothing"],
    ["self.tags[5] == 'a'", "index out of bounds: 5"],
    ["1 / 0 == 1", "division by zero"],
    // What the schema does not name is not there.
    ["has(self.unknown)", false],
  ])("%s", (rule, want) => expect(answer(rule)).toEqual(want));

  it("a pattern that hangs a RegExp costs nothing: it is RE2", () => {
    const compiled = createCel().compile(`'${"a".repeat(40)}!'.matches('^(a+)+$')`);
    expect(compiled.kind === "program" && compiled.program.run({ self: null }, 1)).toEqual({ kind: "value", value: false });
  });
  it("nested macros over large lists are not begun", () => {
    const compiled = createCel().compile("self.all(a, self.all(b, self.all(c, a == b || b == c)))");
    expect(compiled.kind === "program" && compiled.program.run({ self: [] }, 10_000)).toEqual({ kind: "too-costly" });
  });
  it("a rule that does not parse says so", () => expect(answer("self +")).toBe("broken: Unexpected token: EOF"));
});

describe("rules in a schema", () => {
  const rule = (rules: Schema["rules"], field: Schema = { type: "string" }): Schema => ({
    type: "object",
    properties: { spec: { type: "object", properties: { a: rules === undefined ? field : { ...field, rules } } } },
  });
  const object = (a: string | readonly string[]) => ({ apiVersion: "v1", kind: "X", metadata: { name: "x" }, spec: { a } });
  it.each([
    ["the rule is the message", [{ rule: "self == 'b'" }], `spec.a: Invalid value: "a": failed rule: self == 'b'`],
    ["a message", [{ rule: "self == 'b'", message: " no \n" }], 'spec.a: Invalid value: "a": no'],
    ["a message that is made", [{ rule: "self == 'b'", messageExpression: "'not ' + self" }], 'spec.a: Invalid value: "a": not a'],
    ["a message that cannot be made", [{ rule: "self == 'b'", messageExpression: "self.x", message: "m" }], 'spec.a: Invalid value: "a": m'],
    ["a reason", [{ rule: "false", message: "m", reason: "FieldValueForbidden" }], "spec.a: Forbidden: m"],
    ["a path", [{ rule: "false", message: "m", fieldPath: ".b" }], 'spec.a.b: Invalid value: "a": m'],
    ["an error", [{ rule: "self.b == 1" }], 'spec.a: Invalid value: "string": no such key: b evaluating rule: self.b == 1'],
  ])("%s", (_, rules, want) => expect(validateSchema(rule(rules), object("a")).map(errorText)).toEqual([want]));
  it("a transition rule runs with an old value only", () => {
    const fixed = rule([{ rule: "self == oldSelf", message: "is fixed" }]);
    expect(validateSchema(fixed, object("a"))).toEqual([]);
    expect(validateSchema(fixed, object("b"), object("a")).map(errorText)).toEqual(['spec.a: Invalid value: "b": is fixed']);
  });
  it("too much work is refused and ends it", () => {
    const list = rule([{ rule: "self.all(a, self.all(b, self.all(c, true)))" }, { rule: "false" }], { type: "array", items: { type: "string" } });
    const errors = validateSchema(list, object(Array.from({ length: 1000 }, () => "x"))).map(errorText);
    expect(errors).toEqual(['spec.a: Invalid value: "array": validation failed due to running out of cost budget, no further validation rules will be run']);
  });
});
