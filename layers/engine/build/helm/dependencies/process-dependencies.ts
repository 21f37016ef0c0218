import { ok, problem, type Result } from "../../../domain/result.ts";
import { isCompatible } from "../../../source/loose-version.ts";
import type { Chart } from "../chart/chart.ts";
import { coalesceValues } from "../coalesce/coalesce.ts";
import { type Table, tableAt, valueAt } from "../coalesce/table.ts";
import { importValues } from "./import-values.ts";
import { coalescable, type Requirement, type WorkChart, workChart } from "./work-chart.ts";

/**
 * The chart with those of its dependencies that are wanted, under their aliases, and with what it imports from their values. Chart.yaml says which: conditions
 * count more than tags, and a chart in charts/ that Chart.yaml does not name is always there. Source: Helm 4, chartutil.ProcessDependencies.
 */
export function processDependencies(chart: Chart, values: Table): Result<WorkChart> {
  const work = workChart(chart);
  const wrong = keepEnabled(work, values, "") ?? importValues(work);
  return wrong === undefined ? ok(work) : problem(wrong);
}

/** `path`: the way to the chart's values from those of the root, `a.b.` */
function keepEnabled(chart: WorkChart, values: Table, path: string): string | undefined {
  const { details } = chart;
  const { requirements } = details;
  if (requirements === undefined) return undefined;
  setDependencies(chart, named(chart.dependencies, requirements));
  for (const requirement of requirements) requirement.enabled = true;
  const coalesced = coalesceValues(coalescable(chart), values);
  if (!coalesced.ok) return coalesced.problem;
  applyTags(requirements, coalesced.value);
  for (const requirement of requirements) applyCondition(requirement, coalesced.value, path);
  const dropped = new Set(requirements.filter(({ enabled }) => !enabled).map(({ name }) => name));
  const left = chart.dependencies.filter((dependency) => !dropped.has(dependency.details.name));
  for (const dependency of left) {
    const wrong = keepEnabled(dependency, coalesced.value, `${path}${dependency.details.name}.`);
    if (wrong !== undefined) return wrong;
  }
  const kept = requirements.filter(({ name }) => !dropped.has(name));
  details.requirements = kept.length === 0 ? undefined : kept;
  setDependencies(chart, left);
  return undefined;
}

function setDependencies(chart: WorkChart, dependencies: readonly WorkChart[]): void {
  for (const dependency of dependencies) dependency.parent = chart;
  chart.dependencies = dependencies;
}

/** The charts that no requirement names, then one for each requirement, in the order of Chart.yaml; from here on a requirement goes by its alias. */
function named(charts: readonly WorkChart[], requirements: readonly Requirement[]): readonly WorkChart[] {
  const fits = (chart: WorkChart, { name, version }: Requirement): boolean => chart.details.name === name && isCompatible(version, chart.details.version);
  const result = charts.filter((chart) => !requirements.some((requirement) => fits(chart, requirement)));
  for (const requirement of requirements) {
    const found = charts.find((chart) => fits(chart, requirement));
    if (found !== undefined) result.push(copyAs(found, requirement.alias));
    if (requirement.alias !== "") requirement.name = requirement.alias;
  }
  return result;
}

/** One chart may come twice under two aliases. Its own dependencies are copied too, but not what their Chart.yaml says. */
function copyAs(chart: WorkChart, alias: string): WorkChart {
  const requirements = chart.details.requirements?.map((requirement) => ({ ...requirement }));
  const copy: WorkChart = { ...chart, details: { ...chart.details, requirements, ...(alias !== "" && { name: alias }) } };
  setDependencies(
    copy,
    chart.dependencies.map((dependency) => ({ ...dependency })),
  );
  return copy;
}

/** One true tag is enough; without any tag in the values everything stays. */
function applyTags(requirements: readonly Requirement[], values: Table): void {
  const tags = tableAt(values, ["tags"]);
  if (tags === undefined) return;
  for (const requirement of requirements) {
    const said = requirement.tags.map((tag) => tags.get(tag));
    requirement.enabled = said.includes(true) || !said.includes(false);
  }
}

/** The first of its paths that leads to a boolean decides. */
function applyCondition(requirement: Requirement, values: Table, path: string): void {
  for (const condition of requirement.condition.trim().split(",")) {
    if (condition === "") continue;
    const value = valueAt(values, `${path}${condition}`);
    if (typeof value !== "boolean") continue;
    requirement.enabled = value;
    return;
  }
}
