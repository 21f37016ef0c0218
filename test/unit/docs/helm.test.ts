import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CHART_LIMITS } from "@sluice/engine/build/helm/chart/read-archive.ts";
import { DEFAULT_LIMITS } from "@sluice/engine/build/helm/template/budget.ts";
import { DEFAULT_LIMITS as SERVER_LIMITS } from "@sluice/platform/helm/limits.ts";
import { describe, expect, it } from "vitest";
import { faultsOf, objectsIn } from "./examples.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const page = readFileSync(`${ROOT}docs/helm.md`, "utf8");
const sourceOf = (file: string): string => readFileSync(`${ROOT}layers/${file.startsWith("platform/") ? file : `engine/${file}`}`, "utf8");

const section = (heading: string, rank: string): string => page.split(`\n${rank} ${heading}\n`)[1]?.split(`\n${rank} `)[0] ?? "";
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split("\n")
    .filter((line) => /^\| (?!What \|)/.test(line))
    .map((line) => line.slice(2, -2).split(" | "));

describe("what differs from Helm and Flux", () => {
  const rows = rowsOf(section("Where it differs from Helm and Flux", "##"));
  it("there are some", () => expect(rows.length).toBeGreaterThan(20));
  it.each(rows)("%s: %s", (...cells) => expect(cells.at(-1)).toMatch(/^`test\/[\w./-]+`/));

  const named = [...page.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)].map(([, file = "", title = ""]) => ({ file, title }));
  it.each(named)("$file has “$title”", ({ file, title }) => {
    expect(existsSync(ROOT + file)).toBe(true);
    expect(readFileSync(ROOT + file, "utf8").includes(`"${title}"`)).toBe(true);
  });
});

describe("its example", () => {
  const objects = objectsIn(page);
  it("is what the API server takes", () => expect(objects.flatMap(faultsOf)).toEqual([]));
  it("is two repositories and a release", () => expect(objects.map(({ kind }) => kind)).toEqual(["HelmRepository", "HelmRepository", "HelmRelease"]));
});

/** Bounds of Go's types. */
const OF_TYPES = /^(?:MAX_U?INT64|MAX_RUNE|MAX_DURATION)$/;
/** Limits that are a field of several. */
const FIELDS: { readonly [where: string]: { readonly [name: string]: number } } = {
  "build/helm/template/budget.ts": DEFAULT_LIMITS,
  "build/helm/chart/read-archive.ts": CHART_LIMITS,
  "platform/helm/limits.ts": SERVER_LIMITS,
};

describe("limits of our own", () => {
  const rows = rowsOf(section("Limits of our own", "###")).map(([, value = "", where = ""]) => {
    const [file = "", name = ""] = where.replaceAll("`", "").split(" ");
    return { file, name, value: Number(value) };
  });
  it.each(rows)("$file $name is $value", ({ file, name, value }) => {
    const [, written = "?"] = new RegExp(`^(?:export )?const ${name} = (.+);`, "m").exec(sourceOf(file)) ?? [];
    expect(FIELDS[file]?.[name] ?? product(written)).toBe(value);
  });

  const listed = rows.map(({ file, name }) => `${file} ${name}`);
  const inSources = readdirSync(`${ROOT}layers/engine/build/helm`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [...sourceOf(`build/helm/${file}`).matchAll(/^(?:export )?const (MAX_\w+) = /gm)].map(([, name = ""]) => ({ file, name })))
    .filter(({ name }) => !OF_TYPES.test(name));
  it.each(inSources)("$file $name is listed", ({ file, name }) => expect(listed).toContain(`build/helm/${file} ${name}`));
  it.each(Object.entries(FIELDS).flatMap(([file, fields]) => Object.keys(fields).map((name) => `${file} ${name}`)))("%s is listed", (one) =>
    expect(listed).toContain(one));
});

/** `16 * 1024` → 16384; `64 << 20` → 67108864. */
function product(text: string): number {
  const [base = "", shift] = text.split("<<");
  const value = base.split("*").reduce((result, factor) => result * Number(factor.replaceAll("_", "")), 1);
  return shift === undefined ? value : value * 2 ** Number(shift);
}
