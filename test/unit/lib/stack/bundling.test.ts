import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { BUNDLE_FILE, bundleFunction } from "../../../../lib/stack/bundling.ts";

const folder = mkdtempSync(join(tmpdir(), "sluice-bundling-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const entry = join(folder, "handler.ts");
writeFileSync(
  entry,
  `import { createHash } from "node:crypto";
   const NAME: string = "SLUICE_CLUSTERS";
   export const handler = () => ({ clusters: process.env[NAME], direct: process.env.SLUICE_CLUSTERS, os: typeof require("node:os").cpus, hash: createHash("sha1").digest("hex").length });`,
);

const run = (file: string, environment: NodeJS.ProcessEnv = {}): unknown =>
  JSON.parse(
    spawnSync(process.execPath, ["--input-type=module", "-e", `import(${JSON.stringify(file)}).then(m => console.log(JSON.stringify(m.handler())))`], {
      env: environment,
      encoding: "utf8",
    }).stdout,
  );

describe("a bundled function", () => {
  const clusters = JSON.stringify([{ name: "prod", region: "eu-central-1", text: 'quotes " and \u2028 and </script>' }]);
  const baked = bundleFunction({ entry, outdir: join(folder, "a"), define: { SLUICE_CLUSTERS: clusters } });

  it("knows what was baked in, however it is read, whatever the environment says", () => {
    expect(run(baked.file, { SLUICE_CLUSTERS: "[]" })).toEqual({ clusters, direct: clusters, os: "function", hash: 40 });
  });

  it("reads its environment when nothing is baked in", () => {
    const { file } = bundleFunction({ entry, outdir: join(folder, "plain") });
    expect(run(file, { SLUICE_CLUSTERS: "[]" })).toMatchObject({ clusters: "[]", direct: "[]" });
  });

  it("has equal bytes wherever it is written, whatever the order of what is baked in", () => {
    const one = bundleFunction({ entry, outdir: join(folder, "b"), define: { A: "1", B: "2" } });
    const other = bundleFunction({ entry, outdir: join(folder, "deeper/down/c"), define: { B: "2", A: "1" } });
    for (const name of [BUNDLE_FILE, `${BUNDLE_FILE}.map`])
      expect(readFileSync(join(folder, "deeper/down/c", name)).equals(readFileSync(join(folder, "b", name))), name).toBe(true);
    expect(one.bytes).toBe(other.bytes);
  });

  it("is one module, with a source map whose paths are relative and which holds no sources", () => {
    expect(readdirSync(join(folder, "a")).toSorted()).toEqual([BUNDLE_FILE, `${BUNDLE_FILE}.map`]);
    const map = JSON.parse(readFileSync(join(folder, "a", `${BUNDLE_FILE}.map`), "utf8"));
    expect(map.sources).toEqual([expect.stringMatching(/^\.\.\/.*handler\.ts$/)]);
    expect(map).not.toHaveProperty("sourcesContent");
    expect(baked.bytes).toBe(readFileSync(baked.file).byteLength);
  });
});
