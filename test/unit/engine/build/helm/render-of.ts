import { loadChart } from "@sluice/engine/build/helm/chart/load-chart.ts";
import type { HelmRenderAnswer, HelmRenderInput } from "@sluice/engine/build/helm/render.ts";
import { renderChart } from "@sluice/engine/build/helm/render-chart.ts";
import type { ParsedTexts } from "@sluice/engine/build/helm/template/parsed-texts.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";

const encoder = new TextEncoder();

export const treeOf = (files: { readonly [path: string]: string }) =>
  new Map(Object.entries(files).map(([path, text]) => [path, { bytes: encoder.encode(text), executable: false }]));

/** The chart `shop` of these files, rendered for an installation. */
export function renderOf(files: { readonly [path: string]: string }, more: Partial<HelmRenderInput> = {}, texts?: ParsedTexts): HelmRenderAnswer {
  const chart = loadChart(treeOf({ "Chart.yaml": "apiVersion: v2\nname: shop\nversion: 1.0.0\n", ...files }));
  if (!chart.ok) throw new Error(chart.problem);
  const input: HelmRenderInput = {
    chart: chart.value,
    values: {},
    release: { name: "rel", namespace: "apps", revision: 1, isUpgrade: false },
    capabilities: { kubeVersion: { version: "v1.35.4", major: "1", minor: "35" }, apiVersions: ["v1"] },
    lookups: new Map(),
    seed: new Uint8Array(32),
    now: epochMs(0),
    skipSchemaValidation: false,
    ...more,
  };
  return renderChart(input, texts);
}

/** The manifest, or what is wrong. */
export function shown(answer: HelmRenderAnswer): string {
  return answer.kind === "failed" ? `failed: ${answer.message}` : answer.manifest;
}
