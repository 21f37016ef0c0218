import { findSyntaxErrors } from "@sluice/engine/cel/syntax/find-syntax-errors.ts";
import { renderSourceErrors } from "@sluice/engine/cel/syntax/source-error.ts";
import { describe, expect, it } from "vitest";

const START = "{'[', '{', '(', '.', '-', '!', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";
const IN_MAP = "{'[', '{', '}', '(', '.', ',', '-', '!', '?', 'true', 'false', 'null', NUM_FLOAT, NUM_INT, NUM_UINT, STRING, BYTES, IDENTIFIER}";

/** Line, column and message of each error, without the excerpt. */
const errors = (text: string): readonly string[] =>
  renderSourceErrors(text, findSyntaxErrors(text))
    .split("\n")
    .filter((line) => line.startsWith("ERROR: "))
    .map((line) => line.slice("ERROR: <input>:".length).replace(START, "START").replace(IN_MAP, "IN_MAP"));

describe("findSyntaxErrors", () => {
  it.each([
    "a.b(1, [2,3,], {'x': 1,}).c[0] ? -1.5e3 : b\"x\" + r'\\d' // c",
    "a.?b.c[?0] && [?a] == {?'k': 1}",
    "x.filter(y, y.exists(z, has(z.a)) && !y.all(z, z in [1u, 0xF, .5]))",
    "'''it's''' + \"\"\"a\"b\n\"\"\" + 'A\\x41\\101\\''",
    "foo{a: 1, b: 2}.c",
    ".a.b(--1)",
    "a ? b : c ? d : e",
  ])("finds nothing in %j", (text) => expect(errors(text)).toEqual([]));

  // What cel-go says of these is known from its own tests and from the recordings.
  it.each<[string, readonly string[]]>([
    ["", ["1:1: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["1 +", ["1:4: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["1 + $", ["1:5: Syntax error: token recognition error at: '$'", "1:6: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["1 + +", ["1:5: Syntax error: mismatched input '+' expecting START", "1:6: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["1 + 2\n3 +", ["2:1: Syntax error: mismatched input '3' expecting <EOF>"]],
    ["?", ["1:1: Syntax error: mismatched input '?' expecting START", "1:2: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["in", ["1:1: Syntax error: mismatched input 'in' expecting START", "1:3: Syntax error: mismatched input '<EOF>' expecting START"]],
    ["claims.", ["1:8: Syntax error: no viable alternative at input '.'"]],
    ["self.true == 1", ["1:6: Syntax error: mismatched input 'true' expecting IDENTIFIER"]],
    ['{"a": 1}."a"', ["1:10: Syntax error: no viable alternative at input '.\"a\"'"]],
    ["a.`b-c`", ["1:3: unsupported syntax: '`'"]],
    ["data.phase =", ["1:12: Syntax error: token recognition error at: '='"]],
    ["a | b", ["1:3: Syntax error: token recognition error at: '| '", "1:5: Syntax error: extraneous input 'b' expecting <EOF>"]],
    [
      "*@a | b",
      [
        "1:1: Syntax error: extraneous input '*' expecting START",
        "1:2: Syntax error: token recognition error at: '@'",
        "1:5: Syntax error: token recognition error at: '| '",
        "1:7: Syntax error: extraneous input 'b' expecting <EOF>",
      ],
    ],
    ["{", ["1:2: Syntax error: mismatched input '<EOF>' expecting IN_MAP"]],
    ["{a}", ["1:3: Syntax error: mismatched input '}' expecting ':'"]],
    ["{:a}", ["1:2: Syntax error: extraneous input ':' expecting IN_MAP", "1:4: Syntax error: mismatched input '}' expecting ':'"]],
    ["ind[a{b}]", ["1:8: Syntax error: mismatched input '}' expecting ':'"]],
    ["x{.", ["1:3: Syntax error: mismatched input '.' expecting {'}', ',', '?', IDENTIFIER, ESC_IDENTIFIER}"]],
    ["TestAllTypes(){}", ["1:15: Syntax error: mismatched input '{' expecting <EOF>"]],
    [
      '"\\xFh"',
      [
        "1:1: Syntax error: token recognition error at: '\"\\xFh'",
        "1:6: Syntax error: token recognition error at: '\"'",
        "1:7: Syntax error: mismatched input '<EOF>' expecting START",
      ],
    ],
    ["as", ["1:1: reserved identifier: as"]],
    // By ANTLR's rules.
    ["(a", ["1:3: Syntax error: missing ')' at '<EOF>'"]],
    ["foo(a b)", ["1:7: Syntax error: extraneous input 'b' expecting ')'"]],
    ["[1, 2", ["1:6: Syntax error: mismatched input '<EOF>' expecting {']', ','}"]],
    ["a ? b", ["1:6: Syntax error: mismatched input '<EOF>' expecting ':'"]],
    ["'abc", ["1:1: Syntax error: token recognition error at: ''abc'", "1:5: Syntax error: mismatched input '<EOF>' expecting START"]],
  ])("%j", (text, want) => expect(errors(text)).toEqual(want));

  it("shows line and place, tabs as blanks and wide characters with wide dots", () => {
    const text = "      '😁' in ['😁', '😑', '😦']\n\t\t\t&& in.😁";
    expect(renderSourceErrors(text, findSyntaxErrors(text))).toBe(
      `ERROR: <input>:2:7: Syntax error: extraneous input 'in' expecting ${START}\n |    && in.😁\n | ......^\n` +
        "ERROR: <input>:2:10: Syntax error: token recognition error at: '😁'\n |    && in.😁\n | .........＾\n" +
        "ERROR: <input>:2:11: Syntax error: no viable alternative at input '.'\n |    && in.😁\n | .........．^",
    );
  });

  it("shows the first hundred errors and counts the others", () => {
    const lines = renderSourceErrors("#", findSyntaxErrors("#\n".repeat(50_000))).split("\n");
    expect(lines.filter((line) => line.startsWith("ERROR: "))).toHaveLength(100);
    expect(lines.at(-1)).toBe("49901 more errors were truncated"); // with the missing operand at the end
  });

  it.each([
    ["16,384 bytes", `#${" ".repeat(16_383)}`, 3],
    ["more", `#${" ".repeat(16_384)}`, 1],
    ["more in bytes than in characters", `#'${"é".repeat(8_192)}'`, 1],
  ])("shows a line of no more than 16 KiB: %s", (_, text, lines) =>
    expect(renderSourceErrors(text, [{ offset: 0, message: "wrong" }]).split("\n")).toHaveLength(lines));

  it.each([["("], ["["], ["a["], ["f("], ["{1:"]])("%j nested without end is refused", (open) =>
    expect(findSyntaxErrors(open.repeat(20_000))).toEqual([{ message: "expression recursion limit exceeded: 250" }]));
});
