import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const root = new URL("../../../../", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), "utf8");
const textsBelow = (folder: string): string =>
  readdirSync(new URL(folder, root), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !path.endsWith("specification.test.ts"))
    .map((path) => read(`${folder}/${path}`))
    .join("\n");

const tests = textsBelow("test/contract") + textsBelow("test/unit/local/sandbox");
/** One for each rule: a rule may go over several lines, its proof ends it. */
const rules = read("docs/sandbox.md")
  .split("\n")
  .filter((line) => line.includes("*Proof:*"));
const titles = rules.flatMap((line) => [...(line.split("*Proof:*")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, title]) => title ?? ""));

it("the specification names its proofs", () => expect(titles.length).toBeGreaterThanOrEqual(rules.length));

it.each(titles)("%s", (title) => {
  // Tables of cases make some titles: `the columns of pods`, `defaults of Pod`.
  const table = ["the columns of ", "defaults of "].find((start) => title.startsWith(start));
  const parts = table === undefined ? [title] : [`${table}\${`];
  expect(parts.filter((part) => !tests.includes(part))).toEqual([]);
});

it("every rule of these sections has its proof", () => {
  const sections = read("docs/sandbox.md").split(/^## /m).slice(1);
  const held = sections.filter((section) => /^(Custom resources|Built-in kinds|Controllers|What the server adds)/.test(section));
  expect(held).toHaveLength(5);
  const items = held.flatMap((section) => section.split(/^(?=- |\d+\. )/m).slice(1));
  expect(items.filter((item) => !item.includes("*Proof:*") && !item.startsWith("- Differences:"))).toEqual([]);
});
