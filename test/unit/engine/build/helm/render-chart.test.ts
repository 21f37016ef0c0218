import { lookupKey } from "@sluice/engine/build/helm/engine/engine-functions.ts";
import { describe, expect, it } from "vitest";
import { renderOf, shown } from "./render-of.ts";

const inManifest = (text: string): string => `---\n# Source: shop/templates/a.yaml\n${text}\n\n`;
const values = (files: { readonly [path: string]: string }, given = {}): string =>
  shown(renderOf({ "templates/a.yaml": "{{ .Values | toJson }}\n", ...files }, { values: given }));

describe("nulls, as Helm 4.2 treats them (helm#32530, recording render-yaml-json)", () => {
  it.each<{ about: string; own: string; given: object; want: string }>([
    { about: "of values.yaml are dropped", own: "a: null\nb: {c: null, d: 1}\nl: [null]", given: {}, want: '{"b":{"d":1},"l":[null]}' },
    { about: "of what is given delete", own: "a: 1\nb: {c: 2, d: 3}", given: { a: null, b: { c: null } }, want: '{"b":{"d":3}}' },
    { about: "of what is given stay where there is nothing", own: "b: {d: 3}", given: { a: null, b: { c: null } }, want: '{"a":null,"b":{"c":null,"d":3}}' },
    { about: "of values.yaml stay beside what is given", own: "b: {c: null, d: 1}", given: { b: { e: 1 } }, want: '{"b":{"c":null,"d":1,"e":1}}' },
  ])("$about", ({ own, given, want }) => {
    expect(values({ "values.yaml": own }, given)).toBe(inManifest(want));
  });
});

describe("numbers that --set has made", () => {
  it("are int64s, wherever they stand", () => {
    const files = { "templates/a.yaml": "{{ kindOf .Values.a }} {{ kindOf .Values.b }} {{ .Values.a }} {{ .Values.b }} {{ kindOf (index .Values.l 1).x }}\n" };
    const given = { a: 1000000, b: 1000000, l: [0, { x: 1 }] };
    expect(shown(renderOf({ ...files, "templates/a.yaml": `a: ${files["templates/a.yaml"]}` }, { values: given, integers: ["/a", "/l/1/x"] }))).toBe(
      inManifest("a: int64 float64 1000000 1e+06 int64"),
    );
  });
});

describe("look-ups", () => {
  const files = { "templates/a.yaml": 'a: {{ (lookup "v1" "Secret" "apps" "token").data | toJson }}\nb: {{ lookup "v1" "Pod" "" "" | toJson }}\n' };

  it("are empty and wanted while their answers are not known", () => {
    const answer = renderOf(files);
    expect(shown(answer)).toBe(inManifest("a: null\nb: {}"));
    expect(answer.wanted.map(({ key, ...lookup }) => lookup)).toEqual([
      { apiVersion: "v1", kind: "Secret", namespace: "apps", name: "token" },
      { apiVersion: "v1", kind: "Pod", namespace: "", name: "" },
    ]);
  });

  it("are wanted no more once they are known, also where there is nothing", () => {
    const lookups = new Map([
      [lookupKey("v1", "Secret", "apps", "token"), { data: { a: "b" } }],
      [lookupKey("v1", "Pod", "", ""), null],
    ]);
    const answer = renderOf(files, { lookups });
    expect(shown(answer)).toBe(inManifest('a: {"a":"b"}\nb: {}'));
    expect(answer.wanted).toEqual([]);
  });

  it("are told of a chart that fails for want of them", () => {
    const answer = renderOf({ "templates/a.yaml": '{{ required "no token" (lookup "v1" "Secret" "apps" "token").data }}' });
    expect([answer.kind, answer.wanted.length]).toEqual(["failed", 1]);
  });
});

describe("the words of errors, as the real helm-controller said them (recordings render-errors and template-errors)", () => {
  const helpers = {
    "templates/_helpers.tpl": '{{- define "shop.inner" }}{{ .none.deep }}{{ end }}\n{{- define "shop.outer" }}{{ include "shop.inner" . }}{{ end }}\n',
  };
  const at = "shop/templates/a.yaml";
  it.each<{ template: string; want: string }>([
    {
      template: "a: {{ eq 1.5 1 }}",
      want: `template: ${at}:1:6: executing "${at}" at <eq 1.5 1>: error calling eq: incompatible types for comparison: float64 and int`,
    },
    { template: "a: {{ index (list 1) 3 }}", want: `template: ${at}:1:6: executing "${at}" at <index (list 1) 3>: error calling index: index out of range: 3` },
    {
      template: 'a: {{ include "shop.none" . }}',
      want: `${at}:1:6\n  executing "${at}" at <include "shop.none" .>:\n    error calling include:\ntemplate: no template "shop.none" associated with template "gotpl"`,
    },
    {
      template: 'a: {{ include "shop.outer" .Values }}',
      want: `${at}:1:6\n  executing "${at}" at <include "shop.outer" .Values>:\n    error calling include:\nshop/templates/_helpers.tpl:2:29\n  executing "shop.outer" at <include "shop.inner" .>:\n    error calling include:\nshop/templates/_helpers.tpl:1:34\n  executing "shop.inner" at <.none.deep>:\n    nil pointer evaluating interface {}.deep`,
    },
    { template: 'a: {{ trunc "x" 5 }}', want: `${at}:1:12\n  executing "${at}" at <"x">:\n    expected integer; found "x"` },
    {
      template: 'a: {{ tpl "{{ .x.y" . }}',
      want: `template: ${at}:1:6: executing "${at}" at <tpl "{{ .x.y" .>: error calling tpl: cannot parse template "{{ .x.y": template: gotpl:1: unclosed action`,
    },
    { template: '{{ fail "no such" }}', want: `execution error at (${at}:1:3): no such` },
    { template: 'a: {{ required "a colour is needed" .Values.colour }}', want: `execution error at (${at}:1:6): a colour is needed` },
    { template: "\na: {{ nosuchfunction . }}", want: `parse error at (${at}:2): function "nosuchfunction" not defined` },
  ])("$template", ({ template, want }) => {
    expect(shown(renderOf({ ...helpers, "templates/a.yaml": template }))).toBe(`failed: ${want}`);
  });
});

describe("what the release stores", () => {
  it("has the chart without what is off, under its aliases, with what was imported", () => {
    const answer = renderOf({
      "Chart.yaml": JSON.stringify({
        apiVersion: "v2",
        name: "shop",
        version: "1.0.0",
        dependencies: [
          { name: "db", version: "1.x", alias: "store", "import-values": ["data"] },
          { name: "away", version: "1.x", condition: "away.enabled" },
        ],
      }),
      "values.yaml": "away: {enabled: false}\n",
      "charts/db/Chart.yaml": "apiVersion: v2\nname: db\nversion: 1.0.0\n",
      "charts/db/values.yaml": "exports: {data: {x: 1}}\n",
      "charts/away/Chart.yaml": "apiVersion: v2\nname: away\nversion: 1.0.0\n",
    });
    if (answer.kind === "failed") throw new Error(answer.message);
    expect(answer.chart.metadata.dependencies).toEqual([
      { name: "store", version: "1.x", repository: "", enabled: true, alias: "store", "import-values": [{ child: "exports.data", parent: "." }] },
    ]);
    expect(answer.chart.values).toEqual({ x: 1, away: { enabled: false }, store: { exports: { data: { x: 1 } }, global: {} } });
    expect(answer.chart.dependencies.map(({ metadata }) => metadata.name)).toEqual(["store"]);
  });
});

describe("hostile charts end", () => {
  const define = (name: string, body: string): string => `{{ define "${name}" }}${body}{{ end }}`;
  it.each<{ about: string; files: { readonly [path: string]: string }; want: RegExp }>([
    {
      about: "an include of itself",
      files: { "templates/_a.tpl": define("a", '{{ include "a" . }}'), "templates/a.yaml": '{{ include "a" . }}' },
      want: /^failed: /,
    },
    {
      about: "a template of itself",
      files: { "templates/_a.tpl": define("a", '{{ template "a" . }}'), "templates/a.yaml": '{{ template "a" . }}' },
      want: /^failed: /,
    },
    {
      about: "a text that doubles",
      files: { "templates/a.yaml": '{{ $x := "aaaaaaaa" }}{{ range until 40 }}{{ $x = print $x $x }}{{ end }}' },
      want: /^failed: /,
    },
    { about: "a repetition", files: { "templates/a.yaml": '{{ repeat 1000000000 "aaaa" }}' }, want: /^failed: / },
    { about: "a map in itself", files: { "templates/a.yaml": '{{ $d := dict }}{{ $_ := set $d "d" $d }}{{ toYaml $d }}' }, want: /^(failed: |---)|^$/ },
    {
      about: "anchors that multiply",
      files: {
        "values.yaml": `a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n${Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(", ")}]\n`).join("")}`,
      },
      want: /^problem: cannot load values.yaml: /,
    },
  ])("$about", ({ files, want }) => {
    let said: string;
    try {
      said = shown(renderOf(files));
    } catch (error) {
      said = `problem: ${error instanceof Error ? error.message : ""}`;
    }
    expect(said).toMatch(want);
  });
});
