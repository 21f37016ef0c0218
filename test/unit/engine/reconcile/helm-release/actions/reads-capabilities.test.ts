import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { readsCapabilities } from "@sluice/engine/reconcile/helm-release/actions/reads-capabilities.ts";
import { describe, expect, it } from "vitest";

const chart = (template: string, more: Partial<Chart> = {}): Chart => ({
  metadata: { apiVersion: "v2", name: "shop", version: "1.0.0" },
  templates: [{ name: "templates/a.yaml", data: Buffer.from(template) }],
  values: {},
  valuesText: "",
  files: [],
  dependencies: [],
  ...more,
});

describe("whether a chart can come to what the cluster serves", () => {
  it.each<[string, boolean]>([
    ["a: {{ .Values.a }}", false],
    ["a: . $ no template", false],
    ['{{- include "shop.labels" . | nindent 4 }}', false],
    ['{{ template "shop.labels" $ }}', false],
    ["{{ toJson .Values }} {{ $.Release.Name }} {{- .Chart.Name -}}", false],
    ["{{ .Capabilities.KubeVersion }}", true],
    ["{{ toYaml . }}", true],
    ["{{ toYaml $ }}", true],
    ["{{ . | toJson }}", true],
    ["{{- $root := . }}{{ toYaml $root }}", true],
    ["{{ range $k, $v := . }}{{ $v }}{{ end }}", true],
    ['{{ index . "x" }}', true],
    ["{{.}}", true],
    ["{{- .-}}", true],
    ['{{ include "a" (dict "context" $) }}', true],
    ["{{ tpl .Values.text . }}", true],
    ['{{ include "a" . }}{{ printf "%v" . }}', true],
    ["{{ toYaml .Subcharts }}", true],
  ])("%s: %s", (template, want) => expect(readsCapabilities(chart(template), {})).toBe(want));

  it.each<[string, Chart, boolean]>([
    ["a version of Kubernetes", chart("", { metadata: { apiVersion: "v2", name: "a", version: "1", kubeVersion: ">=1.30" } }), true],
    ["a chart below", chart("", { dependencies: [chart("{{ .Capabilities }}")] }), true],
    ["a file", chart("", { files: [{ name: "a.tpl", data: Buffer.from("{{ .Capabilities }}") }] }), true],
    ["values", chart("", { valuesText: "a: '{{ .Capabilities }}'" }), true],
    ["nothing", chart(""), false],
  ])("%s", (_, given, want) => expect(readsCapabilities(given, {})).toBe(want));

  it("values that are given", () => expect(readsCapabilities(chart(""), { a: "{{ .Capabilities }}" })).toBe(true));
});
