import { describe, expect, it } from "vitest";
import { createFunctions } from "../../../../../../layers/engine/build/helm/functions/functions.ts";
import { failure, GoPanic, type GoResult, isFailure } from "../../../../../../layers/engine/build/helm/go/result.ts";
import { type GoMap, type GoValue, goInt, goMap, goSlice } from "../../../../../../layers/engine/build/helm/go/value.ts";
import { limited } from "../../../../../../layers/engine/build/work.ts";
import { epochMs } from "../../../../../../layers/engine/domain/time.ts";

const functions = createFunctions({ seed: new Uint8Array(32), now: epochMs(0) });

/** What a call comes to, with few steps to take. */
function call(name: string, args: readonly GoValue[], steps = 1_000_000): GoResult {
  return limited<GoResult>(steps, () => callFreely(name, args), failure);
}

function callFreely(name: string, args: readonly GoValue[]): GoResult {
  try {
    return functions.get(name)?.call(args) ?? null;
  } catch (error) {
    // What is too long for JavaScript ends the render: see template/templates.ts.
    if (error instanceof GoPanic || error instanceof RangeError) return failure(error.message);
    throw error;
  }
}

const problemOf = (result: GoResult): string => (isFailure(result) ? result.message : `answered ${JSON.stringify(result).slice(0, 80)}`);

/** A map that holds itself. */
function loop(): GoMap {
  const map = goMap([["a", 1]]);
  map.entries.set("self", goSlice([map]));
  return map;
}

/** A list that stands twice in a list that stands twice in a list …: few values in memory, 2^40 of them when they are gone through. */
function doubled(): GoValue {
  let value: GoValue = "x";
  for (let level = 0; level < 40; level++) value = goSlice([value, value]);
  return value;
}

describe("a map that holds itself", () => {
  it.each([
    "toString",
    "toJson",
    "toPrettyJson",
    "toYaml",
    "toYamlPretty",
    "toToml",
    "quote",
    "deepCopy",
    "mustToJson",
    "mustToYaml",
    "toRawJson",
    "cat",
    "sortAlpha",
  ])("%s ends", (name) => {
    const result = call(name, [loop()]);
    expect(isFailure(result) || typeof result === "string").toBe(true);
  });

  it.each(["deepEqual", "merge", "mergeOverwrite"])("%s of two of them ends", (name) => {
    expect(problemOf(call(name, [loop(), loop()]))).toMatch(/nested too deep|answered/);
  });

  it("is nothing as JSON and YAML", () => {
    expect([call("toJson", [loop()]), call("toYaml", [loop()])]).toEqual(["", ""]);
  });
});

describe("what would be too much", () => {
  it.each<{ name: string; args: readonly GoValue[]; want: RegExp }>([
    { name: "repeat", args: [goInt(2n ** 40n), "x"], want: /^a text of more than/ },
    { name: "indent", args: [goInt(1_000_000), "\n".repeat(1_000)], want: /^a text of more than/ },
    { name: "replace", args: ["a", "b".repeat(10_000), "a".repeat(10_000)], want: /^a text of more than/ },
    { name: "until", args: [goInt(2n ** 40n)], want: /^a list of more than/ },
    { name: "untilStep", args: [goInt(0), goInt(2n ** 62n), goInt(1)], want: /^a list of more than/ },
    { name: "seq", args: [goInt(2n ** 40n)], want: /^a list of more than/ },
    { name: "toJson", args: [doubled()], want: /more than 1000000 steps/ },
    { name: "toYaml", args: [doubled()], want: /more than 1000000 steps/ },
    { name: "toYamlPretty", args: [doubled()], want: /more than 1000000 steps/ },
    { name: "toToml", args: [goMap([["a", doubled()]])], want: /more than 1000000 steps/ },
    { name: "deepCopy", args: [doubled()], want: /more than 1000000 steps/ },
    { name: "deepEqual", args: [doubled(), doubled()], want: /more than 1000000 steps/ },
    { name: "regexMatch", args: ["(((a{100}){100}){100})", "a"], want: /answered false/ },
    { name: "regexMatch", args: [`(a*)*${"b?".repeat(1_000)}`, "a".repeat(100_000)], want: /take too long/ },
    { name: "regexFind", args: ["a".repeat(20_000), "a"], want: /more than 10000 characters/ },
    { name: "float64", args: ["9".repeat(1_000_000)], want: /answered 0/ },
    { name: "float64", args: [`0x${"f".repeat(1_000_000)}p-1`], want: /answered 0/ },
    { name: "toDecimal", args: ["7".repeat(1_000_000)], want: /answered/ },
  ])("$name", ({ name, args, want }) => {
    const result = call(name, args);
    const shown = typeof result === "object" && result !== null && result.go === "int" ? `answered ${result.value}` : problemOf(result);
    expect(shown).toMatch(want);
  });

  it.each([
    ["fromJson", `${"[".repeat(100_000)}`],
    ["fromJson", `${"[".repeat(5_000)}${"]".repeat(5_000)}`],
    ["fromYaml", `${"[".repeat(100_000)}`],
    ["fromYaml", "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: &d [*c,*c]\n".repeat(2)],
    ["fromToml", `a = ${"[".repeat(100_000)}`],
    ["fromToml", `a = ${"{a = ".repeat(5_000)}`],
    ["urlParse", `http://${"[".repeat(100_000)}`],
    ["snakecase", "aB".repeat(50_000)],
    ["b32dec", "A".repeat(1_000_000)],
  ])("%s of much comes to an end", (name, text) => {
    expect(() => call(name, [text], 100_000_000)).not.toThrow();
  });
});
