import { expect, it } from "vitest";
import { type RawJson, readRawJson } from "../../../../../../layers/engine/build/kustomize/json/read-raw-json.ts";

function show(json: RawJson): string {
  if (json === undefined) return "nil";
  if (json.kind === "scalar") return json.text;
  if (json.kind === "list") return `[${json.items.map(show).join(" ")}]`;
  return `{${Array.from(json.fields, ([key, value]) => `${key}:${show(value)}`).join(" ")}}`;
}

function read(text: string): string {
  const json = readRawJson(text);
  return json.ok ? show(json.value) : json.problem;
}

it.each([
  [' [1, 1.0, 1E+2, -0, "a", true, false, null] \n', '[1 1.0 1E+2 -0 "a" true false nil]'],
  [String.raw`{"a": {"\u0062": []}, "a": {}}`, "{a:{}}"],
  [String.raw`{"\u0061\n": "\u00e9\""}`, String.raw`{a${"\n"}:"\u00e9\""}`],
  ['{"\\ud800": 1}', "{\ufffd:1}"],
])("reads %j and keeps what it says", (text, want) => expect(read(text)).toBe(want));

it.each([
  ["", "unexpected end of JSON input"],
  ["[", "unexpected end of JSON input"],
  ["[1,", "unexpected end of JSON input"],
  ['{"a"', "unexpected end of JSON input"],
  ['"a', "unexpected end of JSON input"],
  ["x", "invalid character 'x' looking for beginning of value"],
  ["é", "invalid character 'Ã' looking for beginning of value"],
  ["'a'", String.raw`invalid character '\'' looking for beginning of value`],
  ["[1,]", "invalid character ']' looking for beginning of value"],
  ["[1 2]", "invalid character '2' after array element"],
  ["[01]", "invalid character '1' after array element"],
  ["{a: 1}", "invalid character 'a' looking for beginning of object key string"],
  ['{"a" 1}', "invalid character '1' after object key"],
  ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
  ['{"a": 1,}', "invalid character '}' looking for beginning of object key string"],
  ["[] []", "invalid character '[' after top-level value"],
  ["[nul]", "invalid character ']' in literal null (expecting 'l')"],
  ["tru", "invalid character ' ' in literal true (expecting 'e')"],
  ["-", "invalid character ' ' in numeric literal"],
  ["-x", "invalid character 'x' in numeric literal"],
  ["1.", "invalid character ' ' after decimal point in numeric literal"],
  ["1.e5", "invalid character 'e' after decimal point in numeric literal"],
  ["1e+", "invalid character ' ' in exponent of numeric literal"],
  ['"\n"', String.raw`invalid character '\n' in string literal`],
  [String.raw`"\x"`, "invalid character 'x' in string escape code"],
  [String.raw`"\u12g4"`, String.raw`invalid character 'g' in \u hexadecimal character escape`],
  [`${"[".repeat(101)}1${"]".repeat(101)}`, "exceeded max depth"],
])("says of %j what Go says", (text, want) => expect(read(text)).toBe(want));
