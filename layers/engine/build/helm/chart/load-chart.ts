import type { JsonObject } from "../../../domain/json.ts";
import { ok, problem, type Result } from "../../../domain/result.ts";
import type { Tree } from "../../../domain/tree.ts";
import { encodeStruct } from "../../kustomize/decode/encode.ts";
import { unmarshal } from "../../kustomize/decode/unmarshal.ts";
import type { Chart, ChartFile } from "./chart.ts";
import { withoutIgnored } from "./helm-ignore.ts";
import { LOCK, type Metadata, nullItems, readMetadata, readRequirements, validateMetadata } from "./metadata.ts";
import { CHART_LIMITS, type ChartLimits, readArchive } from "./read-archive.ts";
import { readValues } from "./read-values.ts";

/** Charts in charts of charts: Helm knows no end, a stack does. */
const MAX_DEPTH = 32;

/**
 * The chart whose files `tree` has, by paths relative to its folder; .helmignore is heeded. The problem is in Helm's words (`validation: chart.metadata.name is
 * required`, `cannot load Chart.yaml: …`, `Chart.yaml file is missing`, `error unpacking subchart b in a: …`). That dependencies which Chart.yaml names are
 * there is not checked: `missingDependencies` tells. Source: Helm 4, pkg/chart/v2/loader.
 */
export function loadChart(tree: Tree, limits: ChartLimits = CHART_LIMITS): Result<Chart> {
  const kept = withoutIgnored(tree);
  if (!kept.ok) return kept;
  const files: ChartFile[] = [];
  for (const path of kept.value) {
    const bytes = tree.get(path)?.bytes ?? new Uint8Array();
    if (bytes.length > limits.fileBytes)
      return problem(`chart file ${JSON.stringify(path.split("/").at(-1))} is larger than the maximum file size ${limits.fileBytes}`);
    files.push({ name: path, data: withoutMark(bytes) });
  }
  return loadFiles(files, { limits, depth: 0, left: { bytes: limits.bytes } });
}

/** The chart in a tgz, whose one folder has the chart's name; .helmignore is not heeded there. Source: Helm 4, pkg/chart/loader/archive. */
export const loadChartArchive = (bytes: Uint8Array, limits: ChartLimits = CHART_LIMITS): Result<Chart> =>
  loadArchive(bytes, { limits, depth: 0, left: { bytes: limits.bytes } });

/** The names of dependencies in Chart.yaml for which there is no chart in charts/. Source: Helm 4, action.CheckDependencies. */
export function missingDependencies({ metadata, dependencies }: Chart): readonly string[] {
  const present = new Set(dependencies.map((chart) => chart.metadata.name));
  return (metadata.dependencies ?? []).map(({ name }) => name).filter((name) => !present.has(name));
}

/** `left`: what all archives together may still expand to. */
type Loading = { readonly limits: ChartLimits; readonly depth: number; readonly left: { bytes: number } };

function loadArchive(bytes: Uint8Array, loading: Loading): Result<Chart> {
  const { limits, left, depth } = loading;
  let expanded = 0;
  const files = readArchive(bytes, { ...limits, bytes: left.bytes }, (size) => {
    expanded = size;
  });
  if (!files.ok) return files;
  // Of those within it headers count, too: of nothing but folders there may be hundreds, each a thousand times as large as it is packed.
  left.bytes -= depth > 0 ? expanded : files.value.reduce((sum, { data }) => sum + data.length, 0);
  if (left.bytes < 0) return problem(`decompressed chart is larger than the maximum size ${limits.bytes}`);
  return loadFiles(
    files.value.map((file) => ({ ...file, data: withoutMark(file.data) })),
    loading,
  );
}

/** Go's loader drops the mark of UTF-8 at the beginning of a file. */
const withoutMark = (data: Uint8Array): Uint8Array => (data[0] === 0xef && data[1] === 0xbb && data[2] === 0xbf ? data.subarray(3) : data);

type Parts = {
  metadata: Metadata | undefined;
  nulls: { maintainers: boolean; dependencies: boolean };
  lock: JsonObject | undefined;
  values: JsonObject;
  valuesText: string;
  schema: ChartFile | undefined;
  readonly templates: ChartFile[];
  readonly files: ChartFile[];
  /** By the first name below charts/. */
  readonly subcharts: Map<string, ChartFile[]>;
};

function loadFiles(files: readonly ChartFile[], loading: Loading): Result<Chart> {
  const parts: Parts = {
    metadata: undefined,
    nulls: { maintainers: false, dependencies: false },
    lock: undefined,
    values: {},
    valuesText: "",
    schema: undefined,
    templates: [],
    files: [],
    subcharts: new Map(),
  };
  const own = files.find(({ name }) => name === "Chart.yaml");
  if (own !== undefined) {
    const metadata = readMetadata(own.data);
    if (!metadata.ok) return metadata;
    parts.metadata = metadata.value;
    parts.nulls = nullItems(own.data);
  }
  for (const file of files) {
    const taken = takeFile(parts, file);
    if (!taken.ok) return taken;
  }
  if (parts.metadata === undefined) return problem("Chart.yaml file is missing");
  const metadata = validateMetadata(parts.metadata, parts.nulls);
  if (!metadata.ok) return metadata;
  const dependencies = loadSubcharts(parts.subcharts, metadata.value.name, loading);
  if (!dependencies.ok) return dependencies;
  return ok({
    metadata: metadata.value,
    ...(parts.lock !== undefined && { lock: parts.lock }),
    templates: parts.templates,
    values: parts.values,
    valuesText: parts.valuesText,
    ...(parts.schema !== undefined && { schema: parts.schema.data }),
    files: parts.files,
    dependencies: dependencies.value,
    ...(own?.modtime !== undefined && { modtime: own.modtime }),
    ...(parts.schema?.modtime !== undefined && { schemamodtime: parts.schema.modtime }),
  });
}

const DONE: Result<undefined> = ok(undefined);

function takeFile(parts: Parts, file: ChartFile): Result<undefined> {
  const { name, data } = file;
  switch (name) {
    case "Chart.yaml":
      return DONE;
    case "values.yaml": {
      const values = readValues(data);
      if (!values.ok) return problem(`cannot load values.yaml: ${values.problem}`);
      parts.values = values.value;
      parts.valuesText = new TextDecoder().decode(data);
      return DONE;
    }
    case "values.schema.json":
      parts.schema = file;
      return DONE;
    case "requirements.yaml":
      return takeRequirements(parts, file);
    case "Chart.lock":
    case "requirements.lock":
      return takeLock(parts, file);
  }
  if (name.startsWith("templates/")) parts.templates.push(file);
  else if (name.startsWith("charts/") && !name.endsWith(".prov")) {
    const below = name.slice("charts/".length);
    const first = below.split("/")[0] ?? "";
    const known = parts.subcharts.get(first);
    if (known === undefined) parts.subcharts.set(first, [{ ...file, name: below }]);
    else known.push({ ...file, name: below });
  } else parts.files.push(file);
  return DONE;
}

/** Of charts of apiVersion v1, which keep the file among their own: others are only warned by Helm. Their dependencies count all the same. */
function takeRequirements(parts: Parts, file: ChartFile): Result<undefined> {
  const read = readRequirements(file.data);
  if (!read.ok) return read;
  if (parts.metadata !== undefined && read.value !== undefined) {
    parts.metadata = { ...parts.metadata, dependencies: read.value };
    parts.nulls = { ...parts.nulls, dependencies: nullItems(file.data).dependencies };
  }
  if (parts.metadata?.apiVersion === "v1") parts.files.push(file);
  return DONE;
}

function takeLock(parts: Parts, file: ChartFile): Result<undefined> {
  const read = unmarshal(file.data, LOCK, "ignore");
  if (!read.ok) return problem(`cannot load ${file.name}: ${read.problem.message}`);
  const time = timeOf(read.value.generated);
  if (time === undefined) {
    const shown = JSON.stringify(read.value.generated);
    const words = `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`;
    return problem(`cannot load ${file.name}: error unmarshaling JSON: while decoding JSON: ${words}`);
  }
  parts.lock = encodeStruct(LOCK, { ...read.value, generated: time });
  if (file.name === "requirements.lock" && parts.metadata?.apiVersion === "v1") parts.files.push(file);
  return DONE;
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;

/** RFC 3339; none is Go's zero time. */
const timeOf = (text: string): string | undefined => (text === "" ? "0001-01-01T00:00:00Z" : TIME.test(text) ? text : undefined);

/** In the order of their names: Go's own is that of chance, where Chart.yaml does not say another. */
function loadSubcharts(subcharts: ReadonlyMap<string, readonly ChartFile[]>, parent: string, loading: Loading): Result<readonly Chart[]> {
  const charts: Chart[] = [];
  for (const name of [...subcharts.keys()].sort()) {
    if (name.startsWith("_") || name.startsWith(".")) continue;
    const chart = loadSubchart(name, subcharts.get(name) ?? [], parent, loading);
    if (!chart.ok) return chart;
    charts.push(chart.value);
  }
  return ok(charts);
}

function loadSubchart(name: string, files: readonly ChartFile[], parent: string, loading: Loading): Result<Chart> {
  const deeper = { ...loading, depth: loading.depth + 1 };
  if (deeper.depth > MAX_DEPTH) return problem(`error unpacking subchart ${name} in ${parent}: charts nest deeper than ${MAX_DEPTH}`);
  const [file] = files;
  const isArchive = name.endsWith(".tgz");
  if (isArchive && file !== undefined && file.name !== name) return problem(`error unpacking subchart tar in ${parent}: expected ${name}, got ${file.name}`);
  const chart = isArchive ? loadArchive(file?.data ?? new Uint8Array(), deeper) : loadFiles(files.flatMap(belowFolder), deeper);
  return chart.ok ? chart : problem(`error unpacking subchart ${name} in ${parent}: ${chart.problem}`);
}

/** A file that lies in charts/ itself is no part of a chart. */
function belowFolder(file: ChartFile): readonly ChartFile[] {
  const slash = file.name.indexOf("/");
  return slash < 0 ? [] : [{ ...file, name: file.name.slice(slash + 1) }];
}
