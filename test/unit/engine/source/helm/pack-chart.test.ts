import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { loadChart, loadChartArchive } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { packChart } from "@sluice/engine/source/helm/pack-chart.ts";
import { mergeChartValues } from "@sluice/engine/source/helm/values-files.ts";
import { describe, expect, it } from "vitest";
import { helmOfTests } from "../../../../support/helm.ts";

type Files = { readonly [path: string]: string };
const treeOf = (files: Files) => new Map(Object.entries(files).map(([path, text]) => [path, { bytes: new TextEncoder().encode(text), executable: false }]));
const load = (files: Files) => {
  const chart = loadChart(treeOf(files));
  if (!chart.ok) throw new Error(chart.problem);
  return chart.value;
};
const pack = (files: Files): Uint8Array => {
  const packed = packChart(load(files));
  if (!packed.ok) throw new Error(packed.problem);
  return packed.value;
};

/** Bytes as text, without the times that only archives have. */
const readable = (chart: Chart): unknown =>
  JSON.parse(
    JSON.stringify(chart, (key, value: unknown) => {
      if (key === "modtime" || key === "schemamodtime") return undefined;
      if (typeof value === "object" && value !== null && "type" in value && value.type === "Buffer" && "data" in value && Array.isArray(value.data))
        return Buffer.from(value.data).toString();
      return value instanceof Uint8Array ? Buffer.from(value).toString() : value;
    }),
  );

/** Names and contents in the order of the archive. */
function entriesOf(archive: Uint8Array): readonly string[] {
  const tar = gunzipSync(archive);
  const entries: string[] = [];
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const name = tar
      .subarray(at, at + 100)
      .toString()
      .replace(/\0.*$/s, "");
    const size = Number.parseInt(tar.subarray(at + 124, at + 135).toString(), 8);
    entries.push(`${name}\n${tar.subarray(at + 512, at + 512 + size).toString()}`);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return entries;
}

const CHARTS: { readonly [name: string]: Files } = {
  shop: {
    "Chart.yaml":
      '# a comment\nversion: 1.2.3\nname: shop\napiVersion: v2\nappVersion: 1.0\ndescription: a "shop"\nkeywords: [b, a]\nannotations: {z: "1", a: x}\ndependencies:\n- name: common\n  version: 1.x\n  repository: file://../common\n  tags: [t]\n',
    "Chart.lock": 'digest: sha256:abc\ndependencies:\n- {name: common, repository: file://../common, version: 1.0.0}\ngenerated: "2024-01-01T00:00:00.5Z"\n',
    "values.yaml": "# kept as it is\ncolour: red\n",
    "values.schema.json": '{"type": "object"}',
    "README.md": "read me",
    ".helmignore": "*.tmp\n",
    "a.tmp": "gone",
    "templates/b.yaml": "b: 1",
    "templates/a.yaml": "a: 1",
    "templates/NOTES.txt": "hello",
    "crds/c.yaml": "kind: CustomResourceDefinition",
    "files/deep/x.txt": "x",
    "charts/common/Chart.yaml": "apiVersion: v2\nname: common\nversion: 1.0.0\ntype: library\n",
    "charts/common/templates/_h.tpl": "{{/* */}}",
    "charts/common/values.yaml": "a: 1\n",
  },
  old: {
    "Chart.yaml": "apiVersion: v1\nname: old\nversion: 0.1.0\n",
    "requirements.yaml": "dependencies:\n- {name: sub, version: 1.0.0, repository: https://a}\n",
    "requirements.lock": "dependencies: []\ndigest: x\ngenerated: 2024-01-01T00:00:00Z\n",
    "charts/sub/Chart.yaml": "apiVersion: v1\nname: sub\nversion: 1.0.0\n",
    "values.yaml": "",
  },
};

describe.each(Object.keys(CHARTS))("the chart %s", (name) => {
  const files = CHARTS[name] ?? {};

  it("is packed the same each time, and read as it was", () => {
    const packed = pack(files);
    expect(pack(files)).toEqual(packed);
    const again = loadChartArchive(packed);
    expect(again.ok && readable(again.value)).toEqual(readable(load(files)));
    expect(entriesOf(packed)[0]).toMatch(new RegExp(`^${name}/Chart.yaml\n`));
  });

  it("is laid out as the real helm packs it", async () => {
    const helm = await helmOfTests();
    if (helm === undefined) return expect(entriesOf(pack(files)).length).toBeGreaterThan(3);
    const folder = await mkdtemp(join(tmpdir(), "sluice-pack-"));
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name, path)), { recursive: true });
      await writeFile(join(folder, name, path), text);
    }
    await promisify(execFile)(helm, ["package", name], { cwd: folder, env: { HOME: folder } });
    const theirs = await readFile(join(folder, `${name}-${load(files).metadata.version}.tgz`));
    await rm(folder, { recursive: true });
    expect(entriesOf(pack(files))).toEqual(entriesOf(theirs));
  });
});

it.each([[{ "values.schema.json": "{" }, "failed to package chart: invalid JSON in values.schema.json"]])("with %j is refused", (files, message) => {
  const packed = packChart(load({ ...CHARTS.shop, ...files }));
  expect(packed).toEqual({ ok: false, problem: message });
});

describe("values files of a packed chart", () => {
  const chart = load({
    ...CHARTS.shop,
    "prod.yaml": "colour: blue\nlist: [1]\nmap: {a: 1}\n",
    "more.yaml": "list: [2]\nmap: {b: 2}\n",
    "bad.yaml": "a: [",
    "list.yaml": "- a",
  });
  it.each<{ readonly paths: readonly string[]; readonly ignore?: boolean; readonly want: unknown }>([
    { paths: ["prod.yaml", "./more.yaml"], want: { values: { colour: "blue", list: [2], map: { a: 1, b: 2 } }, files: ["prod.yaml", "./more.yaml"] } },
    { paths: ["values.yaml", "more.yaml"], want: { values: { colour: "red", list: [2], map: { b: 2 } }, files: ["values.yaml", "more.yaml"] } },
    { paths: ["none.yaml"], ignore: true, want: { values: {}, files: [] } },
    { paths: ["none.yaml"], want: "no values file found at path 'none.yaml'" },
    { paths: ["../prod.yaml"], want: "no values file found at path '../prod.yaml'" },
    { paths: ["/prod.yaml"], want: "no values file found at path '/prod.yaml'" },
    {
      paths: ["bad.yaml"],
      want: "unmarshaling values from 'bad.yaml' failed: error converting YAML to JSON: yaml: line 1: did not find expected node content",
    },
    {
      paths: ["list.yaml"],
      want: "unmarshaling values from 'list.yaml' failed: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal array into Go value of type map[string]interface {}",
    },
  ])("$paths", ({ paths, ignore = false, want }) => {
    const merged = mergeChartValues(chart, paths, ignore);
    expect(merged.ok ? merged.value : merged.problem).toEqual(want);
  });
});
