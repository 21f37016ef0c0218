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
const rules = read("docs/sandbox.md")
  .split("\n")
  .filter((line) => line.includes("*Proof:*"));
const titles = rules.flatMap((line) => [...(line.split("*Proof:*")[1] ?? "").matchAll(/`([^`]+)`/g)].map(([, title]) => title ?? ""));

it("the specification names its proofs", () => expect(titles.length).toBeGreaterThanOrEqual(rules.length));

it.each(titles)("%s", (title) => {
  // Tables of cases make some titles: `the columns of pods`.
  const parts = title.startsWith("the columns of ") ? ["the columns of ${"] : [title];
  expect(parts.filter((part) => !tests.includes(part))).toEqual([]);
});
