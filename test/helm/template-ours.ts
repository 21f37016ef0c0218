import type { Chart } from "@sluice/engine/build/helm/chart/chart.ts";
import { loadChart, missingDependencies } from "@sluice/engine/build/helm/chart/load-chart.ts";
import type { HelmRenderAnswer } from "@sluice/engine/build/helm/render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { type ChartCase, filesOf, type RenderedWith } from "./chart-case.ts";
import { packedFiles } from "./packed-files.ts";

/** What we make of the chart, in the form in which `helm template` prints it. */
export const templateOurs = (chart: ChartCase): string => templateTree(packedFiles(filesOf(chart)), chart);

/** The same of a chart by its files. */
export function templateTree(files: ReadonlyMap<string, Uint8Array>, chart: RenderedWith): string {
  const loaded = loadChart(new Map([...files].map(([path, bytes]) => [path, { bytes, executable: false }])));
  if (!loaded.ok) return `Error: ${loaded.problem}\n`;
  const refused = refusedByCommand(loaded.value);
  if (refused !== undefined) return `Error: ${refused}\n`;
  const answer = renderAs(loaded.value, chart, chart.upgrade ?? false);
  if (answer.kind === "rendered") return printed(answer, chart.crds ?? false);
  // `helm template --is-upgrade` is an installation to itself, with the words of one where dependencies are wrong.
  const isAboutDependencies = (chart.upgrade ?? false) && answer.message.startsWith("type mismatch on ");
  const failure = isAboutDependencies ? renderAs(loaded.value, chart, false) : answer;
  return failure.kind === "failed" ? `Error: ${failure.message}`.replace(/\n*$/, "\n") : "";
}

const renderAs = (loaded: Chart, chart: RenderedWith, isUpgrade: boolean): HelmRenderAnswer =>
  renderChart({
    chart: loaded,
    values: chart.values ?? {},
    release: { name: "rel", namespace: chart.namespace ?? "default", revision: 1, isUpgrade },
    capabilities: capabilitiesOf(chart),
    lookups: new Map(),
    seed: new Uint8Array(32),
    now: epochMs(0),
    skipSchemaValidation: false,
  });

/** What the command `helm` looks at before it renders, and Flux does not. */
function refusedByCommand(chart: Chart): string | undefined {
  if (chart.metadata.type === "library") return "library charts are not installable";
  const missing = missingDependencies(chart).join(", ");
  const advice = "You may need to run `helm dependency build` to fetch missing dependencies";
  return missing === ""
    ? undefined
    : `an error occurred while checking for chart dependencies. ${advice}: found in Chart.yaml, but missing in charts/ directory: ${missing}`;
}

function printed({ manifest, hooks, crds }: Extract<HelmRenderAnswer, { kind: "rendered" }>, withCrds: boolean): string {
  const shownCrds = withCrds ? crds.map(({ filename, data }) => `---\n# Source: ${filename}\n${data}\n`).join("") : "";
  const objects = `${shownCrds}${asIn41(manifest)}`.trim();
  return `${objects}\n${hooks.map(({ path, manifest: text }) => `---\n# Source: ${path}\n${text.trim()}\n`).join("")}`;
}

/** Helm 4.2 leaves the space at the end of a document that 4.1.4 dropped (recordings of area helm; the blank line at the end of each file's last object). */
const asIn41 = (manifest: string): string => manifest.replaceAll(/\s+(?=---\n# Source: )/g, "\n");

function capabilitiesOf({ kubeVersion = "v1.35.0", apiVersions = [] }: RenderedWith) {
  const [, major = "1", minor = "35"] = /^v?(\d+)\.(\d+)/.exec(kubeVersion) ?? [];
  const version = kubeVersion.startsWith("v") ? kubeVersion : `v${kubeVersion}`;
  return { kubeVersion: { version, major, minor }, apiVersions: [...HELM_KNOWS, ...apiVersions] };
}

/** The API versions that helm 4.1.4 takes a cluster to have, in its order. */
const HELM_KNOWS: readonly string[] = [
  "v1",
  "admissionregistration.k8s.io/v1",
  "admissionregistration.k8s.io/v1alpha1",
  "admissionregistration.k8s.io/v1beta1",
  "internal.apiserver.k8s.io/v1alpha1",
  "apps/v1",
  "apps/v1beta1",
  "apps/v1beta2",
  "authentication.k8s.io/v1",
  "authentication.k8s.io/v1alpha1",
  "authentication.k8s.io/v1beta1",
  "authorization.k8s.io/v1",
  "authorization.k8s.io/v1beta1",
  "autoscaling/v1",
  "autoscaling/v2",
  "autoscaling/v2beta1",
  "autoscaling/v2beta2",
  "batch/v1",
  "batch/v1beta1",
  "certificates.k8s.io/v1",
  "certificates.k8s.io/v1beta1",
  "certificates.k8s.io/v1alpha1",
  "coordination.k8s.io/v1alpha2",
  "coordination.k8s.io/v1beta1",
  "coordination.k8s.io/v1",
  "discovery.k8s.io/v1",
  "discovery.k8s.io/v1beta1",
  "events.k8s.io/v1",
  "events.k8s.io/v1beta1",
  "extensions/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1",
  "flowcontrol.apiserver.k8s.io/v1beta1",
  "flowcontrol.apiserver.k8s.io/v1beta2",
  "flowcontrol.apiserver.k8s.io/v1beta3",
  "networking.k8s.io/v1",
  "networking.k8s.io/v1beta1",
  "node.k8s.io/v1",
  "node.k8s.io/v1alpha1",
  "node.k8s.io/v1beta1",
  "policy/v1",
  "policy/v1beta1",
  "rbac.authorization.k8s.io/v1",
  "rbac.authorization.k8s.io/v1beta1",
  "rbac.authorization.k8s.io/v1alpha1",
  "resource.k8s.io/v1",
  "resource.k8s.io/v1beta2",
  "resource.k8s.io/v1beta1",
  "resource.k8s.io/v1alpha3",
  "scheduling.k8s.io/v1alpha1",
  "scheduling.k8s.io/v1beta1",
  "scheduling.k8s.io/v1",
  "storage.k8s.io/v1beta1",
  "storage.k8s.io/v1",
  "storage.k8s.io/v1alpha1",
  "storagemigration.k8s.io/v1beta1",
  "apiextensions.k8s.io/v1beta1",
  "apiextensions.k8s.io/v1",
];
