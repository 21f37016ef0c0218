import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { GOLDEN, goldenCases, neutral } from "../../../../../helm/template/golden.ts";
import { ourAnswer, type TemplateAnswer } from "../../../../../helm/template/ours.ts";

const golden: readonly TemplateAnswer[] = JSON.parse(readFileSync(GOLDEN, "utf8"));

describe("templates say what Go's say", () => {
  it("has an answer of Go for each case", () => expect(golden.length).toBe(goldenCases.length));

  // One test for all: three thousand reports of single ones cost more than they tell.
  it("in text and errors", () => {
    const different = goldenCases.flatMap((question, index) => {
      const ours = ourAnswer(question);
      const theirs = golden[index] ?? {};
      const isSame = neutral(ours.out) === neutral(theirs.out) && neutral(ours.err) === neutral(theirs.err);
      return isSame ? [] : [{ template: question.files.at(-1)?.[1], ours, theirs }];
    });
    expect(different.slice(0, 5)).toEqual([]);
  });
});
