import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { DISAGREEMENTS } from "../../kustomize/disagreements.ts";
import { type Case, readCases } from "../../support/kustomize/case.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const BUILD = `${ROOT}layers/engine/build/`;
const page = readFileSync(`${ROOT}docs/kustomize.md`, "utf8");
const cases: ReadonlyMap<string, Case> = new Map(readCases().map((each) => [each.name, each]));

/** The rows of the tables below a heading, down to the next one of its rank. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const start = page.indexOf(`\n${heading}\n`);
  const rank = heading.split(" ")[0];
  const end = page.indexOf(`\n${rank} `, start + heading.length);
  return page
    .slice(start, end < 0 ? undefined : end)
    .split("\n")
    .filter((line) => /^\| (?!What \|)/.test(line))
    .map((line) => line.slice(2, -2).split(" | "));
}

type Listed = { readonly name: string; readonly row: string };

const listedBelow = (heading: string): readonly Listed[] =>
  rowsBelow(heading).flatMap((cells) => [...(cells.at(-1) ?? "").matchAll(/`([^`]+)`/g)].map(([, name = ""]) => ({ name, row: cells.join(" | ") })));

/** Why a case is no plain one, and under which heading it belongs. */
function reasonOf({ byHand, want }: Case): string | undefined {
  if (byHand !== undefined) return byHand;
  return want?.kind === "failed" && want.message.startsWith("panic: ") ? "panic" : undefined;
}

describe("differences to kustomize 0.21.1", () => {
  const listed = listedBelow("## Where it differs from kustomize 0.21.1");
  const names = new Set(listed.map(({ name }) => name));
  it("there are some", () => expect(listed.length).toBeGreaterThan(40));
  it.each(listed)("$name is a case", ({ name }) => expect([...cases.keys()]).toContain(name));
  it.each([...cases.values()].filter((each) => reasonOf(each) !== undefined))("$name, which has an answer of our own, is listed", ({ name }) =>
    expect([...names]).toContain(name));
  it.each(listed.filter(({ name }) => cases.get(name)?.byHand !== undefined))("$name has its reason in its row", ({ name, row }) =>
    expect(plain(row)).toContain(plain(cases.get(name)?.byHand ?? "?").split("; ")[0]));
});

describe("differences between kubectl and Flux", () => {
  const listed = listedBelow("## Where kubectl (5.7.1) differs from Flux (0.21.1)");
  const different = [...cases.values()].flatMap(({ name, kubectl }) => (kubectl === undefined ? [] : [{ name, why: kubectl.why }]));
  it("are those of the corpus, each once", () => expect(listed.map(({ name }) => name).toSorted()).toEqual(different.map(({ name }) => name).toSorted()));
  it.each(different)("$name has its reason in its row", ({ name, why }) => expect(listed.find((each) => each.name === name)?.row).toContain(why));
  it.each(DISAGREEMENTS)("those of random trees are listed: $why", ({ why }) => expect(page).toContain(why));
});

/** Facts of Go, Kubernetes and go-yaml, of which kustomize has the same; and one of which no build sees anything. */
const THEIRS = /^(?:MAX_U?INT64|MAX_LEVELS|MAX_LINE|MAX_NAME|MAX_PREFIX|MAX_INSERTION|MAX_SHIFTS|MAX_SWAPS|MAX_REMEMBERED)$/;
/** Substitution and what is printed after it are on the page of differences to Flux, what charts may cost on the one about Helm. */
const ELSEWHERE = /^(?:substitute\/|helm\/|build-manifests\.ts)/;

describe("limits of our own", () => {
  const listed = rowsBelow("### Limits of our own").map(([, value = "", where = ""]) => `${where.replaceAll("`", "")} ${value}`);
  const inSources = readdirSync(BUILD, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !ELSEWHERE.test(file))
    .flatMap((file) =>
      [...readFileSync(BUILD + file, "utf8").matchAll(/^(?:export )?const (MAX_\w+) = (.+);/gm)]
        .filter(([, name = ""]) => !THEIRS.test(name))
        .map(([, name, value = ""]) => `${file} ${name} ${product(value)}`),
    );
  it("are listed with their numbers, and no others are", () => expect(listed.toSorted()).toEqual(inSources.toSorted()));
});

/** `16 * 1024` → 16384. */
const product = (text: string): number => text.split("*").reduce((result, factor) => result * Number(factor.replaceAll("_", "")), 1);

/** Without what Markdown adds. */
const plain = (text: string): string => text.replaceAll("`", "");
