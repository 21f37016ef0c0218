import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixtureObjects } from "../../support/cli/fixture-objects.ts";
import { createMemoryCli, engineOf } from "../../support/cli/memory-cli.ts";
import { splitWords } from "../../support/cli/words.ts";

const folder = new URL("./", import.meta.url);
const cases = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const FAILED = { type: "Ready", status: "False", reason: "BuildFailed", message: "kustomize build failed", lastTransitionTime: "2026-01-02T03:05:00Z" };
const STALLED = { ...FAILED, type: "Stalled", status: "True" };

/** What an installation is made of is in the fixture only after `install`. */
const engine = engineOf({ failing: [STALLED, FAILED] });

describe("the command line, as a transcript", () => {
  it.each(cases)("%s", async (name) => {
    const { run } = createMemoryCli({ objects: fixtureObjects(), engine });
    const lines = readFileSync(new URL(`./${name}/commands.txt`, folder), "utf8")
      .split("\n")
      .filter(Boolean);
    let transcript = "";
    for (const line of lines) {
      const { out, err, code } = await run(splitWords(line));
      transcript += `$ sluice ${line}\n${out}${out === "" || out.endsWith("\n") ? "" : "⏎\n"}${err.replace(/^/gm, "2> ").replace(/2> $/, "")}[exit ${code}]\n\n`;
    }
    await expect(transcript).toMatchFileSnapshot(`./${name}/want.txt`);
  });
});
