import { readFileSync } from "node:fs";
import { type Allowance, createAllowance } from "@sluice/engine/cel/allowance.ts";
import { compileExpression, type Expression, parseExpression } from "@sluice/engine/cel/expression.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

const A = {
  n: 1,
  f: 1.5,
  s: "x/y:1",
  l: [1, 2],
  o: { k: "v", constructor: 1 },
  nul: null,
  t: true,
  words: ["a", "b"],
  items: [{ name: "one", ready: true }, { name: "two" }],
} as const;

/** The value, or what is wrong, without the prefixes that are always there. */
function answer(text: string, a: Json = A): unknown {
  const compiled = compileExpression(text, { variables: ["a"], result: "any" });
  if (!compiled.ok) return compiled.problem.replace(`failed to parse the CEL expression '${text}': ERROR: <input>:`, "").split("\n")[0];
  const evaluated = compiled.value.evaluate({ a });
  return evaluated.kind === "value" ? evaluated.value : evaluated.message.replace(`failed to evaluate the CEL expression '${text}': `, "! ");
}

describe("an expression", () => {
  it.each<[string, unknown]>([
    // Numbers of a variable are doubles, and compare with any number.
    ["a.n == 1 && a.n == 1.0 && a.n == 1u && a.f > 1 && 1 < 1.5 && a.n in [1, 2] && a.l == [1, 2]", true],
    ["type(a.n) == double && a.n + 1.0 == 2.0", true],
    ["a.n + 1", "! no such overload"],
    // Fields that are there, are null, are not there, and have odd names.
    ["has(a.nul) && a.nul == null && !has(a.x) && has(a.o.constructor) && a.o.constructor == 1 && 'k' in a.o && !('toString' in a.o)", true],
    ["has(a.items[0].ready) && !has(a.items[1].ready) && has(a.o.k)", true],
    ["has(a.x.y)", "! no such key: x"],
    ["a.x", "! no such key: x"],
    ["a.l[5]", "! index out of bounds: 5"],
    ["a.n && true", "! no such overload"],
    ["a.x == 1 || true", true],
    ["1 / 0", "! division by zero"],
    ["1 % 0", "! modulus by zero"],
    // Macros.
    ["a.items.exists(i, i.name == 'two') && a.items.all(i, has(i.name)) && a.items.exists_one(i, has(i.ready))", true],
    ["a.items.filter(i, has(i.ready)).map(i, i.name)", ["one"]],
    ["a.o.map(k, k + '!')", ["k!", "constructor!"]],
    // Optional values.
    ["a.?x.orValue('none') + a.?s.orValue('none')", "nonex/y:1"],
    ["a.?l.optMap(l, l.size()).orValue(0) == 2 && a.?x.optMap(l, l.size()).orValue(7) == 7", true],
    ["a[?'o'].optFlatMap(o, o.?k).value()", "v"],
    ["a.s.split('/').last().value().split(':').first().value()", "y"],
    ["optional.of(1).hasValue() && !optional.none().hasValue() && !optional.ofNonZeroValue('').hasValue()", true],
    ["optional.none().value()", "! optional.none() dereference"],
    // The extensions.
    ["'aXbX'.replace('X', '-', 1) + 'ab'.replace('', '.') + 'abc'.reverse() + 'abc'.charAt(1) + 'a'.upperAscii()", "a-bX.a.b.cbabA"],
    ["'%s has %s, %%'.format([a.s, a.n])", "x/y:1 has 1, %"],
    ["'%d %x %o %b %.2f %e'.format([255, 255, 8, 5, 1, 1000])", "255 ff 10 101 1.00 1.000000e+03"],
    ["'%s'.format([a.words])", "[a, b]"],
    ["'%y'.format([1])", '! could not parse formatting clause: unrecognized formatting clause "y"'],
    ["strings.quote('a\"b') + a.words.join('-')", '"a\\"b"a-b'],
    ["sets.contains(a.l, [1]) && !sets.contains(a.l, [3]) && sets.intersects(a.l, [2, 3]) && sets.equivalent([1, 2], [2, 1])", true],
    ["base64.encode(b'hello') + string(base64.decode('aGk'))", "aGVsbG8=hi"],
    ["base64.decode('a~')", "! illegal base64 data at input byte 1"],
    ["a.s.matches('^x/[a-z]:[0-9]$') && matches('b', 'B|b')", true],
    ["a.s.matches('(')", "! error parsing regexp: missing closing ): `(`"],
    ["a.s.matches('(?:a{1000}){1000}')", "! error parsing regexp: a regular expression with more than 20000 states"],
    ["a.s.matches('(?:[]a\\\\]\\\\pL(b{9}|c{1,9})){990}')", "! error parsing regexp: a regular expression with more than 20000 states"],
    ["string(timestamp('2030-01-02T03:04:05Z')) + string(duration('90s')) + string(int(timestamp('1970-01-01T00:01:00Z')))", "2030-01-02T03:04:05Z90s60"],
    ["timestamp('2030-01-02T03:04:05Z').getHours() == 3 && duration('90m') > duration('1h')", true],
    // Types.
    ["a.words.map(w, [w])", [["a"], ["b"]]],
    ["1 + 'a'", "1:3: found no matching overload for '_+_' applied to '(int, string)'"],
    ["1 == 1.0", "1:3: found no matching overload for '_==_' applied to '(int, double)'"],
    ["!1", "1:1: found no matching overload for '!_' applied to '(int)'"],
    ["'a'.startsWith(1)", "1:15: found no matching overload for 'startsWith' applied to 'string.(int)'"],
    ["a.startsWith('x')", "1:13: found no matching overload for 'startsWith' applied to 'map(string, dyn).(string)'"],
    ["true ? 1 : 'a'", "1:6: found no matching overload for '_?_:_' applied to '(bool, int, string)'"],
    ["1 && true", "1:3: found no matching overload for '_&&_' applied to '(int, bool)'"],
    ["1[0]", "1:2: found no matching overload for '_[_]' applied to '(int, int)'"],
    ["1.all(x, true)", "1:1: expression of type 'int' cannot be range of a comprehension (must be list, map, or dynamic)"],
    ["a.l.exists(x, 1)", "1:11: found no matching overload for '_||_' applied to '(bool, int)'"],
    ["[1, 'a']", "1:5: expected type 'int' but found 'string'"],
    ["{'a': 1, 'b': 'x'}", "1:15: expected type 'int' but found 'string'"],
    ["[a.n, 1, a.s]", [1, 1, "x/y:1"]],
    // Names.
    ["b.c", "1:1: undeclared reference to 'b' (in container '')"],
    ["a.n.foo()", "1:8: undeclared reference to 'foo' (in container '')"],
    ["foo(1)", "1:4: undeclared reference to 'foo' (in container '')"],
    ["cel.bind(x, 1, x)", "1:1: undeclared reference to 'cel' (in container '')"],
    ["a.l.all(x, x > 0) && x", "1:22: undeclared reference to 'x' (in container '')"],
    // Macros and literals.
    ["has(a)", "1:5: invalid argument to has() macro"],
    ["1.all(2, 3)", "1:7: argument must be a simple name"],
    ["a.l.filter(a.b, false)", "1:13: argument is not an identifier"],
    ["0xFFFFFFFFFFFFFFFFF", "1:1: invalid int literal"],
    ["-9223372036854775808 < 0", true],
    ["9223372036854775807 + 1", "! integer overflow"],
  ])("%s", (text, want) => expect(answer(text)).toEqual(want));

  it("tells of every undeclared name, in the order of the text", () => {
    const compiled = compileExpression("a(b, c)", { variables: [], result: "bool" });
    const error = (column: number, name: string): string =>
      `ERROR: <input>:1:${column}: undeclared reference to '${name}' (in container '')\n | a(b, c)\n | ${".".repeat(column - 1)}^`;
    const want = [error(2, "a"), error(3, "b"), error(6, "c")].join("\n");
    expect(compiled.ok ? "" : compiled.problem).toBe(`failed to parse the CEL expression 'a(b, c)': ${want}`);
  });
});

describe("what an expression must be", () => {
  it.each<[string, "bool" | "string", string]>([
    ["a.t", "bool", "CEL expression output type mismatch: expected bool, got dyn"],
    ["a", "bool", "CEL expression output type mismatch: expected bool, got map(string, dyn)"],
    ["a.l.map(x, 'y')", "string", "CEL expression output type mismatch: expected string, got list(string)"],
    ["a.t == true", "bool", "true"],
    ["a.s + '!'", "string", '"x/y:1!"'],
    ["['b'].first().value()", "string", '"b"'],
  ])("%s as %s", (text, result, want) => {
    const compiled = compileExpression(text, { variables: ["a"], result });
    const evaluated = compiled.ok ? compiled.value.evaluate({ a: A }) : compiled.problem;
    expect(typeof evaluated === "string" ? evaluated : evaluated.kind === "value" ? JSON.stringify(evaluated.value) : evaluated.message).toBe(want);
  });
});

describe("as recorded", () => {
  const recorded = (file: string): string => readFileSync(new URL(`../../../conformance/${file}`, import.meta.url), "utf8");
  /** As it stands in a block of YAML, whatever its indentation. */
  const unindented = (text: string): string => text.replace(/\n +\|/g, "\n |");
  it.each<[string, string, "bool" | "string", readonly string[]]>([
    ["notifications/receivers/changing.yaml", "nothing(", "bool", ["res", "req"]],
    ["notifications/receivers/filter-of-a-resource-does-not-compile.yaml", "1 +", "bool", ["res", "req"]],
    ["notifications/receivers/filter-unknown-variable.yaml", 'claims.sub == "x"', "bool", ["res", "req"]],
    ["notifications/receivers/generic-oidc-bad-validation.yaml", "claims.", "bool", ["claims", "vars"]],
    ["notifications/providers/expr-does-not-compile-commit-status.yaml", "event.involvedObject.", "string", ["event", "alert", "provider"]],
    ["notifications/providers/expr-no-such-key-commit-status.yaml", "event.metadata.nothing", "string", ["event", "alert", "provider"]],
    ["notifications/providers/expr-wrong-type-commit-status.yaml", "1 + 1", "string", ["event", "alert", "provider"]],
  ])("%s: %s", (file, text, result, variables) => {
    const compiled = compileExpression(text, { variables, result });
    expect(compiled.ok).toBe(false);
    expect(unindented(recorded(file))).toContain(compiled.ok ? "?" : compiled.problem);
  });
  it("an expression that is only parsed", () => {
    const parsed = parseExpression("data.phase =");
    expect(unindented(recorded("recorded/apply/health-check-expressions-invalid.yaml"))).toContain(parsed.ok ? "?" : parsed.problem);
    const evaluated = parseExpression("data.phase == 'done'");
    const ended = evaluated.ok ? evaluated.value.evaluate({ data: { key: "one" } }) : undefined;
    expect(recorded("recorded/apply/health-check-expression-errors.yaml")).toContain(ended?.kind === "failed" ? ended.message : "?");
  });
});

describe("an expression that is only parsed", () => {
  const OBJECT = { spec: { replicas: 3 }, status: { replicas: 3, conditions: [{ type: "Ready", status: "True" }] } };
  it.each<[string, unknown]>([
    ["status.replicas == spec.replicas && status.replicas + 1 == 4", true],
    ["status.conditions.filter(e, e.type == 'Ready').all(e, e.status == 'True')", true],
    ["status.replicas", "failed to evaluate CEL expression as boolean: 'status.replicas'"],
    ["data.x == 1", "failed to evaluate the CEL expression 'data.x == 1': no such attribute(s): data"],
    ["1 + 'a' == 2", "failed to evaluate the CEL expression '1 + 'a' == 2': no such overload"],
  ])("%s", (text, want) => {
    const parsed = parseExpression(text);
    const ended = parsed.ok ? parsed.value.evaluate(OBJECT) : undefined;
    expect(ended?.kind === "value" ? ended.value : ended?.message).toBe(want);
  });
  it("its macros are looked at", () => {
    const parsed = parseExpression("has(status)");
    const want = "failed to parse the CEL expression 'has(status)': ERROR: <input>:1:5: invalid argument to has() macro\n | has(status)\n | ....^";
    expect(parsed.ok ? "" : parsed.problem).toBe(want);
  });
});

describe("hostile expressions and values", () => {
  const numbers = Array.from({ length: 2000 }, (_, index) => index);
  const long = "x".repeat(1_000_000);
  const thrice = (step: string): string => step.repeat(40);
  const nested = (depth: number): Json => (depth === 0 ? 1 : [nested(depth - 1)]);
  const LIMIT = "! operation cancelled: actual cost limit exceeded";
  describe("expressions that share an allowance", () => {
    const compiled = (text: string, allowance: Allowance) => {
      const made = compileExpression(text, { variables: ["a"], result: "bool", allowance });
      if (!made.ok) throw new Error(made.problem);
      return made.value;
    };
    const ends = (expression: Expression<boolean>, a: Json, times: number): readonly string[] =>
      Array.from({ length: times }, () => expression.evaluate({ a }).kind);

    it("do no more work together than it has", () => {
      const allowance = createAllowance(50_000);
      const [one, other] = [compiled("a.l.all(x, x >= 0.0)", allowance), compiled("true", allowance)];
      const own = createAllowance(1_000_000_000);
      compiled("a.l.all(x, x >= 0.0)", own).evaluate({ a: { l: numbers } });
      expect(1_000_000_000 - own.left()).toBeGreaterThan(numbers.length);
      expect(ends(one, { l: numbers }, 20).toSorted()[0]).toBe("failed");
      expect(ends(other, { l: numbers }, 1)).toEqual(["failed"]);
      expect(compileExpression("true", { variables: ["a"], result: "bool", allowance })).toEqual({
        ok: false,
        problem: "the CEL expressions are too large together",
      });
    });
    it("the same value is handed in once, another one costs again", () => {
      const allowance = createAllowance(50_000);
      const expression = compiled("size(a) >= 0", allowance);
      const same = { l: numbers };
      expect(new Set(ends(expression, same, 50))).toEqual(new Set(["value"]));
      expect(Array.from({ length: 50 }, () => expression.evaluate({ a: { l: [...numbers] } }).kind)).toContain("failed");
    });
  });

  // Each of these would run for minutes, or fill the memory, if it were let.
  it.each<[string, Json]>([
    ["a.l.all(x, a.l.all(y, a.l.all(z, x + y + z >= 0.0)))", { l: numbers }],
    ["a.l.exists(x, a.l.exists(y, a.l.exists(z, (x + y).foo == z)))", { l: numbers }],
    ["a.l.map(x, a.l.map(y, a.l)).size() > 0", { l: numbers }],
    [`[a.s]${thrice(".map(v, v + v)")}[0].size() > 1`, { s: "abc" }],
    [`[[1]]${thrice(".map(v, v + v)")}.size() > 1`, {}],
    [`[[1]]${thrice(".map(v, [v, v])")} == [[1]]${thrice(".map(v, [v, v])")}`, {}],
    [`'%s'.format([[[1]]${thrice(".map(v, [v, v])")}]) == ''`, {}],
    ["a.s.contains(a.s.substring(1) + 'y')", { s: long }],
    ["a.s.replace('', a.s) == ''", { s: long }],
    ["a.s.split('').join(a.s) == ''", { s: long }],
    ["a.s.split('').all(x, a.s.split('').size() > 0)", { s: long }],
    ["a.s.matches('(x+x+)+y')", { s: long }],
    ["a.s.matches('(((x{30}){30})y|x*)*z')", { s: long }],
    [Array.from({ length: 60 }, (_, index) => `a.s.matches('${index}(((x{10}){10}){10}){10}')`).join(" || "), { s: "x" }],
    ["sets.contains(a.l, a.l)", { l: numbers }],
    ["a.l.all(x, timestamp('2030-01-01T00:00:00Z').getHours('Europe/Berlin') >= 0)", { l: numbers }],
    ["a.l.all(x, a.l.all(y, duration('1h1m1s').getSeconds() > 0))", { l: numbers.slice(0, 300) }],
    ["a.l.all(x, strings.quote(a.s).size() > 0)", { l: numbers.slice(0, 5), s: long }],
    ["a.l.all(x, a.s.reverse().charAt(0) == 'x')", { l: numbers.slice(0, 3), s: long }],
  ])("%# is stopped", (text, a) => expect(answer(text, a)).toBe(LIMIT));

  it.each<[string, Json, unknown]>([
    ["a.d == a.d", { d: nested(90) }, true],
    ["a.d == a.d", { d: nested(5000) }, "! the value is nested too deep"],
    [`[[1]]${thrice(".map(v, [v, v])")}`, {}, "! the value is too large or no JSON"],
  ])("a value that is deep or large: %#", (text, a, want) => expect(answer(text, a)).toBe(want));
  it("one that is too large is not read", () => {
    expect(answer(`${"1 + ".repeat(30_000)}1`)).toContain("expression code point size exceeds limit: size: 120001, limit 100000");
    expect(answer(`${"1 + ".repeat(4_000)}1`)).toContain("expression too large");
  });
  it("what was stopped leaves nothing to the next", () => {
    const compiled = compileExpression("a.l.all(x, a.l.all(y, a.l.all(z, x != y || y != z || true)))", { variables: ["a"], result: "bool" });
    if (!compiled.ok) throw new Error(compiled.problem);
    expect([numbers, [1], numbers, [2, 3]].map((l) => compiled.value.evaluate({ a: { l } }).kind)).toEqual(["failed", "value", "failed", "value"]);
  });
});

describe("what cannot be said yet", () => {
  it.each([
    ["[?a.x]", "1:2: unsupported syntax: Unexpected token: QUESTION"],
    ["{?'k': a.x}", "1:2: unsupported syntax: Unexpected token: QUESTION"],
    ["Name{field: 1}", "1:5: unsupported syntax: Unexpected character: '{'"],
    [".a.n", "1:1: unsupported syntax: Unexpected token: DOT"],
  ])("%s", (text, want) => expect(answer(text)).toBe(want));
});
