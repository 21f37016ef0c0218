import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDifferences } from "../../conformance/listed.ts";
import { judge } from "../../conformance/verdict.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;

it("docs/differences.md names only scenarios that exist", () => {
  const listed = parseDifferences(readFileSync(`${ROOT}docs/differences.md`, "utf8"));
  expect(listed.length).toBeGreaterThan(0);
  expect(listed.filter(({ scenario }) => !existsSync(`${ROOT}test/conformance/scenarios/${scenario}.yaml`))).toEqual([]);
});

describe("a row", () => {
  it("is read", () =>
    expect(parseDifferences('text\n| Scenario |\n| `apply/a-b` | real and sandbox | waits for issue "CEL" | Not yet. |')).toEqual([
      { scenario: "apply/a-b", clusters: ["real", "sandbox"], kind: 'waits for issue "CEL"', reason: "Not yet.", sometimes: false },
    ]));

  it.each([
    ["| `a` | real and sandbox | improvement | Why. |", "not the name of a scenario"],
    ["| `apply/a` | real | improvement | Why. |", "not a cluster"],
    ["| `apply/a` | real and sandbox | flaky | Why. |", "not a kind"],
    ["| `apply/a` | real and sandbox | waits for the sandbox | Why. |", "only on the sandbox"],
    ["| `apply/a` | sandbox only | waits for the sandbox | |", "a reason is wanted"],
    ["| `apply/a` | sandbox only | improvement | Why. |\n| `apply/a` | sandbox only | improvement | Why. |", "listed twice"],
  ])("that means nothing is refused: %s", (text, want) => expect(() => parseDifferences(text)).toThrow(want));
});

describe("the verdict", () => {
  const [always] = parseDifferences("| `apply/a` | sandbox only | improvement | Why. |");
  const [sometimes] = parseDifferences("| `apply/a` | sandbox only | improvement of timing | Why. |");
  const same = { kind: "ended", diff: "" } as const;
  const other = { kind: "ended", diff: "-a\n+b" } as const;
  const broken = { kind: "broken", why: "no" } as const;
  it.each([
    { ending: same, listed: undefined, want: "same passed" },
    { ending: other, listed: undefined, want: "differs failed" },
    { ending: broken, listed: undefined, want: "broken failed" },
    { ending: other, listed: always, want: "listed passed" },
    { ending: broken, listed: always, want: "listed passed" },
    { ending: same, listed: always, want: "same failed" },
    { ending: same, listed: sometimes, want: "same passed" },
    { ending: other, listed: sometimes, want: "listed passed" },
  ])("$ending.kind, $listed.kind: $want", ({ ending, listed, want }) => {
    const { word, passed } = judge(ending, listed);
    expect(`${word} ${passed ? "passed" : "failed"}`).toBe(want);
  });
});
