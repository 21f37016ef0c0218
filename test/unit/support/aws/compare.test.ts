import { describe, expect, it } from "vitest";
import { findProblems, type Result } from "../../../aws/conformance/compare.ts";

describe("comparing our fake with moto", () => {
  const result = (parts: Partial<Result>): Result => ({ id: "x", want: "a", ours: "a", moto: "a", ...parts });
  const listed = [{ id: "x", moto: "b", why: "because" }];

  it.each([
    { what: "all the same", results: [result({})], known: [], problems: 0 },
    { what: "ours is wrong", results: [result({ ours: "c", moto: "c" })], known: [], problems: 1 },
    { what: "ours is wrong and moto was not asked", results: [result({ ours: "c", moto: undefined })], known: [], problems: 1 },
    { what: "moto differs and nobody says why", results: [result({ moto: "b" })], known: [], problems: 1 },
    { what: "moto differs as listed", results: [result({ moto: "b" })], known: listed, problems: 0 },
    { what: "moto differs otherwise than listed", results: [result({ moto: "c" })], known: listed, problems: 1 },
    { what: "moto does the same by now", results: [result({})], known: listed, problems: 1 },
    { what: "what is listed is asked no more", results: [], known: listed, problems: 1 },
  ])("$what: $problems problems", ({ results, known, problems }) => {
    expect(findProblems(results, known).length).toBe(problems);
  });
});
