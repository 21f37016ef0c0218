import { loadChart, loadChartArchive } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { secret } from "@sluice/engine/domain/secret.ts";
import { seconds } from "@sluice/engine/domain/time.ts";
import type { ChartTarget } from "@sluice/engine/ports/chart-repositories.ts";
import { packInOrder } from "@sluice/engine/source/archive.ts";
import { artifactFilesOf } from "@sluice/engine/source/helm/artifact-files.ts";
import { localDependency } from "@sluice/engine/source/helm/dependencies.ts";
import { packChart } from "@sluice/engine/source/helm/pack-chart.ts";
import { readIndex } from "@sluice/engine/source/helm/read-index.ts";
import { createChartRepositories } from "@sluice/platform/helm/chart-repositories.ts";
import type { Http, HttpAnswer, HttpRequest } from "@sluice/platform/http/exchange.ts";
import { describe, expect, it } from "vitest";

const encoder = new TextEncoder();
const chartYaml = (name: string): Uint8Array => encoder.encode(`apiVersion: v2\nname: ${JSON.stringify(name)}\nversion: 1.0.0\n`);
const archive = (files: { readonly [path: string]: string | Uint8Array }): Uint8Array =>
  packInOrder(Object.entries(files).map(([path, data]) => ({ path, bytes: typeof data === "string" ? encoder.encode(data) : data })));
const treeOf = (files: { readonly [path: string]: string | Uint8Array }) =>
  new Map(Object.entries(files).map(([path, data]) => [path, { bytes: typeof data === "string" ? encoder.encode(data) : data, executable: false }]));

/** CVE-2024-25620, CVE-2026-35206, CVE-2019-18658 (Helm). */
describe("a chart that leads outside", () => {
  it.each(["a/../../b", "a/..", "a//b", "a/C:/b", "a\\..\\..\\b"])("by the name %s in an archive is refused", (path) => {
    const read = loadChartArchive(archive({ "a/Chart.yaml": chartYaml("a"), [path]: "x" }));
    expect(read).toMatchObject({ ok: false });
  });
  it("by such a name in an archive within an archive is refused", () => {
    const inner = archive({ "b/Chart.yaml": chartYaml("b"), "b/../../../c": "x" });
    expect(loadChartArchive(archive({ "a/Chart.yaml": chartYaml("a"), "a/charts/b.tgz": inner }))).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^error unpacking subchart b\.tgz in a: chart illegally references parent directory/),
    });
  });
  it.each(["../x", "a/b", "/x", "..", "."])("by its own name %j is read or refused, and packed as nothing else", (name) => {
    const chart = loadChart(treeOf({ "Chart.yaml": chartYaml(name) }));
    const packed = chart.ok ? packChart(chart.value) : chart;
    expect(packed).toMatchObject({ ok: false });
  });
  it("by the path of a dependency stays in the artifact", () => {
    const files = artifactFilesOf(treeOf({ "charts/shop/Chart.yaml": chartYaml("shop"), "etc/Chart.yaml": chartYaml("b") }));
    const wanted = { called: "b", name: "b", version: "*", repository: "file://../../../../../../etc" };
    expect(localDependency(files, "charts/shop", wanted)).toMatchObject({ ok: true, value: { metadata: { name: "b" } } });
    expect(localDependency(files, "charts/shop", { ...wanted, repository: "file:///../../root" })).toEqual({
      ok: false,
      problem: "no chart found at '/root' (reference 'file:///../../root')",
    });
  });
});

describe("a chart that grows", () => {
  it("by many archives of folders alone ends at the size of one", () => {
    const folders = packInOrder([
      { path: "a/Chart.yaml", bytes: chartYaml("a") },
      ...Array.from({ length: 4_000 }, (_, index) => ({ path: `a/f${index}/`, bytes: new Uint8Array() })),
    ]);
    const nested = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [`charts/c${index}.tgz`, folders]));
    const limits = { archiveBytes: 10_000_000, bytes: 8_000_000, fileBytes: 1_000_000, entries: 10_000 };
    expect(loadChart(treeOf({ "Chart.yaml": chartYaml("shop"), ...nested }), limits)).toMatchObject({
      ok: false,
      problem: expect.stringContaining("decompressed chart is larger than the maximum size 8000000"),
    });
  });
  it("without end within itself ends", () => {
    let inner = archive({ "a/Chart.yaml": chartYaml("a") });
    for (let depth = 0; depth < 40; depth++) inner = archive({ "a/Chart.yaml": chartYaml("a"), "a/charts/a.tgz": inner });
    expect(loadChartArchive(inner)).toMatchObject({ ok: false, problem: expect.stringContaining("charts nest deeper than 32") });
  });
});

describe("keys that are properties of every object", () => {
  it.each(["__proto__", "constructor", "prototype"])("%s in values, Chart.yaml and an index changes nothing", (key) => {
    const values = `${key}: {polluted: yes}\na: {${key}: {polluted: yes}}\n`;
    loadChart(treeOf({ "Chart.yaml": `apiVersion: v2\nname: a\nversion: 1.0.0\n${key}: {polluted: yes}\nannotations: {${key}: x}\n`, "values.yaml": values }));
    readIndex(
      encoder.encode(`apiVersion: v1\n${key}: {polluted: yes}\nentries: {${key}: [{name: a, version: 1.0.0, ${key}: {polluted: yes}}]}\n`),
      () => () => {},
    );
    expect("polluted" in {}).toBe(false);
    expect(Reflect.get(Object, "polluted")).toBeUndefined();
  });
});

/** A registry that says what it is told to say. */
function registry(answers: (request: HttpRequest) => { readonly status?: number; readonly headers?: HttpAnswer["headers"]; readonly body?: unknown }) {
  const requests: HttpRequest[] = [];
  const http: Http = {
    send: async (request) => {
      requests.push(request);
      const { status = 200, headers = {}, body = {} } = answers(request);
      return { kind: "answered", status, headers, body: encoder.encode(JSON.stringify(body)), url: request.url };
    },
    close: () => {},
  };
  return { requests, repositories: createChartRepositories({ http }) };
}

const target: ChartTarget = {
  url: "oci://registry.example/charts",
  passCredentials: false,
  insecure: false,
  timeout: seconds(10),
  credentials: { kind: "basic", username: "ada", password: secret("pa55word") },
  tls: { certificate: "a certificate", key: secret("a key") },
};

describe("a registry that lies", () => {
  it("about who gives out tokens does not get our certificate shown to others, nor a password sent in the open", async () => {
    const { requests, repositories } = registry(({ url }) =>
      url.includes("/v2/") ? { status: 401, headers: { "www-authenticate": 'Bearer realm="http://elsewhere.example/token"' } } : { body: { token: "t" } },
    );
    await repositories.pull(target, "oci://registry.example/charts/shop:1.0.0");
    const asked = requests.filter(({ url }) => url.startsWith("http://elsewhere.example"));
    expect(asked.length).toBeGreaterThan(0);
    for (const request of asked) expect([request.tls, request.authorization]).toEqual([undefined, undefined]);
  });
  it("about its tags without end is given up", async () => {
    const page = Array.from({ length: 60_000 }, (_, index) => `1.0.${index}`);
    const { requests, repositories } = registry(() => ({ headers: { link: '</v2/charts/shop/tags/list?last=x>; rel="next"' }, body: { tags: page } }));
    expect(await repositories.tags(target, "oci://registry.example/charts/shop")).toEqual({ kind: "failed", message: "more than 100000 tags" });
    expect(requests.length).toBe(2);
  });
  it("about digests leads to no other path of itself", async () => {
    const { requests, repositories } = registry(() => ({ body: { manifests: [{ mediaType: "x", digest: "../../../admin?x=:", size: 1 }] } }));
    expect((await repositories.pull(target, "oci://registry.example/charts/shop:1.0.0")).kind).toBe("failed");
    expect(requests.map(({ url }) => url)).toEqual(["https://registry.example/v2/charts/shop/manifests/1.0.0"]);
  });
});
