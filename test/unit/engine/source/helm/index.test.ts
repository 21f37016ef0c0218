import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildIndexArtifact, chartsIn, shardKey, shardsOf, versionsIn } from "@sluice/engine/source/helm/index-artifact.ts";
import { splitIndex } from "@sluice/engine/source/helm/split-index.ts";
import { describe, expect, it } from "vitest";
import { helmOfTests } from "../../../../support/helm.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const build = (text: string) => buildIndexArtifact(encode(text));
const json = (text: string): string => {
  const built = build(text);
  return built.ok ? new TextDecoder().decode(built.value.bytes) : built.problem;
};
/** `shop 1.1.0 1.0.0`, one for each chart. */
const listed = (text: string): readonly string[] | string => {
  const built = build(text);
  return built.ok ? [...built.value.charts].map(([name, versions]) => [name, ...versions.map(({ version }) => version)].join(" ")) : built.problem;
};

const FULL = `apiVersion: v1
entries:
  shop:
  - apiVersion: v2
    name: shop
    version: 1.0.0
    description: "a <b> & c \\u2028 ü"
    created: "2024-05-01T10:13:12.120000Z"
    urls:
    - shop-1.0.0.tgz
    annotations: {b: "2", a: "1"}
    deprecated: true
    keywords: []
    maintainers:
    - {name: Ada, email: a@b.c}
    dependencies:
    - {name: x, version: 1.x, repository: https://a, tags: [t], condition: x.enabled, import-values: [a, {child: b, parent: c}]}
    type: application
    kubeVersion: ">=1.20"
  - name: shop
    version: 2.0.0
    urls: [b]
    created: 2024-05-01T10:13:12+02:00
    digest: abc
  - name: shop
    version: not-a-version
    urls: [b]
  - name: ""
    version: 1.0.0
    urls: [b]
  - null
  - name: shop
    version: 10.0.0-rc.1
    urls: null
  cart:
  - {name: cart, version: 1.2.0, urls: [c], dependencies: [{name: x, repository: ""}, {name: x, repository: ""}]}
  "quoted":
  - {name: quoted, version: "1.2", urls: [c]}
generated: "2024-06-01T00:00:00Z"
`;

describe("an index as JSON", () => {
  const run = promisify(execFile);

  it("is the one that the real helm writes", async () => {
    const ours = json(FULL);
    expect(ours).toContain(`\n  "entries": {\n    "cart": [\n      {\n        "name": "cart",\n        "version": "1.2.0",\n        "apiVersion": "v1",`);
    expect(ours).toContain(`"description": "a \\u003cb\\u003e \\u0026 c   ü"`);
    const helm = await helmOfTests();
    if (helm === undefined) return;
    const folder = await mkdtemp(join(tmpdir(), "sluice-index-"));
    await mkdir(join(folder, "charts"));
    await writeFile(join(folder, "in.yaml"), FULL);
    await run(helm, ["repo", "index", "charts", "--merge", "in.yaml", "--json"], { cwd: folder, env: { HOME: folder } });
    const theirs = await readFile(join(folder, "charts", "index.yaml"), "utf8");
    await rm(folder, { recursive: true });
    expect(theirs.replace(/"generated": "[^"]*"/, '"generated": "2024-06-01T00:00:00Z"')).toBe(ours);
  });

  it("reads as the same charts once more", () => {
    const built = build(FULL);
    if (!built.ok) throw new Error(built.problem);
    const again = chartsIn(built.value.bytes);
    expect(again.ok && new Map([...again.value].toSorted())).toEqual(new Map([...built.value.charts].toSorted()));
  });

  it("has what the server says of itself, which may look like the charts", () => {
    expect(JSON.parse(json('apiVersion: v1\nserverInfo: {"entries": {}, contextPath: /a}\nentries:\n  a:\n  - {name: a, version: 1.0.0}\n'))).toEqual({
      serverInfo: { entries: {}, contextPath: "/a" },
      apiVersion: "v1",
      generated: "0001-01-01T00:00:00Z",
      entries: { a: [{ name: "a", version: "1.0.0", apiVersion: "v1", urls: null, created: "0001-01-01T00:00:00Z" }] },
    });
  });
});

describe("what is in an index", () => {
  it.each<{ readonly name: string; readonly text: string; readonly want: readonly string[] | string }>([
    { name: "nothing", text: "", want: "empty index.yaml file" },
    { name: "no charts", text: "apiVersion: v1\nentries: {}\n", want: [] },
    { name: "no entries at all", text: "apiVersion: v1\n", want: [] },
    { name: "no API version", text: "entries:\n  a:\n  - {name: a, version: 1.0.0}\n", want: "no API version specified" },
    {
      name: "sorted versions",
      text: "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.9.0}\n  - {name: a, version: v1.10}\n  - {name: a, version: 1.10.0-rc.1}\n",
      want: ["a v1.10 1.10.0-rc.1 1.9.0"],
    },
    { name: "flow style", text: "apiVersion: v1\nentries: {a: [{name: a, version: 1.0.0}]}\n", want: ["a 1.0.0"] },
    { name: "JSON", text: '{"apiVersion":"v1","entries":{"a":[{"name":"a","version":"1.0.0","unknown":1}]}}', want: ["a 1.0.0"] },
    { name: "JSON of another shape", text: '{"apiVersion":1}', want: "json: cannot unmarshal number into Go struct field IndexFile.apiVersion of type string" },
    { name: "what looks like JSON", text: "{apiVersion: v1, entries: {a: [{name: a, version: 1.0.0}]}}", want: ["a 1.0.0"] },
    {
      name: "anchors across charts",
      text: "apiVersion: v1\nentries:\n  a:\n  - &one {name: a, version: 1.0.0}\n  b:\n  - *one\n",
      want: ["a 1.0.0", "b 1.0.0"],
    },
    {
      name: "a mark and comments",
      text: "---\n# made by hand\napiVersion: v1\nentries: # all\n# first\n  a: # of many\n    # x\n    - {name: a, version: 1.0.0}\n\n\n  b: []\n",
      want: ["a 1.0.0", "b"],
    },
    {
      name: "lists at the indent of their keys",
      text: "apiVersion: v1\nentries:\n    a:\n    - name: a\n      version: 1.0.0\n    b:\n    - name: b\n      version: 1.0.0\n",
      want: ["a 1.0.0", "b 1.0.0"],
    },
    { name: "Windows' line ends", text: "apiVersion: v1\r\nentries:\r\n  a:\r\n  - name: a\r\n    version: 1.0.0\r\n  b: []\r\n", want: ["a 1.0.0", "b"] },
    {
      name: "a text that goes on at the margin",
      text: 'apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    description: "one\n  two: three"\n  b: []\n',
      want: ["a 1.0.0", "b"],
    },
    { name: "a second document, which nobody reads", text: "apiVersion: v1\n---\nentries:\n  a: []\n", want: [] },
    {
      name: "block texts",
      text: "apiVersion: v1\nentries:\n  a:\n  - name: a\n    version: 1.0.0\n    description: |\n      b:\n      - x\n  b: []\n",
      want: ["a 1.0.0", "b"],
    },
    {
      name: "a chart twice",
      text: "apiVersion: v1\nentries:\n  a: []\n  b: []\n  a: []\n",
      want: 'error converting YAML to JSON: yaml: unmarshal errors:\n  line 5: key "a" already set in map',
    },
    {
      name: "an unknown field",
      text: "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, foo: 1}\n",
      want: 'error unmarshaling JSON: while decoding JSON: json: unknown field "foo"',
    },
    {
      name: "fields of long ago",
      text: "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, engine: gotpl, tillerVersion: 2, checksum: x, url: y}\n",
      want: ["a 1.0.0"],
    },
    {
      name: "a number for a version",
      text: "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0}\n",
      want: "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal number into Go struct field ChartVersion.entries.Metadata.version of type string",
    },
    {
      name: "a time that is none",
      text: "apiVersion: v1\nentries:\n  a:\n  - {name: a, version: 1.0.0, created: yesterday}\n",
      want: 'error unmarshaling JSON: while decoding JSON: parsing time "yesterday" as "2006-01-02T15:04:05Z07:00": cannot parse "yesterday" as "2006"',
    },
    { name: "a name that leads elsewhere", text: "apiVersion: v1\nentries:\n  a:\n  - {name: ../a, version: 1.0.0}\n", want: ["a"] },
    {
      name: "keys with meanings of JavaScript's",
      text: "apiVersion: v1\nentries:\n  __proto__:\n  - {name: a, version: 1.0.0}\n  constructor: []\n",
      want: 'error converting YAML to JSON: yaml: the key "__proto__" is not allowed',
    },
    {
      name: "JSON that nests without end",
      text: `{"apiVersion": "v1", "serverInfo": {"a": ${"[".repeat(200_000)}${"]".repeat(200_000)}}, "entries": {}}`,
      want: "error converting YAML to JSON: yaml: nested deeper than 100",
    },
    {
      name: "charts that say a thing a million times each",
      text: `apiVersion: v1\nentries:\n${Array.from({ length: 8 }, (_, chart) => `  c${chart}:\n  - {name: a, version: 1.0.0, dependencies: [{name: a, repository: a, import-values: [&a [1,1,1,1,1,1,1,1,1,1], &b [${"*a,".repeat(10)}], &c [${"*b,".repeat(10)}], &d [${"*c,".repeat(10)}], [${"*d,".repeat(25)}]]}]}\n`).join("")}`,
      want: "error converting YAML to JSON: yaml: more than 2000000 values",
    },
    { name: "brackets in texts", text: `{"apiVersion": "v1", "serverInfo": {"a": "\\"${"[".repeat(200)}"}, "entries": {"a": []}}`, want: ["a"] },
    {
      name: "broken YAML",
      text: "apiVersion: v1\nentries:\n  a: [\n",
      want: "error converting YAML to JSON: yaml: line 3: did not find expected node content",
    },
  ])("$name", ({ text, want }) => expect(listed(text)).toEqual(want));
});

describe("reading chart by chart", () => {
  /** A directive makes the whole be read at once. */
  const whole = (text: string): string => json(`%YAML 1.1\n---\n${text.replace(/^---\n/, "")}`).replaceAll(/line \d+/g, "line N");

  /** The same numbers each time. Source: Park and Miller. */
  function chance(seed: number): (count: number) => number {
    let state = seed;
    return (count) => {
      state = (state * 48_271) % 2_147_483_647;
      return state % count;
    };
  }

  const TEXTS = [
    "plain",
    '"quoted: # x"',
    "'single ''x'''",
    "|\n      block\n      b: c",
    '"two\n\n      lines"',
    "a b\n      c d",
    "~",
    "{}",
    "1.0",
    ">-\n      folded\n      text",
  ];
  function randomIndex(seed: number): string {
    const next = chance(seed + 1);
    const pick = <Item>(items: readonly Item[]): Item => items[next(items.length)] ?? (items[0] as Item);
    const lines = [
      pick(["", "---\n", "# first\n"]),
      pick(["apiVersion: v1\n", "apiVersion: v1\ngenerated: 2024-01-01T00:00:00Z\n", ""]),
      pick(["entries:\n", "entries: # x\n"]),
    ];
    for (let count = next(5); count >= 0; count--) {
      lines.push(`  ${pick(["a", "b-1", '"c"', "'d'", "e.f", "g"])}:${pick(["", " # why", " "])}\n`);
      for (let versions = next(4); versions > 0; versions--) {
        const dash = pick(["  - ", "    - "]);
        const pad = " ".repeat(dash.length);
        lines.push(`  - name: ${pick(["x", "y", '""'])}\n    version: ${pick(["1.0.0", '"2.1"', "one", "1.2.3-rc.1"])}\n`);
        if (next(2) === 0) lines.push(`    description: ${pick(TEXTS)}\n`);
        if (next(3) === 0)
          lines.push(`    ${pick(["home: https://a", "appVersion: v1", "urls:\n    - a\n    - b", "created: 2024-01-01T00:00:00Z", "odd: 1"])}\n`);
        if (next(4) === 0) lines.push(`${pad.slice(0, 0)}# comment\n`);
      }
      if (next(6) === 0) lines.push("\n");
    }
    if (next(2) === 0) lines.push("publicKeys: []\n");
    return lines.join("");
  }

  it("comes to the same as reading the whole at once", () => {
    let pieces = 0;
    for (let seed = 0; seed < 400; seed++) {
      const text = randomIndex(seed);
      if (splitIndex(text) !== undefined) pieces++;
      expect(json(text).replaceAll(/line \d+/g, "line N"), text).toBe(whole(text));
    }
    expect(pieces).toBeGreaterThan(350);
  });
});

describe("parts of an index", () => {
  const charts = new Map(
    Array.from(
      { length: 40 },
      (_, index) => [`chart-${index}`, [{ name: `chart-${index}`, version: "1.0.0", created: "2024-01-01T00:00:00Z", urls: ["a"] }]] as const,
    ),
  );

  it.each([
    [1, 1],
    [5_000_000, 3],
    [1_000_000_000, 32],
  ])("of %d bytes are %d, and each chart is in its own", (size, count) => {
    const artifact = { digest: "sha256:abc", size };
    const shards = shardsOf(charts, artifact);
    expect(shards.size).toBe(count);
    for (const [name, versions] of charts) {
      const shard = shards.get(shardKey(artifact, name));
      expect(shard === undefined ? undefined : versionsIn(shard, name)).toEqual({ ok: true, value: versions });
    }
    const shard = shards.get(shardKey(artifact, "none")) ?? new Uint8Array();
    expect(versionsIn(shard, "none")).toEqual({ ok: true, value: undefined });
  });

  it("are named by the digest of the index, so that they are never another's", () => {
    expect(shardKey({ digest: "sha256:abc", size: 1 }, "a")).toMatch(/^sha256:abc /);
  });
});
