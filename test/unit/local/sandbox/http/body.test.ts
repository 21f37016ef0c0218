import { describe, expect, it } from "vitest";
import { decodeJson, decodeObject, decodeYamlOrJson } from "../../../../../lib/local/sandbox/http/body.ts";
import { MAX_DEPTH } from "../../../../../lib/local/sandbox/http/scan-json.ts";

const said = (result: { readonly ok: boolean; readonly problem?: unknown }): unknown => (result.ok ? "read" : result.problem);
const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("JSON bodies, in Go's words", () => {
  it.each([
    ["{", "unexpected end of JSON input"],
    ["", "unexpected end of JSON input"],
    ['{"a":}', "invalid character '}' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ["{} x", "invalid character 'x' after top-level value"],
    ["[1 2]", "invalid character '2' after array element"],
    ['{"a":01}', "invalid character '1' after object key:value pair"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a":-}', "invalid character '}' in numeric literal"],
    ['{"a":1.}', "invalid character '}' after decimal point in numeric literal"],
    ['{"a":1e}', "invalid character '}' in exponent of numeric literal"],
    ['{"a":nulx}', "invalid character 'x' in literal null (expecting 'l')"],
    ['{"a":"\u0001"}', "invalid character '\\x01' in string literal"],
    ['{"a":"\\x"}', "invalid character 'x' in string escape code"],
    ['{"a":"\\u12g"}', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{"a":"\\n\\u00e9", "b":[1.5e-3,true,null,{}]}', "read"],
  ])("%s", (text, want) => expect(said(decodeJson(text))).toBe(want));

  it("is read to a depth and no further", () => {
    expect(said(decodeJson(nested(MAX_DEPTH)))).toBe("read");
    expect(said(decodeJson(nested(MAX_DEPTH + 1)))).toBe("invalid character '[' exceeded max depth");
    expect(said(decodeYamlOrJson(`{"a":${nested(1_000_000)}}`))).toBe("yaml: exceeded max depth");
  });

  it("keys that come twice are named by their path, and the last one counts", () => {
    const body = decodeJson('{"a":{"x":[{"b":1,"b":2}],"x":3},"c":1,"c":2}');
    expect(body).toEqual({
      ok: true,
      value: {
        value: { a: { x: 3 }, c: 2 },
        repeated: ["a.x[0].b", "a.x", "c"].map((path) => ({ path, text: `duplicate field "${path}"` })),
      },
    });
  });

  it.each(['{"__proto__":{"polluted":true},"a":1}', '{"\\u005f_proto__":{"polluted":true},"a":1}'])("%s has no prototype of its own", (text) => {
    const body = decodeJson(text);
    expect(body.ok && body.value.value).toEqual({ a: 1 });
    expect(body.ok && Object.getPrototypeOf(body.value.value)).toBe(Object.prototype);
  });
});

describe("YAML bodies, in go-yaml's words", () => {
  it.each([
    ["a: [", "yaml: line 1: did not find expected node content"],
    ["a: b: c", "yaml: mapping values are not allowed in this context"],
    ["x: y\n  z: w", "yaml: line 2: mapping values are not allowed in this context"],
    ["\ta: b", "yaml: found character that cannot start any token"],
    ["a: `b`", "yaml: found character that cannot start any token"],
    ["a: 'x", "yaml: found unexpected end of stream"],
    ["- a\nb: c", "yaml: line 1: did not find expected '-' indicator"],
    ["a: |\n x\n  y\n z\n- b", "yaml: line 4: did not find expected key"],
    ["a: *x", "yaml: unknown anchor 'x' referenced"],
    ["%", "yaml: could not find expected directive name"],
    ["a: 1\nb: [x, y]", "read"],
  ])("%j", (text, want) => expect(said(decodeYamlOrJson(text))).toBe(want));

  it.each([
    ["a: 1\nb:\n  x: 1\n  x: 2\n", { a: 1, b: { x: 2 } }, 'line 4: key "x" already set in map'],
    ['{"b":{"x":1,"x":2}}', { b: { x: 2 } }, 'line 1: key "x" already set in map'],
  ])("%j has a key twice", (text, value, line) => {
    expect(decodeYamlOrJson(text)).toEqual({ ok: true, value: { value, repeated: [{ path: "", text: line }] } });
  });
});

describe("what is no object at all", () => {
  const head = "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ";
  it.each([
    ["xyz", "invalid character 'x' looking for beginning of value (78797a)"],
    ["", "unexpected end of JSON input (<empty>)"],
    ['{"kind":1}', 'json: cannot unmarshal number into Go struct field .kind of type string ({"kind":1})'],
    ['{"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa":1', 'unexpected end of JSON input ({"aaaaaaaaaaaaaaaaaaaaaaaaaaaa ...)'],
  ])("%s", (text, want) => {
    const result = decodeObject(Buffer.from(text), "application/json", "ConfigMap");
    expect(result.ok ? "read" : result.problem.message).toBe(head + want);
  });
});
