import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGES = ["README.md", ...readdirSync(`${ROOT}docs`).flatMap((name) => (name.endsWith(".md") ? [`docs/${name}`] : []))];

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");
/** Without blocks of code: what stands there is no link and no heading. */
const prose = (markdown: string): string => markdown.replaceAll(/^```.*?^```$/gms, "");

/** As GitHub names headings in addresses: `## A new webhook secret` -> `a-new-webhook-secret`. */
const anchorsOf = (markdown: string): readonly string[] =>
  [...prose(markdown).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

/** What is wrong with a link that stands in `page`; undefined when it leads somewhere, or out of the repository. */
function faultOf(page: string, link: string): string | undefined {
  if (/^https?:/.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, target))) return `${target} is not there`;
  if (anchor === undefined) return undefined;
  if (statSync(join(ROOT, target)).isDirectory()) return `${target} is a folder`;
  return anchorsOf(read(target)).includes(anchor) ? undefined : `${target} has no heading #${anchor}`;
}

describe.each(PAGES)("%s", (page) => {
  const text = prose(read(page));
  it("links to what is there", () => expect([...text.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => faultOf(page, link) ?? [])).toEqual([]));
  it("names tests that are there", () => {
    const named = [...text.matchAll(/`(test\/[\w./-]+)`/g)].map(([, path = ""]) => path);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe("a link", () => {
  it.each([
    ["docs/aws.md", "events.md", undefined],
    ["README.md", "docs/aws.md#the-marker", undefined],
    ["README.md", "#quick-start", undefined],
    ["README.md", "https://example.com/nothing", undefined],
    ["README.md", "docs/nothing.md", "docs/nothing.md is not there"],
    ["docs/aws.md", "docs/events.md", "docs/docs/events.md is not there"],
    ["docs/aws.md", "#nowhere", "docs/aws.md has no heading #nowhere"],
  ])("in %s to %s: %s", (page, link, want) => expect(faultOf(page, link)).toBe(want));
});
