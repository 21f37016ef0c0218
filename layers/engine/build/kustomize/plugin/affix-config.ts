import { ok, type Result } from "../../../domain/result.ts";
import { isList, isMap, isScalar, type Node, VALUE } from "../../node/node.ts";
import { lineOf } from "../../yaml/line-of.ts";
import { writeYaml } from "../../yaml/write.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import { textOf } from "../resource/resource.ts";

/** What is wrong, and where in the configuration. */
type Fault = { readonly path: Path; readonly node: Node; readonly type: string };
type Path = readonly (string | number)[];
type Reading = { readonly faults: Fault[] };

/** Words that count as booleans where one is wanted. Source: go-yaml v3 decode.go. */
const BOOLS: ReadonlyMap<string, boolean> = new Map([
  ...["y", "Y", "yes", "on"].map((word): [string, boolean] => [word, true]),
  ...["n", "N", "no", "off"].map((word): [string, boolean] => [word, false]),
]);

/**
 * The configuration of a prefix or a suffix: unlike all others these are decoded by go-yaml itself. Any scalar is a text, names of fields are those and no others,
 * what does not fit into a list is left out of it, and all mistakes are told. Source: kustomize api/internal/builtins, go-yaml v3 decode.go.
 */
export function affixConfig(
  field: "prefix" | "suffix",
  plugin: string,
  config: Node,
): Result<{ readonly affix: string; readonly fieldSpecs: readonly FieldSpec[] }, BuildProblem> {
  const reading: Reading = { faults: [] };
  const given = isMap(config) ? config : {};
  if (!isMap(config)) reading.faults.push({ path: [], node: config, type: plugin });
  const affix = textAt(given[field], [field], reading);
  const fieldSpecs = specsAt(given.fieldSpecs, reading);
  if (reading.faults.length > 0) return buildProblem(`yaml: unmarshal errors:\n${shownFaults(config, reading.faults)}`);
  return fieldSpecs === undefined ? buildProblem("fieldSpecs is not expected to be nil") : ok({ affix, fieldSpecs });
}

function specsAt(node: Node | undefined, reading: Reading): readonly FieldSpec[] | undefined {
  if (node === undefined || node === null) return undefined;
  if (isList(node)) return node.flatMap((item, index) => specAt(item, ["fieldSpecs", index], reading) ?? []);
  reading.faults.push({ path: ["fieldSpecs"], node, type: "types.FsSlice" });
  return [];
}

function specAt(node: Node, path: Path, reading: Reading): FieldSpec | undefined {
  if (node === null) return undefined;
  if (!isMap(node)) {
    reading.faults.push({ path, node, type: "types.FieldSpec" });
    return undefined;
  }
  const text = (name: string): string => textAt(node[name], [...path, name], reading);
  return { group: text("group"), version: text("version"), kind: text("kind"), path: text("path"), create: boolAt(node.create, [...path, "create"], reading) };
}

function textAt(node: Node | undefined, path: Path, reading: Reading): string {
  if (node !== undefined && (isMap(node) || isList(node))) reading.faults.push({ path, node, type: "string" });
  return textOf(node);
}

function boolAt(node: Node | undefined, path: Path, reading: Reading): boolean {
  if (node === undefined || node === null) return false;
  const value = isScalar(node) ? node[VALUE] : node;
  const meant = typeof value === "boolean" ? value : typeof value === "string" ? BOOLS.get(value) : undefined;
  if (meant === undefined) reading.faults.push({ path, node, type: "bool" });
  return meant ?? false;
}

/** The lines are those of the configuration as kustomize writes it anew. */
function shownFaults(config: Node, faults: readonly Fault[]): string {
  const text = writeYaml(config);
  return faults
    .map(({ path, node, type }) => ({ line: valueLine(text, path, node), words: `cannot unmarshal ${shownValue(node)} into ${type}` }))
    .toSorted((a, b) => a.line - b.line)
    .map(({ line, words }) => `  line ${line}: ${words}`)
    .join("\n");
}

/** A map or list with something in it begins below its key. */
function valueLine(text: string, path: Path, node: Node): number {
  const isBelow = typeof path.at(-1) === "string" && ((isMap(node) && Object.keys(node).length > 0) || (isList(node) && node.length > 0));
  return (lineOf(text, 0, path) ?? 1) + (isBelow ? 1 : 0);
}

const LONGEST = 10;

function shownValue(node: Node): string {
  if (isMap(node)) return "!!map";
  if (isList(node)) return "!!seq";
  const value = isScalar(node) ? node[VALUE] : node;
  const tag = typeof value === "string" ? "!!str" : typeof value === "boolean" ? "!!bool" : Number.isInteger(Number(value)) ? "!!int" : "!!float";
  const text = typeof value === "string" ? value : writeYaml(node).trimEnd();
  return `${tag} \`${text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text}\``;
}
