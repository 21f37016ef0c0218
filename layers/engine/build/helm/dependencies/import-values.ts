import { isObject, type Json } from "../../../domain/json.ts";
import { mergeTables, mergeValues } from "../coalesce/coalesce.ts";
import { copyTable, type Table, tableAt } from "../coalesce/table.ts";
import { coalescable, type WorkChart } from "./work-chart.ts";

/**
 * Changes the values of each chart to those of its own over what it imports from the values of its dependencies (`import-values` in Chart.yaml, by `exports`
 * or by a pair of child and parent), the deepest charts first. What is not there is passed over. Source: Helm 4, chartutil.processDependencyImportValues.
 */
export function importValues(chart: WorkChart): string | undefined {
  for (const dependency of chart.dependencies) {
    const wrong = importValues(dependency);
    if (wrong !== undefined) return wrong;
  }
  const { requirements } = chart.details;
  if (requirements === undefined) return undefined;
  const merged = mergeValues(coalescable(chart), new Map());
  if (!merged.ok) return merged.problem;
  let imported: Table = new Map();
  for (const requirement of requirements) {
    const imports = requirement.imported ? [] : requirement.imports.flatMap(importOf);
    requirement.imports = imports;
    requirement.imported = true;
    for (const { child, parent } of imports) {
      const found = tableAt(merged.value, `${requirement.name}.${child}`.split("."));
      // An imported table is the dependency's own until everything is imported: a later import into it is seen there, as in Helm.
      if (found !== undefined) imported = mergeTables(imported, below(parent, found), true);
    }
  }
  chart.values = mergeTables(copyTable(merged.value), imported, true);
  return undefined;
}

type Import = { readonly child: string; readonly parent: string };

function importOf(written: Json): readonly Import[] {
  if (typeof written === "string") return [{ child: `exports.${written}`, parent: "." }];
  return isObject(written) ? [{ child: shown(written.child), parent: shown(written.parent) }] : [];
}

const shown = (value: Json | undefined): string =>
  value === undefined || value === null ? "<nil>" : typeof value === "object" ? JSON.stringify(value) : String(value);

function below(parent: string, table: Table): Table {
  if (parent === ".") return table;
  return parent.split(".").reduceRight((inner: Table, name) => new Map([[name, inner]]), table);
}
