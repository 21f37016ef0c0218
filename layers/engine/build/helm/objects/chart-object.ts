import type { Json } from "../../../domain/json.ts";
import type { Chart } from "../chart/chart.ts";
import { mapOf, STRING } from "../go/type.ts";
import { type GoMap, type GoValue, goMap, goSlice, nilMap } from "../go/value.ts";
import { goOf } from "./values.ts";

/** The names that Chart.yaml's fields have in Go, with what Go has in them when nothing is written. */
const TEXTS: readonly (readonly [name: string, field: string])[] = [
  ["Name", "name"],
  ["Home", "home"],
  ["Version", "version"],
  ["Description", "description"],
  ["Icon", "icon"],
  ["APIVersion", "apiVersion"],
  ["Condition", "condition"],
  ["Tags", "tags"],
  ["AppVersion", "appVersion"],
  ["KubeVersion", "kubeVersion"],
  ["Type", "type"],
];

/** `.Chart`: a map with the names of Go's fields. `metadata` once dependencies are worked out. Source: Helm 4, pkg/chart/common.go, MetadataAsMap. */
export function chartObject({ metadata }: Pick<Chart, "metadata">, isRoot: boolean): GoMap {
  return goMap([
    ...TEXTS.map(([name, field]): [string, GoValue] => [name, textOf(metadata[field])]),
    ["Sources", goSlice(listOf(metadata["sources"]).map(textOf))],
    ["Keywords", goSlice(listOf(metadata["keywords"]).map(textOf))],
    ["Maintainers", goSlice(listOf(metadata["maintainers"]).map(maintainer))],
    ["Deprecated", metadata.deprecated === true],
    ["Annotations", annotations(metadata["annotations"])],
    ["Dependencies", goSlice(listOf(metadata.dependencies).map(dependency))],
    ["IsRoot", isRoot],
  ]);
}

const TEXT_MAP = mapOf(STRING);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const fieldsOf = (value: unknown): { readonly [field: string]: unknown } => (typeof value === "object" && value !== null ? { ...value } : {});
const textMap = (value: unknown): GoMap =>
  goMap(
    Object.entries(fieldsOf(value)).map(([key, text]): [string, GoValue] => [key, textOf(text)]),
    TEXT_MAP,
  );

const annotations = (value: unknown): GoMap => (value === undefined ? nilMap(TEXT_MAP) : textMap(value));

function maintainer(value: unknown): GoMap {
  const { name, email, url } = fieldsOf(value);
  return goMap([
    ["Name", textOf(name)],
    ["Email", textOf(email)],
    ["URL", textOf(url)],
  ]);
}

function dependency(value: unknown): GoMap {
  const { name, version, repository, condition, tags, enabled, alias, "import-values": imports } = fieldsOf(value);
  return goMap([
    ["Name", textOf(name)],
    ["Version", textOf(version)],
    ["Repository", textOf(repository)],
    ["Condition", textOf(condition)],
    ["Tags", goSlice(listOf(tags).map(textOf))],
    ["Enabled", enabled === true],
    ["ImportValues", goSlice(listOf(imports).map(imported))],
    ["Alias", textOf(alias)],
  ]);
}

/** What dependencies have made of it is a map[string]string; without dependencies it is what was written. */
function imported(value: unknown): GoValue {
  const fields = fieldsOf(value);
  return typeof fields["child"] === "string" && typeof fields["parent"] === "string" ? textMap(value) : goOf(jsonValue(value));
}

/** Chart.yaml was JSON, but its type does not say so of what is deep inside. */
const jsonValue = (value: unknown): Json => value as Json;
