import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { badRequest, type Failure } from "../http/status.ts";
import type { ResourceKind, TableColumn } from "../kinds/kind.ts";
import { clusterPrinters } from "./cluster.ts";
import { customCell } from "./custom.ts";
import { networkPrinters } from "./network.ts";
import { podRowConditions } from "./pods.ts";
import { age, created, nameOf, type Printer } from "./printer.ts";
import { storagePrinters } from "./storage.ts";
import { workloadPrinters } from "./workloads.ts";

export type IncludeObject = "Metadata" | "Object" | "None";

export type TableOptions = {
  readonly now: EpochMs;
  readonly includeObject: IncludeObject;
  /** Of the list: resourceVersion, continue, remainingItemCount; of a single object: its resourceVersion. */
  readonly metadata: JsonObject;
  /** Later events of a watch leave the columns out. */
  readonly withoutColumns?: boolean;
};

const printers: { readonly [groupAndPlural: string]: Printer } = { ...workloadPrinters, ...networkPrinters, ...storagePrinters, ...clusterPrinters };

const NAME: TableColumn = {
  name: "Name",
  type: "string",
  format: "name",
  description:
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names",
  priority: 0,
};

/** The objects as a meta.k8s.io/v1 Table, which is what kubectl prints. */
export function renderTable(kind: ResourceKind, objects: readonly Manifest[], options: TableOptions): JsonObject {
  const columns = columnsOf(kind);
  return {
    kind: "Table",
    apiVersion: "meta.k8s.io/v1",
    metadata: options.metadata,
    columnDefinitions:
      options.withoutColumns === true ? null : columns.map(({ name, type, format, description, priority }) => ({ name, type, format, description, priority })),
    rows: objects.map((object) => row(kind, columns, object, options)),
  };
}

/** A CRD's columns stand after the name; a table without any column has the name alone. */
function columnsOf(kind: ResourceKind): readonly TableColumn[] {
  return kind.columns.some(({ format }) => format === "name") ? kind.columns : [NAME, ...kind.columns];
}

function row(kind: ResourceKind, columns: readonly TableColumn[], object: Manifest, { now, includeObject }: TableOptions): JsonObject {
  const json = asJson(object);
  const conditions = kind.group === "" && kind.plural === "pods" ? podRowConditions(json) : [];
  return { cells: cellsOf(kind, columns, json, now), ...(conditions.length > 0 && { conditions }), object: objectOf(object, json, includeObject) };
}

function cellsOf(kind: ResourceKind, columns: readonly TableColumn[], object: Json, now: EpochMs): readonly Json[] {
  const printer = kind.custom ? undefined : printers[`${kind.group}/${kind.plural}`];
  if (printer !== undefined) return printer(object, now);
  return columns.map((column) => {
    if (column.format === "name") return nameOf(object);
    if (column.jsonPath !== undefined) return customCell(column, object, now);
    return column.name === "Age" ? age(object, now) : column.name === "Created At" ? created(object) : "";
  });
}

function objectOf(object: Manifest, json: Json, include: IncludeObject): Json {
  switch (include) {
    case "None":
      return null;
    case "Object":
      return json;
    case "Metadata":
      return { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: metadataOf(object) };
  }
}

/** `includeObject` of the query; empty means the metadata. */
export function parseIncludeObject(text: string | null): Result<IncludeObject, Failure> {
  if (text === null || text === "" || text === "Metadata") return ok("Metadata");
  if (text === "Object" || text === "None") return ok(text);
  const why = `Unable to convert to Table as requested: includeObject: Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`;
  return problem(badRequest(why));
}

/** Manifests are JSON; only their type knows more of `metadata`. */
const asJson = (object: Manifest): Json => jsonOf(object);
const metadataOf = ({ metadata }: Manifest): JsonObject => metadata as unknown as JsonObject;
