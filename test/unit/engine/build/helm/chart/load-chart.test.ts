import { gzipSync } from "node:zlib";
import { loadChart, loadChartArchive, missingDependencies } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { CHART_LIMITS } from "@sluice/engine/build/helm/chart/read-archive.ts";
import { packArtifact } from "@sluice/engine/source/archive.ts";
import { describe, expect, it } from "vitest";
import { treeOf } from "../render-of.ts";

const CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

const packed = (files: { readonly [path: string]: string }): Uint8Array => packArtifact(treeOf(files));

/** A tar of entries with any name and type. */
function tarOf(entries: readonly { readonly name: string; readonly type?: string; readonly text?: string; readonly seconds?: number }[]): Uint8Array {
  const blocks = entries.flatMap(({ name, type = "0", text = "", seconds = 0 }) => {
    const block = Buffer.alloc(512);
    block.write(name, 0);
    block.write("0000644\0", 100);
    block.write(`${Buffer.byteLength(text).toString(8).padStart(11, "0")}\0`, 124);
    block.write(`${seconds.toString(8).padStart(11, "0")}\0`, 136);
    block.write("        ", 148);
    block.write(type, 156);
    block.write("ustar\x0000", 257);
    const sum = block.reduce((total, byte) => total + byte, 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    const body = Buffer.alloc(Math.ceil(Buffer.byteLength(text) / 512) * 512);
    body.write(text);
    return [block, body];
  });
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

const said = (result: { readonly ok: boolean; readonly problem?: string }): string => (result.ok ? "loaded" : (result.problem ?? ""));

describe("a chart in an archive", () => {
  it("has the files of its folder, and charts that are packed in it", () => {
    const inner = Buffer.from(packed({ "inner/Chart.yaml": "name: inner\nversion: 2.0.0\n" }));
    const tree = new Map([...treeOf({ "shop/Chart.yaml": CHART, "shop/values.yaml": "a: 1\n", "shop/templates/a.yaml": "a", "shop/README.md": "r" })]);
    tree.set("shop/charts/inner-2.0.0.tgz", { bytes: inner, executable: false });
    const chart = loadChartArchive(packArtifact(tree));
    if (!chart.ok) throw new Error(chart.problem);
    const { metadata, values, valuesText, templates, files, dependencies } = chart.value;
    expect([metadata.name, values, valuesText]).toEqual(["shop", { a: 1 }, "a: 1\n"]);
    expect([templates.map(({ name }) => name), files.map(({ name }) => name)]).toEqual([["templates/a.yaml"], ["README.md"]]);
    expect(dependencies.map(({ metadata: { apiVersion, name } }) => [apiVersion, name])).toEqual([["v1", "inner"]]);
  });

  it("says when its files were changed, to the nanosecond where the archive does", () => {
    const seconds = Date.UTC(2024, 4, 1, 10) / 1000;
    const chart = loadChartArchive(
      tarOf([
        { name: "shop/Chart.yaml", text: CHART, seconds },
        { name: "shop/values.schema.json", text: "{}", seconds: seconds + 1 },
        { name: "x", type: "x", text: `30 mtime=${seconds}.120000000\n` },
        { name: "shop/templates/a.yaml", text: "a" },
        { name: "shop/README.md", text: "r" },
      ]),
    );
    if (!chart.ok) throw new Error(chart.problem);
    const { modtime, schemamodtime, templates, files } = chart.value;
    expect([modtime, schemamodtime, templates[0]?.modtime, files[0]?.modtime]).toEqual([
      "2024-05-01T10:00:00Z",
      "2024-05-01T10:00:01Z",
      "2024-05-01T10:00:00.12Z",
      "1970-01-01T00:00:00Z",
    ]);
  });

  it.each<{ about: string; bytes: Uint8Array; want: string }>([
    { about: "nothing", bytes: new Uint8Array(), want: "EOF" },
    { about: "no gzip", bytes: Buffer.from("this is no archive"), want: "gzip: invalid header" },
    { about: "half a gzip", bytes: packed({ "shop/Chart.yaml": CHART }).subarray(0, 40), want: "unexpected EOF" },
    { about: "no tar", bytes: gzipSync(Buffer.alloc(2048, 1)), want: "archive/tar: invalid tar header" },
    { about: "no files", bytes: tarOf([{ name: "shop/", type: "5" }]), want: "no files in chart archive" },
    {
      about: "no folder",
      bytes: tarOf([{ name: "Chart.yaml", text: CHART }]),
      want: 'chart illegally contains content outside the base directory: "Chart.yaml"',
    },
    { about: "a way up", bytes: tarOf([{ name: "shop/../../etc/passwd" }]), want: "chart illegally references parent directory" },
    { about: "a way up of Windows", bytes: tarOf([{ name: "shop\\..\\..\\etc" }]), want: "chart illegally references parent directory" },
    { about: "an absolute path", bytes: tarOf([{ name: "shop//etc/passwd" }]), want: "chart illegally contains absolute paths" },
    { about: "a drive", bytes: tarOf([{ name: "shop/c:/windows" }]), want: "chart contains illegally named files" },
    { about: "a symbolic link", bytes: tarOf([{ name: "shop/link", type: "2" }]), want: 'chart archive has an entry that is no file: "shop/link"' },
    { about: "a hard link", bytes: tarOf([{ name: "shop/link", type: "1" }]), want: 'chart archive has an entry that is no file: "shop/link"' },
    { about: "a file twice", bytes: tarOf([{ name: "shop/a" }, { name: "shop/./a" }]), want: 'chart archive has the file "a" twice' },
    { about: "a chart without a version", bytes: packed({ "shop/Chart.yaml": "name: shop\n" }), want: "validation: chart.metadata.version is required" },
  ])("of $about is refused", ({ bytes, want }) => expect(said(loadChartArchive(bytes))).toBe(want));

  it.each<{ about: string; limits: Partial<typeof CHART_LIMITS>; want: string }>([
    { about: "compressed", limits: { archiveBytes: 10 }, want: "chart archive is larger than the maximum size 10" },
    { about: "of one file", limits: { fileBytes: 5 }, want: 'decompressed chart file "Chart.yaml" is larger than the maximum file size 5' },
    { about: "of files", limits: { entries: 2 }, want: "chart archive has more than 2 entries" },
  ])("has a limit $about", ({ limits, want }) => {
    expect(said(loadChartArchive(packed({ "shop/Chart.yaml": CHART, "shop/a": "" }), { ...CHART_LIMITS, ...limits }))).toBe(want);
  });

  it("expands to so many bytes only, all archives in it together", () => {
    const zeros = Buffer.from(packed({ "in/Chart.yaml": "name: in\nversion: 1.0.0\n", "in/zeros": "\0".repeat(40_000) }));
    const tree = new Map(treeOf({ "shop/Chart.yaml": CHART }));
    for (const name of ["a", "b", "c"]) tree.set(`shop/charts/${name}.tgz`, { bytes: zeros, executable: false });
    const limits = { ...CHART_LIMITS, bytes: 100_000, entries: 10 };
    expect(said(loadChartArchive(packArtifact(tree)))).toBe("loaded");
    expect(said(loadChartArchive(gzipSync(Buffer.alloc(20 * 1024 * 1024)), limits))).toBe("decompressed chart is larger than the maximum size 100000");
  });
});

describe("a chart in a folder", () => {
  it("has files of so many bytes only", () => {
    expect(said(loadChart(treeOf({ "Chart.yaml": CHART, "docs/big.txt": "x".repeat(5 * 1024 * 1024 + 1) })))).toBe(
      'chart file "big.txt" is larger than the maximum file size 5242880',
    );
  });

  it("may lack a dependency that it names", () => {
    const chart = loadChart(
      treeOf({
        "Chart.yaml": `${CHART}dependencies: [{name: a, version: 1.x}, {name: b, version: 1.x}]\n`,
        "charts/a/Chart.yaml": "name: a\nversion: 1.0.0\n",
      }),
    );
    expect(chart.ok && missingDependencies(chart.value)).toEqual(["b"]);
  });

  it("has charts in charts to a certain depth", () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, depth) => [`${"charts/a/".repeat(depth)}Chart.yaml`, "name: a\nversion: 1.0.0\n"]));
    expect(said(loadChart(treeOf(files)))).toMatch(/charts nest deeper than 32$/);
  });
});
