import type { Chance } from "../../kustomize/random/chance.ts";

const KINDS = ["ConfigMap", "Secret", "Deployment", "Service", "Namespace", "Thing", "Another", "ServiceAccount", "Job"];
const EVENTS = ["pre-install", "post-install", "pre-upgrade", "post-delete", "test", "nothing", "pre-install,post-upgrade"];

/** A file of one to three documents; `name` is that of its chart. */
export function templateOf(chance: Chance, name: string, keys: readonly string[]): string {
  const documents = Array.from({ length: 1 + chance.int(3) }, (_, index) => documentOf(chance, name, keys, index));
  const text = documents.join(chance.one(["---\n", "\n---\n", "---\n---\n"]));
  return chance.happens(0.15) ? `{{- if .Values.${chance.one(keys)} }}\n${text}{{- end }}\n` : text;
}

function documentOf(chance: Chance, name: string, keys: readonly string[], index: number): string {
  const hook = chance.happens(0.2) ? `\n  annotations: {helm.sh/hook: "${chance.one(EVENTS)}", helm.sh/hook-weight: "${chance.int(10) - 5}"}` : "";
  const lines = Array.from({ length: 1 + chance.int(4) }, (_, at) => `  k${at}: ${lineOf(chance, name, keys)}`);
  return `apiVersion: v1\nkind: ${chance.one(KINDS)}\nmetadata:\n  name: {{ .Release.Name }}-${name}-${index}${hook}\ndata:\n${lines.join("\n")}\n`;
}

const MAPS = ["map", "deep", "global"];
const SHARED = ["shared.one", "shared.two"];

/** Most lines cannot fail, so that charts get far; some can. */
function lineOf(chance: Chance, name: string, keys: readonly string[]): string {
  const key = chance.one(keys);
  const other = chance.one(keys);
  const map = `(.Values.${chance.one(MAPS)} | default dict)`;
  return chance.one(chance.happens(0.006) ? riskyLines(chance, key, other, name) : safeLines(chance, { key, other, map, name }));
}

type Words = { readonly key: string; readonly other: string; readonly map: string; readonly name: string };

const safeLines = (chance: Chance, { key, other, map, name }: Words): readonly string[] => [
  "{{ .Values | toJson | quote }}",
  "{{ .Values | toYaml | quote }}",
  "{{ .Values.global | toJson | quote }}",
  `{{ .Values.${key} | toJson | quote }}`,
  `{{ .Values.${key} | default "none" | toString | quote }}`,
  `{{ ${map}.${other} | toJson | quote }}`,
  `{{ dig "${key}" "none" ${map} | toJson | quote }}`,
  `{{ include "${name}.labels" . | quote }}`,
  `\n    {{- include "${name}.labels" . | nindent 4 }}`,
  `{{ with .Subcharts }}{{ keys . | sortAlpha | join "," | quote }}{{ end }}`,
  `[{{ range $n, $s := .Subcharts }}{{ $n }}, {{ $s.Values | toJson | quote }}, {{ $s.Chart.Name }}, {{ end }}]`,
  `[{{ range $k, $v := ${map} }}{{ $k | quote }}, {{ kindOf $v | quote }}, {{ end }}]`,
  `[{{ range $i, $v := .Values.list | default list }}{{ $i }}, {{ $v | toJson | quote }}, {{ end }}]`,
  `{{ if .Values.${key} }}yes{{ else if .Values.${other} }}other{{ else }}no{{ end }}`,
  `{{ with .Values.${key} }}{{ . | toJson | quote }}{{ else }}nothing{{ end }}`,
  `{{ tpl (.Values.text | default "" | toString) . | quote }}`,
  `{{ tpl "{{ .Chart.Name }} {{ .Template.Name }}" . | quote }}`,
  "{{ .Template.Name }} {{ .Template.BasePath }} {{ .Chart.Name }} {{ .Chart.Version }} {{ .Chart.IsRoot }}",
  "{{ .Chart.Dependencies | toJson | quote }}",
  `{{ .Files.Glob "**" | toJson | quote }}`,
  "{{ .Release | toJson | quote }}",
  `{{ $_ := set .Values "set${chance.int(2)}" "by ${name}" }}{{ .Values | toJson | quote }}`,
  `{{ $_ := set ${map} "seen" "${name}" }}{{ .Values | toJson | quote }}`,
  `{{ merge (dict "x" 1) (deepCopy .Values.AsMap) | toJson | quote }}`,
  `{{ mergeOverwrite (deepCopy .Values.AsMap) (dict "map" 1 "new" (list 1)) | toJson | quote }}`,
  `{{ kindOf .Values.${key} }} {{ typeOf .Values.${key} | quote }}`,
  `{{ .Values.list | default list | len }} {{ ${map} | keys | sortAlpha | toJson | quote }}`,
  `{{ printf "%v %s" .Values.${key} .Release.Name | quote }}`,
  `{{ .Values.${key} | toString | upper | trunc 20 | b64enc | quote }}`,
  `{{ eq (.Values.${key} | toString) (.Values.${other} | toString) }}`,
  `{{ hasKey .Values "${key}" }} {{ empty .Values.${key} }}`,
  `[{{ pick .Values "${key}" "${other}" | toJson | quote }}, {{ omit .Values "global" "${key}" | toJson | quote }}]`,
];

const riskyLines = (chance: Chance, key: string, other: string, name: string): readonly string[] => [
  `{{ include "${chance.one(SHARED)}" . | quote }}`,
  `{{ include "${chance.one(SHARED)}" . | quote }}`,
  `{{ .Values.${key} }}`,
  `{{ (.Values.${key}).${other} | toJson | quote }}`,
  `{{ required "${key} is needed" .Values.${key} | toJson | quote }}`,
  `{{ .Values.${key}.${other}.x | toJson | quote }}`,
  `{{ fail "${name}" }}`,
  `{{ include "nobody.has.this" . }}`,
  `{{ index .Values.list 2 | toJson | quote }}`,
  `{{ add .Values.${key} 1 }}`,
];
