import { CALLS } from "./cases/calls.ts";
import { CONTROL } from "./cases/control.ts";
import { FORMATTED, PRINTF } from "./cases/printf.ts";
import { SYNTAX } from "./cases/syntax.ts";
import { caseOf, DATA } from "./expressions.ts";
import type { TemplateCase } from "./ours.ts";

/** Files in the order in which they are parsed: what is defined twice. */
const FILES: readonly (readonly (readonly [string, string])[])[] = [
  [
    ["a", `{{ define "x" }}first{{ end }}`],
    ["b", `{{ define "x" }}second{{ end }}`],
    ["main", `{{ template "x" }}`],
  ],
  [
    ["a", `{{ define "x" }}first{{ end }}`],
    ["b", `{{ define "x" }} \n{{/* c */}}{{ end }}`],
    ["main", `{{ template "x" }}`],
  ],
  [
    ["main", "text"],
    ["b", `{{ define "main" }}other{{ end }}`],
  ],
  [
    ["main", "text"],
    ["b", `{{ define "main" }}  {{ end }}`],
  ],
  [
    ["b", `{{ define "main" }}other{{ end }}`],
    ["main", "  "],
  ],
  [
    ["b", `{{ define "main" }}other{{ end }}`],
    ["main", "text"],
  ],
  [
    ["main", `{{ template "b" . }}`],
    ["b", "{{ .Values.one.deep }}"],
  ],
  [
    ["main", `{{ template "x" . }}`],
    ["b", `\n\n{{ define "x" }}\n{{ fails "in b" }}{{ end }}`],
  ],
  [
    ["main", `{{ block "x" . }}block{{ end }}`],
    ["b", `{{ define "x" }}defined{{ end }}`],
  ],
  [
    ["b", `{{ define "x" }}defined{{ end }}`],
    ["main", `{{ block "x" . }}block{{ end }}`],
  ],
  [
    ["a: b", "{{ nosuch }}"],
    ["main", ""],
  ],
  [["main", ""]],
  [["other", ""]],
];

const MODES = [
  "{{ .Values.absent }}",
  "{{ .Values.absent.deep }}",
  "{{ .absent.a.b }}",
  "{{ (.Values.absent).deep }}",
  '{{ (smap "a" "b").x }}',
  "{{ if .Values.absent }}x{{ end }}",
  "{{ $x := .Values.nothing }}{{ $x.y }}",
  "{{ with .Values.nothing }}x{{ end }}{{ .Values.nothing }}",
  "{{ .Values.absent | upper }}",
  "{{ upper .Values.absent }}",
  "{{ print .Values.absent }}",
];

/** All cases that are written down. */
export const CASES: readonly TemplateCase[] = [
  ...[...CONTROL, ...CALLS, ...SYNTAX].flatMap(({ texts }) => texts.map((text) => caseOf(text))),
  ...FORMATTED.map((text) => caseOf(text)),
  ...PRINTF.map((text) => caseOf(text)),
  ...FILES.map((files): TemplateCase => ({ files, main: "main", data: DATA, missingKey: "zero" })),
  ...MODES.flatMap((text) => (["default", "error"] as const).map((missingKey) => caseOf(text, missingKey))),
];
