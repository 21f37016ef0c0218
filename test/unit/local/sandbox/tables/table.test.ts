import { readFileSync } from "node:fs";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { describe, expect, it } from "vitest";
import type { ResourceKind } from "../../../../../lib/local/sandbox/kinds/kind.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import { parseIncludeObject, renderTable } from "../../../../../lib/local/sandbox/tables/table.ts";

/** What a real API server answered for objects that were made by hand; the objects stand beside their cells. */
type Recording = {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly now: number;
  readonly rows: readonly { cells: unknown[]; object: Manifest; conditions?: unknown[] }[];
};
const recordings: readonly Recording[] = JSON.parse(readFileSync(new URL("recorded.generated.json", import.meta.url), "utf8"));

const column = (name: string, type: string, jsonPath: string, priority = 0) => ({ name, type, format: "", description: "", priority, jsonPath });
const ageColumn = column("Age", "date", ".metadata.creationTimestamp");
const thingColumns = [
  column("Ready", "string", '.status.conditions[?(@.type=="Ready")].status'),
  column("Int", "integer", ".spec.i"),
  column("Num", "number", ".spec.n"),
  column("Bool", "boolean", ".spec.b"),
  column("When", "date", ".spec.when"),
  column("All", "string", ".spec.list[*].x", 1),
  column("Obj", "string", ".spec.o"),
  column("Key", "string", ".metadata.labels.a\\.b/c"),
  column("First", "string", ".spec.list[0].x"),
  ageColumn,
];

function kindOf({ group, version, plural }: Recording): ResourceKind {
  const found = builtInKinds().find((kind) => kind.group === group && kind.version === version && kind.plural === plural);
  if (found !== undefined) return found;
  return {
    group,
    version,
    plural,
    kind: "Thing",
    listKind: "ThingList",
    singular: "thing",
    shortNames: [],
    categories: [],
    namespaced: true,
    verbs: [],
    hasStatus: false,
    schema: {},
    columns: version === "v1" ? thingColumns : [ageColumn],
    custom: true,
  };
}

const rows = recordings.flatMap((recording) => recording.rows.map((row) => ({ what: `${recording.plural} ${row.object.metadata.name}`, recording, row })));

describe("tables", () => {
  it.each(rows)("$what: the cells of the real server", ({ recording, row }) => {
    const table = renderTable(kindOf(recording), [row.object], { now: epochMs(recording.now), includeObject: "None", metadata: {} });
    expect(table.rows).toEqual([{ cells: row.cells, ...(row.conditions && { conditions: row.conditions }), object: null }]);
  });

  it("every built-in kind's row has a cell for each column", () => {
    const object = { apiVersion: "v1", kind: "X", metadata: { name: "a", creationTimestamp: "2030-01-01T00:00:00Z" } };
    for (const kind of builtInKinds().filter(({ verbs }) => verbs.includes("list"))) {
      const table = renderTable(kind, [object], { now: epochMs(0), includeObject: "None", metadata: {} });
      const [row] = JSON.parse(JSON.stringify(table.rows));
      expect([kind.plural, row.cells.length]).toEqual([kind.plural, JSON.parse(JSON.stringify(table.columnDefinitions)).length]);
    }
  });

  const object = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data: { x: "y" } };
  it.each([
    ["Metadata", { kind: "PartialObjectMetadata", apiVersion: "meta.k8s.io/v1", metadata: { name: "a" } }],
    ["Object", object],
    ["None", null],
  ] as const)("includeObject %s", (includeObject, want) => {
    const [recording] = recordings.filter(({ plural }) => plural === "configmaps");
    if (recording === undefined) throw new Error("no recording of configmaps");
    expect(renderTable(kindOf(recording), [object], { now: epochMs(0), includeObject, metadata: {} }).rows).toMatchObject([{ object: want }]);
  });

  it("an unknown includeObject is refused with the server's words", () => {
    expect(parseIncludeObject("Bad")).toMatchObject({
      problem: {
        code: 400,
        message: "Unable to convert to Table as requested: includeObject: Invalid value: \"Bad\": must be 'Metadata', 'Object', 'None', or empty",
      },
    });
    expect(parseIncludeObject("")).toMatchObject({ value: "Metadata" });
  });
});
