import type { Chart } from "../../build/helm/chart/chart.ts";
import { chartBytes, memoryIn } from "../../build/helm/helm-memory.ts";
import type { Artifact } from "../../domain/artifact.ts";
import type { HelmReleaseDeps } from "./deps.ts";
import { artifactVanished } from "./source.ts";
import type { Material } from "./turn.ts";

/** Reads the chart in an artifact, once. Source: reference 3.4 step 9. */
export function createLoader({ artifacts, helm }: Pick<HelmReleaseDeps, "artifacts" | "helm">, artifact: Artifact): Material["load"] {
  const charts = helm === undefined ? undefined : memoryIn(helm).charts;
  let chart: Chart | undefined = charts?.get(artifact.digest);
  return async () => {
    if (chart !== undefined) return { kind: "loaded", chart };
    const bytes = await artifacts.get(artifact.digest);
    if (bytes === undefined) return { kind: "end", end: artifactVanished() };
    const { loadChartArchive } = await import("../../build/helm/chart/load-chart.ts");
    const loaded = loadChartArchive(bytes);
    if (!loaded.ok) {
      const cause = { reason: "ArtifactFailed", message: `Could not load chart: ${loaded.problem}` };
      return { kind: "end", end: { kind: "failed", cause, event: "Warning", said: loaded.problem } };
    }
    chart = loaded.value;
    charts?.set(artifact.digest, chart, chartBytes(chart));
    return { kind: "loaded", chart };
  };
}
