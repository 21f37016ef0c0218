import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(`${ROOT}docs/security.md`, "utf8");
const rows = page.split("\n").filter((line) => /^\| (?!Rule|Class|Fault)/.test(line));
const named = [...page.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title }));

describe("docs/security.md", () => {
  it("has a row for every class of the catalogue", () => expect(rows.length).toBeGreaterThanOrEqual(35));
  it.each(rows.filter((row) => /\| (?:holds|in part)/.test(row)))("a row that holds names a test: %s", (row) => expect(row).toMatch(/`test\/[^`]+` "/));
  it.each(named)("$file has “$title”", ({ file, title }) => {
    expect(existsSync(ROOT + file)).toBe(true);
    expect(readFileSync(ROOT + file, "utf8").includes(`"${title}"`)).toBe(true);
  });
});
