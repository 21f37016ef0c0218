import { setAtPath } from "@sluice/engine/build/helm/values/set-at-path.ts";
import { type SetMode, setValues } from "@sluice/engine/build/helm/values/set-values.ts";
import { jsonOfValues, valuesOf } from "@sluice/engine/build/helm/values/values.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

const set = (text: string, into: JsonObject = {}, mode: SetMode = "typed"): string => {
  const values = valuesOf(into);
  const wrong = setValues(text, values, mode);
  return wrong ?? JSON.stringify(jsonOfValues(values).json);
};

/** Each row was asked of Helm 4.2.2's strvals as well. */
describe("what --set understands", () => {
  const rows: readonly (readonly [text: string, want: string, into?: JsonObject])[] = [
    ["a=1", '{"a":1}'],
    ["a=1,b=x,c=true,d=FALSE,e=Null,f=1.5,g=007,h=0,i=-5,j=+7", '{"a":1,"b":"x","c":true,"d":false,"e":null,"f":"1.5","g":"007","h":0,"i":-5,"j":7}'],
    ["a=9223372036854775808", '{"a":"9223372036854775808"}'],
    ["a.b.c=1", '{"a":{"b":{"c":1}}}'],
    ["a\\.b=1", '{"a.b":1}'],
    ["a=x\\,y", '{"a":"x,y"}'],
    ["a=x=y", '{"a":"x=y"}'],
    ["a[1]=x", '{"a":[null,"x"]}'],
    ["a[0].b=1,a[0].c=2", '{"a":[{"b":1,"c":2}]}'],
    ["a[0][1]=1", '{"a":[[null,1]]}'],
    ["a={1,b,true}", '{"a":[1,"b",true]}'],
    ["a={}", '{"a":[""]}'],
    ["a={1}b=2", '{"a":[1],"b":2}'],
    ["a=", '{"a":""}'],
    ["a.b=2", '{"a":{"x":1,"b":2}}', { a: { x: 1 } }],
    ["a[1]=z", '{"a":["x","z"]}', { a: ["x", "y"] }],
    ["a[0].b=1", '{"a":[{"b":1}]}', { a: ["x"] }],
    ["a[0", "{}"],
    ["a", 'key "a" has no value'],
    ["a,b=1", 'key "a" has no value (cannot end with ,)'],
    ["a.=1", 'key map "a" has no value'],
    ["a={1,2", "list must terminate with '}'"],
    ["a[x]=1", 'error parsing index: strconv.Atoi: parsing "x": invalid syntax'],
    ["a[-1]=1", "negative -1 index not allowed"],
    ["a[65537]=1", "index of 65537 is greater than maximum supported index of 65536"],
    ["a[0]b=1", "unexpected data at end of array index: ['b']"],
    [`${"a.".repeat(31)}a=1`, "value name nested level is greater than maximum supported nested level of 30"],
    ["a.b=1", "unable to parse key: interface conversion: interface {} is string, not map[string]interface {}", { a: "x" }],
    ["a.b=1", "unable to parse key: interface conversion: interface {} is nil, not map[string]interface {}", { a: null }],
    ["a[0]=1", "unable to parse key: interface conversion: interface {} is map[string]interface {}, not []interface {}", { a: {} }],
    ["a[0][0]=1", "unable to parse key: interface conversion: interface {} is float64, not []interface {}", { a: [1] }],
    [`a${"[0]".repeat(100_000)}=1`, "lists nested deeper than 500"],
  ];
  it.each(rows.map(([text, want, into = {}]) => ({ text, want, into })))("$text: $want", ({ text, want, into }) => expect(set(text, into)).toBe(want));

  it("sets texts only, where that is wanted", () => expect(set("a=1,b={true,null}", {}, "text")).toBe('{"a":"1","b":["true","null"]}'));

  it("knows which numbers are int64 to Go", () => {
    const values = valuesOf({ yaml: 1 });
    expect(setValues("a.b[1]=5,c/d=6,e=1.5", values, "typed")).toBe(undefined);
    expect(jsonOfValues(values).integers).toEqual(["/a/b/1", "/c~1d"]);
  });
});

describe("targetPath", () => {
  it.each<readonly [string, boolean, string]>([
    ["5", false, '{"a":{"b":5}}'],
    ["'5'", false, '{"a":{"b":"5"}}'],
    ['"tr\'ue"', false, '{"a":{"b":"tr\'ue"}}'],
    ["'", false, '{"a":{"b":""}}'],
    ["x,c=1", false, '{"a":{"b":"x"},"c":1}'],
    ["x,c=1", true, '{"a":{"b":"x,c=1"}}'],
    ["{[\\]}\n5", true, '{"a":{"b":"{[\\\\]}\\n5"}}'],
    ["plain, text", false, 'key " text" has no value'],
  ])("%j, literal %s: %s", (value, isLiteral, want) => {
    const values = valuesOf({});
    const wrong = setAtPath(values, "a.b", value, isLiteral);
    expect(wrong ?? JSON.stringify(jsonOfValues(values).json)).toBe(want);
  });
});
