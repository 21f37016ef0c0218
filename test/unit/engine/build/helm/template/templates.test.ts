import { goOfJson } from "@sluice/engine/build/helm/go/json.ts";
import { failure } from "@sluice/engine/build/helm/go/result.ts";
import { goMap, goSlice } from "@sluice/engine/build/helm/go/value.ts";
import { type Budget, createBudget } from "@sluice/engine/build/helm/template/budget.ts";
import { ARG, type GoFunctions, goFunction, variadicFunction } from "@sluice/engine/build/helm/template/functions.ts";
import { createTemplates, type TemplateOutput, type Templates } from "@sluice/engine/build/helm/template/templates.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import { describe, expect, it } from "vitest";

/** The functions of Helm that work on sets of templates, as its engine makes them. */
const functions = (set: Templates): GoFunctions =>
  new Map([
    ["include", goFunction([ARG.string, ARG.any], (name, data) => resultOf(set.execute(name, data)))],
    [
      "tpl",
      goFunction([ARG.string, ARG.any], (text, data) => {
        const inner = set.clone();
        const parsed = inner.parse("gotpl", text);
        return parsed.ok ? resultOf(inner.run(parsed.template, data)) : failure(parsed.message);
      }),
    ],
    ["repeat", goFunction([ARG.int, ARG.string], (count, text) => text.repeat(count))],
    ["list", variadicFunction([], ARG.any, (items) => goSlice(items))],
    ["itself", goFunction([ARG.dict], (map) => ({ ...map, entries: map.entries.set("self", map) }))],
    [
      "broken",
      goFunction([], () => {
        throw new TypeError("a bug");
      }),
    ],
  ]);

const resultOf = (output: TemplateOutput) => (output.ok ? output.text : failure(output.failure.message));

const LIMITS = { steps: 100_000, bytes: 1_000_000, depth: 50 };

function render(text: string, data: Json = {}, budget: Budget = createBudget(LIMITS)): string {
  const set = createTemplates({ name: "gotpl", functions, missingKey: "zero", budget });
  set.parse("h.tpl", '{{ define "h.name" }}helper of {{ . }}{{ end }}');
  const parsed = set.parse("a.yaml", text);
  if (!parsed.ok) return parsed.message;
  const output = set.execute("a.yaml", goOfJson(data));
  return output.ok ? output.text : `${output.failure.kind}: ${output.failure.message}`;
}

describe("tpl, as Helm makes it of a clone", () => {
  it.each([
    { text: '{{ tpl "{{ .a }}" (index .list 0) }}', want: "x" },
    { text: '{{ tpl "{{ include \\"h.name\\" 1 }}" . }}', want: "helper of 1" },
    { text: '{{ tpl "{{ define \\"own\\" }}in{{ end }}{{ include \\"own\\" . }}" . }}', want: "in" },
    { text: '{{ tpl "{{ define \\"own\\" }}in{{ end }}" . }}{{ include "own" . }}', want: /no template "own" associated with template "gotpl"$/ },
    { text: '{{ tpl "{{ define \\"h.name\\" }}other{{ end }}{{ include \\"h.name\\" . }}" . }} {{ include "h.name" 1 }}', want: "other helper of 1" },
    { text: '{{ tpl "{{ tpl `` . }}|{{ tpl `{{ 1 }}` . }}" . }}', want: "|1" },
    {
      text: '{{ tpl "{{ .x.y" . }}',
      want: 'exec: template: a.yaml:1:3: executing "a.yaml" at <tpl "{{ .x.y" .>: error calling tpl: template: gotpl:1: unclosed action',
    },
    { text: '{{ tpl "{{ fail }}" . }}', want: /function "fail" not defined$/ },
  ])("$text", ({ text, want }) => {
    const got = render(text, { list: [{ a: "x" }] });
    if (typeof want === "string") expect(got).toBe(want);
    else expect(got).toMatch(want);
  });

  it("what is parsed behind a clone is seen by the set only, and what the clone parses by the clone only", () => {
    const set = createTemplates({ name: "gotpl", functions, missingKey: "zero" });
    set.parse("a", "first");
    const clone = set.clone();
    set.parse("a", "second");
    clone.parse("b", "own");
    expect([set.execute("a", null), clone.execute("a", null), set.lookup("b"), clone.lookup("b")?.name]).toEqual([
      { ok: true, text: "second" },
      { ok: true, text: "first" },
      undefined,
      "b",
    ]);
  });
});

describe("a hostile template ends", () => {
  it.each([
    { name: "range over a large number", text: "{{ range 1000000000 }}{{ end }}", want: "budget: template: a.yaml: templates take more than 100000 steps" },
    {
      name: "nested ranges",
      text: "{{ range 1000 }}{{ range 1000 }}{{ range 1000 }}{{ end }}{{ end }}{{ end }}",
      want: "budget: template: a.yaml: templates take more than 100000 steps",
    },
    { name: "much output", text: '{{ $x := repeat 400000 "x" }}{{ $x }}{{ $x }}', want: "budget: template: a.yaml: templates make more than 1000000 bytes" },
    {
      name: "doubling",
      text: '{{ $x := "xxxxxxxx" }}{{ range 64 }}{{ $x = printf "%s%s" $x $x }}{{ end }}',
      want: "budget: template: a.yaml: templates make more than 1000000 bytes",
    },
    {
      name: "a string too long for JavaScript",
      text: '{{ repeat 4000000000 "xx" }}',
      want: "budget: template: a.yaml: templates nest too deep or make too much",
    },
    {
      name: "a template that calls itself",
      text: '{{ define "x" }}{{ template "x" . }}{{ end }}{{ template "x" . }}',
      want: 'exec: template: a.yaml:1:28: executing "x" at <{{template "x" .}}>: exceeded maximum template depth (50)',
    },
    {
      name: "an include that includes itself",
      text: '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}',
      want: /error calling include: template: x: exceeded maximum template depth \(50\)$/,
    },
    { name: "tpl of itself", text: "{{ tpl .t . }}", want: /exceeded maximum template depth \(50\)/ },
    {
      name: "tpl of ever new texts",
      text: '{{ range $i := 100000 }}{{ tpl (printf "%20d" $i) $ }}{{ end }}',
      want: "budget: template: a.yaml: templates take more than 100000 steps",
    },
    {
      name: "a large value again and again",
      text: "{{ $x := list 1 }}{{ range 12 }}{{ $x = list $x $x }}{{ end }}{{ range 1000 }}{{ $x }}{{ end }}",
      want: "budget: template: a.yaml: templates take more than 100000 steps",
    },
    { name: "a text too long to parse", text: "x".repeat(400_001), want: "template: a.yaml: templates take more than 100000 steps" },
    { name: "parentheses", text: `{{ ${"(".repeat(501)}1${")".repeat(501)} }}`, want: "template: a.yaml:1: max expression depth exceeded" },
    {
      name: "actions within actions",
      text: "{{ if 1 }}".repeat(501) + "{{ end }}".repeat(501),
      want: "template: a.yaml:1: actions nest deeper than 500 levels",
    },
    { name: "a map that holds itself", text: "{{ itself . }}", want: "budget: template: a.yaml: templates nest too deep or make too much" },
    { name: "and through printf", text: '{{ printf "%v" (itself .) }}', want: "budget: template: a.yaml: templates nest too deep or make too much" },
    {
      name: "lists that double",
      text: "{{ $x := list 1 }}{{ range 40 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
      want: "budget: template: a.yaml: templates nest too deep or make too much",
    },
    {
      name: "a wide format",
      text: '{{ range 100 }}{{ printf "%1000000d" 1 }}{{ end }}',
      want: "budget: template: a.yaml: templates make more than 1000000 bytes",
    },
  ])("$name", ({ text, want }) => {
    const got = render(text, { t: "{{ tpl .t . }}" });
    if (typeof want === "string") expect(got).toBe(want);
    else expect(got).toMatch(want);
  });

  it("is over within an include, too: nothing around it goes on", () => {
    expect(render('{{ define "x" }}{{ range 1000000 }}{{ end }}{{ end }}{{ include "x" . }}after')).toBe(
      "budget: template: a.yaml: templates take more than 100000 steps",
    );
  });

  it("when the stack is at its end, and the next render works", () => {
    const budget = createBudget({ ...LIMITS, depth: 1_000_000, bytes: 1e9, steps: 1e9 });
    const set = createTemplates({ name: "gotpl", functions, missingKey: "zero", budget });
    set.parse("a", '{{ define "x" }}{{ include "x" . }}{{ end }}{{ include "x" . }}');
    set.parse("b", "fine");
    expect(set.execute("a", null)).toEqual({ ok: false, failure: { kind: "budget", message: "template: a: templates nest too deep or make too much" } });
    expect([set.execute("b", null), budget.depth]).toEqual([{ ok: true, text: "fine" }, 0]);
  });
});

it("a bug in a function is an exception", () => expect(() => render("{{ broken }}")).toThrow(new TypeError("a bug")));

it("functions of all sets are below those of one", () => {
  const constant = (text: string) => goFunction([], () => text);
  const shared = new Map([
    ["a", constant("shared a")],
    ["b", constant("shared b")],
  ]);
  const set = createTemplates({ name: "gotpl", functions: () => new Map([["a", constant("own a")]]), shared, missingKey: "zero" });
  set.parse("x", "{{ a }}, {{ b }}");
  expect([set.execute("x", null), set.clone().execute("x", null)]).toEqual(Array(2).fill({ ok: true, text: "own a, shared b" }));
});

it("texts that were parsed before are not parsed again", () => {
  const parsed = new Map();
  const create = () => createTemplates({ name: "gotpl", functions, missingKey: "zero", parsed });
  const first = create().parse("a", "{{ 1 }}");
  const second = create().parse("a", "{{ 1 }}");
  expect(first.ok && second.ok && first.template === second.template).toBe(true);
});

it("changes of a map by a function are seen by all who hold it", () => {
  const set = createTemplates({ name: "gotpl", functions, missingKey: "zero" });
  set.parse("a", "{{ $x := . }}{{ $y := itself $x }}{{ len .self.self }}");
  expect(set.execute("a", goMap([["b", 1]]))).toEqual({ ok: true, text: "2" });
});
