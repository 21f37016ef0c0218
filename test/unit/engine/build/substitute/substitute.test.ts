// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are the variables of Flux and of the recordings, not of JavaScript
import { bytesOf, fromArray, textOf, utf8Problem } from "@sluice/engine/build/substitute/bytes.ts";
import { evaluate } from "@sluice/engine/build/substitute/evaluate.ts";
import { parseTemplate } from "@sluice/engine/build/substitute/parse.ts";
import { isLeftAlone, substituteText } from "@sluice/engine/build/substitute/substitute.ts";
import { describe, expect, it } from "vitest";

const VALUES = new Map(
  Object.entries({
    a: "Foo",
    e: "",
    low: "abc",
    up: "ABC",
    greek: "αβγ",
    path: "usr/local/file.tar.gz",
    two: "2",
    odd: "a]b-c*d\\e",
    sharp: "ßx",
    dotted: "İ",
  }).map(([name, value]) => [name, bytesOf(value)]),
);

function render(text: string, strict = true, effort = 1_000_000): string {
  const pieces = parseTemplate(bytesOf(text));
  const made = pieces.ok ? evaluate(pieces.value, { lookup: (name) => VALUES.get(name), strict, effort: { left: effort } }) : pieces;
  return made.ok ? textOf(made.value) : `error: ${made.problem}`;
}

describe("the substitution grammar", () => {
  it.each([
    // Reference, appendix B.
    ["${a}", "Foo"],
    ["${#a}", "3"],
    ["${a,,}", "foo"],
    ["${a:1}", "oo"],
    ["${a:0:1}", "F"],
    ["${a:-x}", "Foo"],
    ["${e:-x}", "x"],
    ["${z:=y}", "y"],
    ["${a/o/0}", "F0o"],
    ["${a//o/0}", "F00"],
    ["${a//o/}", "F"],
    ["${a/o}", "error: bad substitution"],
    ["${a#F}", "oo"],
    ["$${a}", "${a}"],
    ["$a", "$a"],
    ["${z}", 'error: variable not set (strict mode): "z"'],
    // Lengths and parts count bytes.
    ["${#greek}", "6"],
    ["${greek:2}", "βγ"],
    ["${#e}", "0"],
    ["${a: -2}", "Foo"],
    ["${a:-2}", "Foo"],
    ["${a:9}", ""],
    ["${a:1:99}", "oo"],
    ["${a:1:0}", ""],
    ["${low:0:-1}", "ab"],
    ["${low:2:-2}", ""],
    ["${a:x:y}", "Foo"],
    ["${a:1:y}", "Foo"],
    ["${a:${two}}", "o"],
    ["${a:99999999999999999999}", "Foo"],
    ["${a:}", "error: unable to parse substitution within function"],
    ["${a:", "error: bad substitution"],
    // Case, one letter for one letter.
    ["${low^}", "Abc"],
    ["${low^^}", "ABC"],
    ["${up,}", "aBC"],
    ["${greek^^}", "ΑΒΓ"],
    ["${sharp^^}", "ßX"],
    ["${dotted,,}", "i"],
    ["${e^}", ""],
    ["${low^,}", "abc"],
    // Prefixes and suffixes.
    ["${path#*/}", "local/file.tar.gz"],
    ["${path##*/}", "file.tar.gz"],
    ["${path%.*}", "usr/local/file.tar"],
    ["${path%%.*}", "usr/local/file"],
    ["${path#nothing}", "usr/local/file.tar.gz"],
    ["${path#u?r/[a-z]*/}", "file.tar.gz"],
    ["${low#[^b]}", "bc"],
    ["${odd#a\\]}", "b-c*d\\e"],
    ["${low#[}", "abc"],
    ["${low#[a}", "abc"],
    ["${low#a\\}", "abc"],
    ["${low%[a-c]}", "abc"],
    ["${low###}", "abc"],
    // Replacements.
    ["${low/#ab/AB}", "ABc"],
    ["${low/#bc/BC}", "abc"],
    ["${low/%bc/BC}", "aBC"],
    ["${low/%ab/AB}", "abc"],
    ["${path/\\//_}", "usr_local/file.tar.gz"],
    ["${path//\\//_}", "usr_local_file.tar.gz"],
    ["${low/b/\\\\}", "a\\c"],
    ["${greek//${e}/-}", "-α-β-γ-"],
    ["${low/${low}/x}", "x"],
    ["${low///x}", "error: unable to parse substitution within function"],
    // Without its second slash a replacement goes on to the next one, wherever it is.
    ["${low/b} and/or}", "abc"],
    // Defaults: the same for every operator.
    ["${z=d}${z:=d}${z:-d}${z:?d}${z:+d}", "ddddd"],
    ["${a:+d}", "Foo"],
    ["${z:-}", ""],
    ["${z:=a, b}", "a, b"],
    ["${z:-${a}}", "Foo"],
    ["${z:-${y:-deep}}", "deep"],
    ["${z:-a-${a}-b}", "a-Foo-b"],
    ["${a:-${z}}", 'error: variable not set (strict mode): "z"'],
    ["${a-x}", "error: missing closing brace"],
    ["${a+x}", "error: missing closing brace"],
    ["${a?x}", "error: missing closing brace"],
    ["${z:-", "error: unable to parse substitution within function"],
    // Names.
    ["${my-var}", "error: missing closing brace"],
    ["${1.2}", "error: missing closing brace"],
    ["${}", "error: unable to parse variable name"],
    ["${a", "error: missing closing brace"],
    ["${#}", "error: bad substitution"],
    ["${ß:-x}", "x"],
    ["${#z}", 'error: variable not set (strict mode): "z"'],
    // Dollars.
    ["$$", "$"],
    ["$$$${a}", "$${a}"],
    ["$$${a}", "$Foo"],
    ["$ 5$ $(x) $1 $?", "$ 5$ $(x) $1 $?"],
    ["a\\/b\\\\", "a\\/b\\\\"],
    ["", ""],
  ])("%s → %s", (text, want) => expect(render(text)).toBe(want));

  it.each([
    ["<${z}>", "<>"],
    ["<${#z}>", "<0>"],
  ])("not strict: %s → %s", (text, want) => expect(render(text, false)).toBe(want));

  it("gives up on braces without end instead of on its stack", () => {
    expect(render(`${"${z:-".repeat(5_000)}`)).toBe("error: bad substitution");
  });

  it("gives up on a pattern that would take forever", () => {
    expect(render("${path#*a*b*c*d}", true, 10)).toBe('error: the pattern of variable "path" needs too much work');
  });
});

describe("bytes", () => {
  it.each([
    [[0x61, 0xce, 0xb1], undefined],
    [[0xce, 0x22], "yaml: invalid trailing UTF-8 octet"],
    [[0x80], "yaml: invalid leading UTF-8 octet"],
    [[0xce], "yaml: incomplete UTF-8 octet sequence"],
    [[0xc0, 0x80], "yaml: invalid length of a UTF-8 sequence"],
  ])("%j: %s", (bytes, want) => expect(utf8Problem(fromArray(Uint8Array.from(bytes)))).toBe(want));
});

describe("an object", () => {
  const substitute = (yaml: string, values: Record<string, string>) =>
    substituteText(yaml, { variables: new Map(Object.entries(values).map(([name, value]) => [name, bytesOf(value)])), strict: true });

  it.each<[string, Record<string, string>, unknown]>([
    ["a: ${x}\n", { x: "5" }, { a: 5 }],
    ["a: ${x}\n", { x: '"5"' }, { a: "5" }],
    ["a: ${x}\n", { x: "yes" }, { a: true }],
    ["a: ${x}\n", { x: "0755" }, { a: 493 }],
    ["a: ${x}\n", { x: "2001-01-01" }, { a: "2001-01-01" }],
    ["a: ${x}\n", { x: "" }, { a: null }],
    ["a: <${x}>\n", { x: "5" }, { a: "<5>" }],
    ["a: ${x}\n", { x: "{b: [1, c]}" }, { a: { b: [1, "c"] } }],
  ])("%s with %j is %j", (yaml, values, want) => expect(substitute(yaml, values)).toEqual({ ok: true, value: want }));

  it.each<[string, Record<string, string>, string]>([
    ["a: ${x}\n", { "my-var": "" }, "envsubst error: 'my-var' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"],
    ["a: b\n", { "1st": "" }, "envsubst error: '1st' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"],
    ["a: b\n", { ä: "" }, "envsubst error: 'ä' var name is invalid, must match '^[_[:alpha:]][_[:alpha:][:digit:]]*$'"],
    ["a: ${y}\n", { x: "" }, 'envsubst error: variable substitution failed: variable not set (strict mode): "y"'],
    ["a: ${x:0:1}\n", { x: "α" }, "envsubst error: YAMLToJSON: yaml: invalid trailing UTF-8 octet"],
    ["${x}\n", { x: "text" }, "UnmarshalJSON: the text is no object any more once its variables are replaced"],
    ["a: ${x}\n", { x: "{__proto__: 1}" }, 'envsubst error: YAMLToJSON: yaml: the key "__proto__" is not allowed'],
  ])("%s with %j fails: %s", (yaml, values, problem) => expect(substitute(yaml, values)).toEqual({ ok: false, problem }));

  it("never says the value of a variable", () => {
    const failed = substitute("a: ${secret}\n", { secret: "[canary-7f3" });
    expect(failed.ok).toBe(false);
    expect(JSON.stringify(failed)).not.toContain("canary");
  });

  it.each([
    [{ metadata: { annotations: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } } }, true],
    [{ metadata: { labels: { "kustomize.toolkit.fluxcd.io/substitute": "disabled" } } }, true],
    [{ metadata: { labels: { "kustomize.toolkit.fluxcd.io/substitute": "Disabled" } } }, false],
    [{ metadata: { name: "a" } }, false],
    [{}, false],
  ])("%j is left alone: %s", (object, want) => expect(isLeftAlone(object)).toBe(want));
});
