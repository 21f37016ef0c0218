import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { createMemoryCli } from "../../support/cli/memory-cli.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const PAGES = ["README.md", "docs/aws.md", "docs/helm.md", "docs/notifications.md", "docs/walkthroughs.md"];
const cli = createMemoryCli({ objects: [] });

/** A command line that stands in a page, in a block of code or between backticks, without what comments and other programs add. */
const linesIn = (markdown: string): readonly string[] => [
  ...new Set(
    [...markdown.matchAll(/(?:^|`|\$ |\()(?:npx )?sluice ([a-z][^`\n]*)/gm)].map(([, rest = ""]) => (rest.split(/ {2,}|\s#|\s\||;|,|\)/)[0] ?? "").trim()),
  ),
];

/** The commands of a line, and its flags, with a dash or two before them. */
function partsOf(line: string): { readonly command: readonly string[]; readonly flags: readonly string[] } {
  const words = line.replaceAll(/"[^"]*"/g, "text").split(/\s+/);
  const first = words.findIndex((word) => !/^[a-z]+$/.test(word));
  const command = first < 0 ? words : words.slice(0, first);
  return { command, flags: words.flatMap((word) => /^--?[a-zA-Z][\w-]*/.exec(word)?.[0] ?? []) };
}

/** The help of the command that a line begins with; names of objects that follow are no commands of their own. */
async function helpOf(command: readonly string[]): Promise<string | undefined> {
  for (let length = command.length; length > 0; length--) {
    const { out, code } = await cli.run([...command.slice(0, length), "--help"]);
    // Of an alias the help says the whole name.
    if (code === 0 && /^ {2}sluice ([a-z- ]+) [<[]/m.exec(out)?.[1]?.split(" ").length === length) return out;
  }
  return undefined;
}

async function faultOf(line: string): Promise<string | undefined> {
  const { command, flags } = partsOf(line);
  const help = await helpOf(command);
  if (help === undefined) return `no command: ${line}`;
  const known = `${help}\n${(await cli.run(["--help"])).out}`;
  const unknown = flags.filter((flag) => !new RegExp(`(?:^|[\\s,])${flag}(?:[\\s,]|$)`, "m").test(known));
  return unknown.length === 0 ? undefined : `${line}: no flag ${unknown.join(", ")}`;
}

describe.each(PAGES)("%s", (page) => {
  const lines = linesIn(readFileSync(ROOT + page, "utf8")).filter((line) => !/^dev\b/.test(line));
  it("has command lines", () => expect(lines.length).toBeGreaterThan(3));
  it.each(lines)("sluice %s", async (line) => expect(await faultOf(line)).toBeUndefined());
});

describe("a line that is wrong", () => {
  it.each([
    ["bootstrap github --owner acme --cluster prod --export", undefined],
    ["logs -A --level error", undefined],
    ["reconcile kustomization apps -n x --with-source", undefined],
    ["bootstrap github --clusters prod", "bootstrap github --clusters prod: no flag --clusters"],
    ["frobnicate", "no command: frobnicate"],
  ])("%s", async (line, want) => expect(await faultOf(line)).toBe(want));
});
