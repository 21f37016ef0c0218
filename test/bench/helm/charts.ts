import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { loadChart } from "@sluice/engine/build/helm/chart/load-chart.ts";
import { createPostRender } from "@sluice/engine/build/helm/post-render.ts";
import type { HelmPostRender } from "@sluice/engine/build/helm/render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import { createParsedTexts, type ParsedTexts } from "@sluice/engine/build/helm/template/parsed-texts.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { helmOfTests } from "../../support/helm.ts";
import { type Spread, spreadOf } from "../report.ts";

/** Milliseconds of one render: ours in a warm process, and a process of the real helm. `changed`: ours with the labels that every HelmRelease gives its objects. */
export type ChartTimes = { readonly templates: number; readonly sluice: Spread; readonly changed: Spread; readonly helm: Spread | undefined };

const TEMPLATES = 100;
const WARM = 5;
const run = promisify(execFile);

export async function measureCharts(rounds: number): Promise<ChartTimes> {
  const files = chartFiles();
  const folder = await mkdtemp(join(tmpdir(), "sluice-chart-"));
  try {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    const helm = await helmOfTests();
    const [sluice, changed, beside]: [number[], number[], number[]] = [[], [], []];
    const texts = createParsedTexts();
    const plain = { files, texts };
    const asInPass = { files, texts, postRender: createPostRender({ strategy: "nohooks", renderers: [], origin: { name: "bench", namespace: "default" } }) };
    // A process that has rendered before, as a function that is warm.
    for (let round = 0; round < WARM; round++) renderOnce(asInPass);
    for (let round = 0; round < rounds; round++) {
      sluice.push(await timed(async () => renderOnce(plain)));
      changed.push(await timed(async () => renderOnce(asInPass)));
      if (helm !== undefined) beside.push(await timed(async () => void (await run(helm, ["template", "bench", folder], { maxBuffer: 64 * 1024 * 1024 }))));
    }
    return { templates: TEMPLATES, sluice: spreadOf(sluice), changed: spreadOf(changed), helm: beside.length === 0 ? undefined : spreadOf(beside) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await act();
  return performance.now() - started;
}

type Work = { readonly files: ReadonlyMap<string, string>; readonly texts: ParsedTexts; readonly postRender?: HelmPostRender };

/** From the files of the chart to the manifest, as a pass does it. */
function renderOnce({ files, texts, postRender }: Work): void {
  const encoder = new TextEncoder();
  const chart = loadChart(new Map([...files].map(([path, text]) => [path, { bytes: encoder.encode(text), executable: false }])));
  if (!chart.ok) throw new Error(chart.problem);
  const answer = renderChart(
    {
      chart: chart.value,
      values: {},
      release: { name: "bench", namespace: "default", revision: 1, isUpgrade: false },
      capabilities: { kubeVersion: { version: "v1.35.4", major: "1", minor: "35" }, apiVersions: ["v1", "apps/v1"] },
      lookups: new Map(),
      seed: new Uint8Array(32),
      now: epochMs(0),
      skipSchemaValidation: false,
      ...(postRender !== undefined && { postRender }),
    },
    texts,
  );
  if (answer.kind === "failed") throw new Error(answer.message);
}

/** In the manner of what `helm create` writes: names, labels, ranges, toYaml; one Deployment, Service or ConfigMap to a template. */
function chartFiles(): ReadonlyMap<string, string> {
  const templates = Array.from({ length: TEMPLATES }, (_, index): [string, string] => [
    `templates/${String(index).padStart(3, "0")}.yaml`,
    [deployment, service, config][index % 3]?.(index) ?? "",
  ]);
  return new Map([
    ["Chart.yaml", "apiVersion: v2\nname: bench\nversion: 1.0.0\nappVersion: 2.3.4\n"],
    ["values.yaml", VALUES],
    ["templates/_helpers.tpl", HELPERS],
    ...templates,
  ]);
}

const VALUES = `replicas: 2
image: {repository: registry.example.com/app, tag: ""}
resources: {limits: {cpu: 100m, memory: 128Mi}, requests: {cpu: 50m}}
env: {ALPHA: "1", BETA: two, GAMMA: "3"}
ports: [{name: http, port: 80}, {name: metrics, port: 9090}]
tolerations: [{key: dedicated, operator: Exists}]
annotations: {}
`;

const HELPERS = `{{- define "bench.name" -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- define "bench.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | quote }}
app.kubernetes.io/name: {{ include "bench.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
{{- end }}
`;

const head = (apiVersion: string, kind: string, index: number): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: {{ include "bench.name" . }}-${index}
  labels:
    {{- include "bench.labels" . | nindent 4 }}
  {{- with .Values.annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
`;

const deployment = (index: number): string => `${head("apps/v1", "Deployment", index)}spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: {{ include "bench.name" . }}-${index}}
  template:
    metadata:
      labels: {app: {{ include "bench.name" . }}-${index}}
    spec:
      containers:
        - name: app
          image: "{{ .Values.image.repository }}:{{ default .Chart.AppVersion .Values.image.tag }}"
          env:
            {{- range $name, $value := .Values.env }}
            - {name: {{ $name }}, value: {{ $value | quote }}}
            {{- end }}
          ports:
            {{- range .Values.ports }}
            - {name: {{ .name }}, containerPort: {{ .port }}}
            {{- end }}
          resources:
            {{- toYaml .Values.resources | nindent 12 }}
      tolerations:
        {{- toYaml .Values.tolerations | nindent 8 }}
`;

const service = (index: number): string => `${head("v1", "Service", index)}spec:
  selector: {app: {{ include "bench.name" . }}-${index}}
  ports:
    {{- range $index, $port := .Values.ports }}
    - {name: {{ $port.name }}, port: {{ add $port.port $index }}, targetPort: {{ $port.name }}}
    {{- end }}
`;

const config = (index: number): string => `${head("v1", "ConfigMap", index)}data:
  {{- range $name, $value := .Values.env }}
  {{ lower $name }}: {{ tpl "{{ .Values.replicas }}" $ }}-{{ $value }}
  {{- end }}
  checksum: {{ .Values | toJson | sha256sum }}
  {{- if and .Values.replicas (gt (int .Values.replicas) 1) }}
  mode: many
  {{- else }}
  mode: one
  {{- end }}
`;

const shown = ({ min, median, max }: Spread): string => `${min.toFixed(1)} ${median.toFixed(1)} ${max.toFixed(1)}`;

export function chartTable({ templates, sluice, changed, helm }: ChartTimes): string {
  const ratio = helm === undefined ? "helm does not run here" : `${(helm.median / sluice.median).toFixed(1)} times as fast as helm template (budget: 5)`;
  return `a chart of ${templates} templates, ms (min med max): Sluice in a warm process ${shown(sluice)}, with the labels of a HelmRelease ${shown(changed)}${helm === undefined ? "" : `, helm template ${shown(helm)}`}; ${ratio}\n`;
}
