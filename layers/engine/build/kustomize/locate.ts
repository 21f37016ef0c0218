import type { Place as ToldPlace } from "../../domain/place.ts";
import { isList, isMap, type Node } from "../node/node.ts";
import { readDocuments } from "../yaml/documents.ts";
import { nearestLine } from "../yaml/line-of.ts";
import { readFirstYaml } from "../yaml/read.ts";
import type { Path, Place } from "./build-problem.ts";
import { showPath } from "./decode/show-path.ts";
import type { Files } from "./files.ts";

/**
 * A place as people are told it: with line and field instead of document and path. Of a path that leads nowhere (a field that should be there), the line is that of
 * what it would be in. Reads the file again, and is therefore only for what has failed.
 */
export function locate({ file, line, field, document = 0, path = [] }: Place, files: Files): ToldPlace {
  const bytes = files.at(file) === "file" ? files.read(file) : undefined;
  const written = bytes === undefined ? path : writtenPath(path, bytes);
  const nearest = bytes === undefined || path.length === 0 ? undefined : nearestLine(bytes, document, written);
  const shown = path.length === 0 ? field : showPath(written);
  const known = nearest === undefined || nearest.steps === 0 ? line : nearest.line;
  const found = known ?? (bytes === undefined || path.length > 0 ? undefined : malformedLine(bytes));
  return { file, ...(found !== undefined && { line: found }), ...(shown !== undefined && shown !== "" && { field: shown.slice(0, MAX_FIELD) }) };
}

/** Keys may be as long as files. */
const MAX_FIELD = 1000;

/** Where a file that a problem is about is no YAML, that is what the problem is about. */
function malformedLine(bytes: Uint8Array): number | undefined {
  const read = readDocuments(bytes);
  return read.ok || read.problem.kind === "value" ? undefined : read.problem.line;
}

/** Whether a file says something at a place, or at the entry of a list that the place is in. A file that somebody has added to does not say all that is built of it. */
export function isSaidIn(files: Files, { file, document = 0, path = [] }: Place): boolean {
  const bytes = files.at(file) === "file" ? files.read(file) : undefined;
  if (bytes === undefined) return false;
  const entry = writtenPath(path, bytes).slice(0, typeof path[1] === "number" ? 2 : 1);
  return entry.length === 0 || nearestLine(bytes, document, entry)?.steps === entry.length;
}

/** Legacy fields of a kustomization, whose entries come behind those of the fields that replaced them. */
const REPLACED: ReadonlyMap<string | number, string> = new Map([
  ["resources", "bases"],
  ["images", "imageTags"],
  ["helmCharts", "helmChartInflationGenerator"],
]);

/** The way to what a kustomization says in fields that were moved when it was read. Source: kustomize api/types/kustomization.go, FixKustomization. */
function writtenPath(path: Path, bytes: Uint8Array): Path {
  const [field = "", index, ...rest] = path;
  const legacy = REPLACED.get(field);
  const [list, entry] = path.slice(-2);
  if (typeof index !== "number" || (legacy === undefined && list !== "envs")) return path;
  const read = readFirstYaml(bytes, "last wins");
  const document = read.ok ? read.value : null;
  if (legacy !== undefined) {
    const count = itemsAt(document, [field]).length;
    return index >= count && index - count < itemsAt(document, [legacy]).length ? [legacy, index - count, ...rest] : path;
  }
  const isThere = typeof entry === "number" && entry < itemsAt(document, path.slice(0, -1)).length;
  return isThere ? path : [...path.slice(0, -2), "env"];
}

function itemsAt(document: Node, path: Path): readonly Node[] {
  let node: Node | undefined = document;
  for (const step of path) node = isMap(node) ? node[step] : isList(node) ? node[Number(step)] : undefined;
  return isList(node) ? node : [];
}
