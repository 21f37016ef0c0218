import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { bundleFunction } from "../../../lib/stack/bundling.ts";

/** What is in the bundles of the small functions; their import times are measured by `npm run bench`. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sluice-bundles-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function bundle(name: string): { readonly kibibytes: number; readonly sources: readonly string[] } {
  const outdir = join(folder, name);
  const { first, later, bytes } = bundleFunction({ entry: `functions/${name}/handler.ts`, outdir });
  const sources = [...first, ...later].flatMap((file): readonly string[] => JSON.parse(readFileSync(join(outdir, `${file}.map`), "utf8")).sources);
  return { kibibytes: bytes / 1024, sources };
}

/** Source: design §7 for the webhook; the others as they are, with some room. */
describe.each([
  { name: "webhook", most: 400 },
  { name: "relay", most: 400 },
])("functions/$name", ({ name, most }) => {
  it(`has no more than ${most} KiB, no client of Kubernetes, and of the engine only its words`, () => {
    const { kibibytes, sources } = bundle(name);
    expect(kibibytes).toBeLessThanOrEqual(most);
    expect(sources.filter((source) => source.includes("functions/"))).not.toEqual([]);
    expect(sources.filter((source) => /@kubernetes|platform\/kubernetes|platform\/eks|client-eks|client-s3|undici|js-yaml|typebox/.test(source))).toEqual([]);
    const engine = sources.filter((source) => source.includes("layers/engine/")).map((source) => source.replace(/^.*layers\/engine\//, ""));
    expect(engine.filter((source) => !source.startsWith("domain/") && source !== "flux/kinds.ts")).toEqual([]);
  });
});
