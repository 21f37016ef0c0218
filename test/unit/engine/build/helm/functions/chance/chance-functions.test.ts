import { describe, expect, it } from "vitest";
import { createFunctions } from "../../../../../../../layers/engine/build/helm/functions/functions.ts";
import { isFailure } from "../../../../../../../layers/engine/build/helm/go/result.ts";
import { type GoValue, goInt } from "../../../../../../../layers/engine/build/helm/go/value.ts";
import { epochMs } from "../../../../../../../layers/engine/domain/time.ts";

const ask = (seed: number, name: string, args: readonly GoValue[], times: number): readonly string[] => {
  const functions = createFunctions({ seed: new Uint8Array(32).fill(seed), now: epochMs(0) });
  return Array.from({ length: times }, () => {
    const result = functions.get(name)?.call(args) ?? null;
    if (isFailure(result)) return `! ${result.message}`;
    return typeof result === "object" && result !== null && result.go === "int" ? `${result.value}` : String(result);
  });
};

describe("randInt", () => {
  it("gives every number from the first to below the second, and no other", () => {
    expect([...new Set(ask(1, "randInt", [goInt(-2), goInt(3)], 500))].toSorted()).toEqual(["-1", "-2", "0", "1", "2"]);
  });

  it("refuses what has nothing in it", () => {
    expect(ask(1, "randInt", [goInt(3), goInt(3)], 1)).toEqual(["! invalid argument to Intn"]);
  });

  it("gives all digits of a number beyond 2^53", () => {
    expect(ask(1, "randInt", [goInt(2n ** 62n + 1n), goInt(2n ** 62n + 2n)], 1)).toEqual([String(2n ** 62n + 1n)]);
  });
});

describe("shuffle", () => {
  it("gives all letters in every order", () => {
    expect(new Set(ask(1, "shuffle", ["äb😀"], 300)).size).toBe(6);
    expect(ask(1, "shuffle", ["äb😀"], 50).every((text) => Array.from(text).toSorted().join("") === "bä😀")).toBe(true);
  });
});

it("chance is that of the seed: the same one gives the same, another one something else, and no call what another has given", () => {
  const wide = [goInt(0), goInt(2n ** 60n)];
  expect(ask(7, "randInt", wide, 20)).toEqual(ask(7, "randInt", wide, 20));
  expect(ask(7, "randInt", wide, 1)).not.toEqual(ask(8, "randInt", wide, 1));
  expect(new Set(ask(7, "randInt", wide, 20)).size).toBe(20);
});
