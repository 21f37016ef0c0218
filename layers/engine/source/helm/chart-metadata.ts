import type { ChartMetadata } from "../../build/helm/chart/chart.ts";
import { type Metadata, nullItems, readMetadata, readRequirements, validateMetadata } from "../../build/helm/chart/metadata.ts";
import { CHART_LIMITS, readArchive } from "../../build/helm/chart/read-archive.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import type { ArtifactFiles } from "./artifact-files.ts";

/** What Flux lets a chart be. Source: source-controller, `--helm-chart-max-size`, `--helm-chart-file-max-size`. */
export const FLUX_LIMITS = { ...CHART_LIMITS, archiveBytes: 10 * 1024 * 1024 };

/** Chart.yaml, and requirements.yaml beside it, of what stands at `path`: a folder, or a packed chart. `root` is how messages show the artifact. Source: source-controller, LoadChartMetadata. */
export function metadataAt({ tree, at }: ArtifactFiles, path: string, root: string): Result<ChartMetadata> {
  const shown = path === "" ? root : `${root}/${path}`;
  switch (at(path)) {
    case "nothing":
      return problem(`stat ${shown}: no such file or directory`);
    case "below a file":
      return problem(`stat ${shown}: not a directory`);
    case "file":
      return metadataInArchive(tree.get(path)?.bytes ?? new Uint8Array(), path.split("/").at(-1) ?? "");
    case "folder": {
      const read = (name: string): Uint8Array | undefined => tree.get(path === "" ? name : `${path}/${name}`)?.bytes;
      const chart = read("Chart.yaml");
      return chart === undefined ? problem(`open ${shown}/Chart.yaml: no such file or directory`) : metadataOf(chart, read("requirements.yaml"));
    }
  }
}

/** Chart.yaml in a packed chart; the rest of it is looked at by whoever loads it. Source: source-controller, LoadChartMetadataFromArchive. */
export function metadataInArchive(bytes: Uint8Array, name: string): Result<ChartMetadata> {
  if (bytes.length > FLUX_LIMITS.archiveBytes) return problem(`size of chart '${name}' exceeds '${FLUX_LIMITS.archiveBytes}' bytes limit`);
  const files = readArchive(bytes, FLUX_LIMITS);
  if (!files.ok) return files;
  const read = (path: string): Uint8Array | undefined => files.value.find((file) => file.name === path)?.data;
  const chart = read("Chart.yaml");
  return chart === undefined ? problem("no 'Chart.yaml' found") : metadataOf(chart, read("requirements.yaml"));
}

function metadataOf(chart: Uint8Array, requirements: Uint8Array | undefined): Result<ChartMetadata> {
  const read = readMetadata(chart);
  if (!read.ok) return problem(inFluxWords(read.problem));
  let metadata: Metadata = read.value;
  let nulls = nullItems(chart);
  if (requirements !== undefined && requirements.length > 0) {
    const more = readRequirements(requirements);
    if (!more.ok) return problem(inFluxWords(more.problem));
    if (more.value !== undefined) metadata = { ...metadata, dependencies: more.value };
    nulls = { ...nulls, dependencies: nulls.dependencies || nullItems(requirements).dependencies };
  }
  const valid = validateMetadata(metadata, nulls);
  return valid.ok ? ok(valid.value) : valid;
}

const inFluxWords = (words: string): string => words.replace(/^cannot load ([^:]+):/, "cannot load '$1':");
