import { chartArchive } from "../../../support/helm/source-world.ts";

export type Files = { readonly [path: string]: string };

const SHOP: Files = {
  "values.yaml": "colour: red\nreplicas: 0\nnested: {b: 2, a: 1}\nempty: null\n",
  ".helmignore": "ignored/\n",
  "README.md": "# Shop\n",
  "files/motd.txt": "welcome <b>&</b>\n",
  "ignored/secret.txt": "x",
  "values.schema.json": '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "object", "properties": {"colour": {"type": "string"}}}\n',
  "templates/_helpers.tpl": '{{- define "shop.labels" -}}\napp: {{ .Release.Name }}\n{{- with .Values.origin }}\n{{ toYaml . }}\n{{- end }}\n{{- end }}\n',
  "templates/NOTES.txt": "{{ .Release.Name }} is {{ .Values.colour }}, revision {{ .Release.Revision }}\n",
  "templates/config.yaml": `apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "shop.labels" . | nindent 4 }}
data:
  colour: {{ .Values.colour | quote }}
  motd: {{ .Files.Get "files/motd.txt" | quote }}
`,
  "templates/workload.yaml": `apiVersion: v1
kind: Service
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  selector: {app: {{ .Release.Name }}}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "shop.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      containers:
        - {name: shop, image: "shop:{{ .Chart.Version }}", env: [{name: COLOUR, value: {{ .Values.colour }}}], ports: [{containerPort: 8080}]}
`,
};

const HOOKS: Files = {
  "templates/hooks.yaml": `apiVersion: batch/v1
kind: Job
metadata:
  name: {{ .Release.Name }}-migrate
  annotations: {helm.sh/hook: "pre-install,pre-upgrade", helm.sh/hook-weight: "-1", helm.sh/hook-delete-policy: "before-hook-creation,hook-succeeded"}
spec:
  backoffLimit: 0
  template:
    metadata: {labels: {waits: {{ .Values.hookWaits | default false | quote }}}}
    spec: {restartPolicy: Never, containers: [{name: migrate, image: "migrate:1"}]}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: {{ .Release.Name }}-rolled-back, annotations: {helm.sh/hook: "post-rollback,post-delete"}}
data: {revision: {{ .Release.Revision | quote }}}
`,
  "templates/tests/ping.yaml": `apiVersion: v1
kind: Pod
metadata: {name: {{ .Release.Name }}-ping, annotations: {helm.sh/hook: test}}
spec: {restartPolicy: Never, containers: [{name: ping, image: "ping:1"}]}
`,
};

const CRD = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: carts.shop.example}
spec:
  group: shop.example
  names: {kind: Cart, plural: carts}
  scope: Namespaced
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`;

/** A ConfigMap, a Service, a Deployment, notes, files, a schema. */
export const shop = (version: string, more: Files = {}): Uint8Array =>
  chartArchive("shop", version, { "Chart.yaml": chartYaml("shop", version), ...SHOP, ...more });

/** The shop with hooks and a test. */
export const hooked = (version: string): Uint8Array => chartArchive("hooked", version, { "Chart.yaml": chartYaml("hooked", version), ...SHOP, ...HOOKS });

/** The shop with a CRD and an object of its kind, a subchart under an alias, and a lock. */
export const whole = (version: string): Uint8Array =>
  chartArchive("whole", version, {
    "Chart.yaml": `${chartYaml("whole", version)}dependencies:\n  - {name: part, version: 0.1.0, repository: "https://charts.example", alias: piece, condition: piece.enabled, tags: [parts]}\n`,
    "Chart.lock":
      'dependencies:\n- name: part\n  repository: https://charts.example\n  version: 0.1.0\ndigest: sha256:0123\ngenerated: "2024-05-01T10:00:00.123456789+02:00"\n',
    ...SHOP,
    ...HOOKS,
    "crds/cart.yaml": CRD,
    "templates/cart.yaml": "apiVersion: shop.example/v1\nkind: Cart\nmetadata: {name: {{ .Release.Name }}}\nspec: {size: {{ .Values.piece.size }}}\n",
    "charts/part/Chart.yaml": "apiVersion: v2\nname: part\nversion: 0.1.0\n",
    "charts/part/values.yaml": "size: 3\nglobal: {region: eu}\n",
    "charts/part/templates/config.yaml":
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}-part}\ndata: {size: {{ .Values.size | quote }}, chart: {{ .Chart.Name }}}\n",
  });

/** One object of random data that no gzip makes smaller: so many bytes of text. */
export const big = (version: string, bytes: number, noise: string): Uint8Array =>
  chartArchive("big", version, {
    "values.yaml": "colour: red\n",
    "templates/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: {{ .Release.Name }}}\ndata: {colour: {{ .Values.colour }}}\n",
    "files/noise.txt": noise.slice(0, bytes),
  });

const chartYaml = (name: string, version: string): string => `apiVersion: v2
name: ${name}
version: ${version}
appVersion: "${version}-app"
description: Sells & <things>
home: https://shop.example
sources: [https://git.example/shop]
keywords: [shop, "2"]
icon: https://shop.example/icon.png
kubeVersion: ">=1.20.0-0"
type: application
annotations: {team: "a&b", zone: "1"}
maintainers: [{name: Ada, email: ada@shop.example, url: "https://ada.example"}]
`;
