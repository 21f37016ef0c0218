import type { Chart, ChartFile } from "../../../build/helm/chart/chart.ts";
import type { Json, JsonObject } from "../../../domain/json.ts";

/** The chart as it stands in a release: without its dependencies, files in base64. Source: Helm 4, pkg/chart/v2 Chart, whose dependencies have no JSON. */
export function storedChart({ metadata, lock, templates, values, schema, schemamodtime = NEVER, files, modtime }: Chart): JsonObject {
  return {
    metadata: plain(metadata),
    lock: lock ?? null,
    templates: templates.map(storedFile),
    values,
    schema: schema === undefined ? null : base64(schema),
    schemamodtime,
    files: files.map(storedFile),
    ...(modtime !== undefined && { modtime }),
  };
}

/** Go's zero time, which it writes for this one field. */
const NEVER = "0001-01-01T00:00:00Z";

const storedFile = ({ name, data, modtime }: ChartFile): JsonObject => ({ name, data: base64(data), ...(modtime !== undefined && { modtime }) });

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");

/** Chart.yaml was read from YAML: what is in it is JSON, but for fields that are absent. */
const plain = (metadata: Chart["metadata"]): Json => JSON.parse(JSON.stringify(metadata)) as Json;
