import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseDifferences } from "../../conformance/listed.ts";
import weights from "./parity-rows.json" with { type: "json" };

const ROOT = new URL("../../../", import.meta.url).pathname;
const read = (path: string): string => readFileSync(`${ROOT}${path}`, "utf8");

type Row = { readonly id: string; readonly weight: string; readonly state: string; readonly why: string };

function rowsOf(markdown: string): readonly Row[] {
  return markdown.split("\n").flatMap((line) => {
    const [id = "", , weight = "", state = "", why = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
    return /^[A-Z]\d\d$/.test(id) ? [{ id, weight, state, why }] : [];
  });
}

const rows = rowsOf(read("docs/parity.md"));
const listed = new Map(parseDifferences(read("docs/differences.md")).map(({ scenario, kind }) => [scenario, kind]));

/** What is wrong with a proof: `file` is no file, has no test of that title, or is a scenario that waits for an issue. */
function faultOf(proof: string): string | undefined {
  const [, path = "", title] = /^`([^`]+)`(?:: (.+))?$/.exec(proof) ?? [];
  const scenario = /^test\/conformance\/scenarios\/(.+)\.yaml$/.exec(path)?.[1];
  if (scenario !== undefined) {
    read(path);
    return listed.get(scenario)?.startsWith("waits for issue") ? `${scenario} does not end the same yet` : undefined;
  }
  if (!/(\.(test|contract|e2e|real)|^test\/contract\/[a-z-]+)\.ts$/.test(path) || title === undefined) return `no file and title: ${proof}`;
  return titlesOf(read(path)).has(title) ? undefined : `${path} has no test "${title}"`;
}

/** First arguments of it and describe, tables of theirs too: `])("$name"` ends one of many lines. */
function titlesOf(source: string): ReadonlySet<string> {
  const written = /^\s*(?:(?:it|describe)(?:\.\w+(?:<[^>]*>)?\([^\n]*\))?|\]\))\(\s*("(?:[^"\\]|\\.)*")/gm;
  return new Set([...source.matchAll(written)].map(([, text]) => String(JSON.parse(text ?? '""'))));
}

describe("docs/parity.md", () => {
  it("has every row of the list exactly once, with its weight", () => {
    expect(rows.map(({ id, weight }) => [id, weight]).toSorted()).toEqual(Object.entries(weights).toSorted());
  });

  it.each(rows.filter(({ state }) => state === "works"))("$id works: the tests that it names exist", ({ why }) => {
    expect(why.split(/(?:; |, )(?=`)/).flatMap((proof) => faultOf(proof) ?? [])).toEqual([]);
  });

  it.each(rows.filter(({ state }) => state !== "works"))("$id is later or never, and says what it waits for, or why", ({ state, why }) => {
    expect(["later", "never"]).toContain(state);
    expect(why).not.toBe("");
  });
});

describe("a proof", () => {
  it.each([
    ["`test/unit/docs/parity.test.ts`: a proof", undefined],
    ["`test/unit/docs/parity.test.ts`: a title that nobody wrote", /has no test/],
    ["`test/unit/docs/parity.test.ts`", /no file and title/],
    ["`README.md`: Sluice", /no file and title/],
    ["`test/conformance/scenarios/apply/apply-order.yaml`", undefined],
    ["`test/conformance/scenarios/apply/kube-config-missing.yaml`", /not end the same yet/],
  ])("%s", (proof, want) => {
    const fault = faultOf(proof);
    if (want === undefined) expect(fault).toBeUndefined();
    else expect(fault).toMatch(want);
  });

  it("of a scenario that does not exist", () => expect(() => faultOf("`test/conformance/scenarios/apply/nothing.yaml`")).toThrow("ENOENT"));
});
