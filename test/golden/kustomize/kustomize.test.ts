import { describe, expect, it } from "vitest";
import YAML from "yaml";
import { type Case, readCases } from "../../support/kustomize/case.ts";
import { ourAnswer } from "../../support/kustomize/ours.ts";

const LEAST_CASES = 900;

/**
 * What kustomize makes of a small tree, one file per case: files in, text or error out. See README.md in this folder.
 * The wanted answers are kustomize's own (`node test/kustomize/record.ts`), those that are not say why.
 */
const cases = readCases();

describe("the corpus", () => {
  it("is whole", () => {
    expect(cases.length).toBeGreaterThanOrEqual(LEAST_CASES);
    expect(cases.filter(({ want }) => want === undefined).map(({ name }) => name)).toEqual([]);
    expect(cases.filter(({ kubectl }) => kubectl?.why === "?").map(({ name }) => name)).toEqual([]);
  });
});

describe("what kustomize prints", () => {
  const built = cases.flatMap((each) => (each.want?.kind === "built" ? [{ ...each, yaml: each.want.yaml }] : []));
  it.each(built)("$name", ({ input, yaml }) => {
    const answer = ourAnswer(input);
    expect(answer).toMatchObject({ kind: "built" });
    const text = answer.kind === "built" ? answer.yaml : "";
    expect(documentsOf(text)).toEqual(documentsOf(yaml));
    expect(text).toBe(yaml);
  });
});

describe("what kustomize says when it fails", () => {
  const failing = cases.filter(({ want }) => want?.kind === "failed");
  it.each(failing)("$name", ({ input, want }: Case) => {
    const answer = ourAnswer(input);
    // Where kustomize loses its senses, any answer of ours will do.
    if (want?.kind === "failed" && want.message.startsWith("panic: ")) return;
    expect(answer).toEqual(want);
  });
});

const documentsOf = (yaml: string): readonly unknown[] => YAML.parseAllDocuments(yaml, { version: "1.1" }).map((document) => document.toJS());
