import type { Json } from "../../domain/json.ts";
import { ok, problem, type Result } from "../../domain/result.ts";
import { isCompatible } from "../../source/loose-version.ts";
import { limited, MAX_STEPS } from "../work.ts";
import type { Chart } from "./chart/chart.ts";
import { crdFiles } from "./chart/crd-files.ts";
import { coalesceValues } from "./coalesce/coalesce.ts";
import { jsonOfTable, type Table, tableOf } from "./coalesce/table.ts";
import { processDependencies } from "./dependencies/process-dependencies.ts";
import { coalescable, type FinishedChart, finishedChart } from "./dependencies/work-chart.ts";
import { chartTemplates } from "./engine/chart-templates.ts";
import { helmFunctions } from "./engine/engine-functions.ts";
import { runTemplates } from "./engine/run-templates.ts";
import { createFunctions } from "./functions/functions.ts";
import { validText } from "./go/bytes.ts";
import { type GoMap, goInt, goMap } from "./go/value.ts";
import { manifestOf, type RenderedFiles, sortManifests } from "./manifest/sort-manifests.ts";
import { capabilitiesObject } from "./objects/capabilities.ts";
import { goTable } from "./objects/values.ts";
import { postRendered } from "./post-render/post-rendered.ts";
import type { HelmLookup, HelmRenderAnswer, HelmRenderInput } from "./render.ts";
import { validateChart } from "./schema/validate-chart.ts";
import type { ParsedTexts } from "./template/templates.ts";

/**
 * What Helm makes of a chart: the manifest, the hooks, the notes and the CRDs, in Helm's own order and to the byte. Hostile charts end in `failed` before they
 * take all memory or time. `parsed`: what renders before this one have parsed. Source: Helm 4.2, action.Install, renderResources; reference 3.9; recordings of area helm.
 */
export function renderChart(input: HelmRenderInput, parsed?: ParsedTexts): HelmRenderAnswer {
  const wanted = new Map<string, HelmLookup>();
  const rendered = limited(
    MAX_STEPS,
    () => withinStack(() => render(input, wanted, parsed)),
    () => problem(`this chart takes more than ${MAX_STEPS} steps: it makes too much out of too little`),
  );
  const lookups = [...wanted.values()];
  return rendered.ok ? { kind: "rendered", ...rendered.value, wanted: lookups } : { kind: "failed", message: rendered.problem, wanted: lookups };
}

/** Imports can put values into themselves: Helm crashes of it. What is too deep for the stack, or too long for a text, is the chart's fault as well. */
function withinStack(work: () => Result<Rendered>): Result<Rendered> {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError) return problem("this chart has values that nest too deep or contain themselves, or makes a text that is too long");
    throw error;
  }
}

type Rendered = Omit<Extract<HelmRenderAnswer, { kind: "rendered" }>, "kind" | "wanted">;

function render(input: HelmRenderInput, wanted: Map<string, HelmLookup>, parsed: ParsedTexts | undefined): Result<Rendered> {
  const given = tableOf(input.values, new Set(input.integers));
  const work = processDependencies(input.chart, given);
  if (!work.ok) return problem(input.release.isUpgrade ? work.problem : `chart dependencies processing failed: ${work.problem}`);
  const finished = finishedChart(work.value);
  const { chart } = finished;
  const values = coalesceValues(coalescable(work.value), given);
  if (!values.ok) return values;
  const refused = (input.skipSchemaValidation ? undefined : validateChart(chart, jsonOfTable(values.value))) ?? kubeVersionProblem(chart, input);
  if (refused !== undefined) return problem(refused);
  const files = runTemplates(templatesOf(finished, values.value, input), functionsOf(input, wanted), parsed);
  if (!files.ok) return files;
  const { notes, others } = notesApart(files.value, chart);
  const changed = input.postRender === undefined ? ok(others) : postRendered(others, input.postRender);
  if (!changed.ok) return changed;
  const sorted = sortManifests(changed.value);
  if (!sorted.ok) return sorted;
  const { hooks, objects } = sorted.value;
  return ok({
    manifest: validText(manifestOf(objects)),
    hooks: hooks.map((hook) => ({ ...hook, manifest: validText(hook.manifest) })),
    notes: validText(notes),
    crds: crdFiles(chart, finished.paths),
    chart,
  });
}

function kubeVersionProblem({ metadata }: Chart, { capabilities }: HelmRenderInput): string | undefined {
  const { kubeVersion = "" } = metadata;
  const { version } = capabilities.kubeVersion;
  if (kubeVersion === "" || isCompatible(kubeVersion, version)) return undefined;
  return `chart requires kubeVersion: ${kubeVersion} which is incompatible with Kubernetes ${version}`;
}

function templatesOf(chart: FinishedChart, values: Table, { release, capabilities }: HelmRenderInput): ReturnType<typeof chartTemplates> {
  const { name, namespace, revision, isUpgrade } = release;
  const releaseObject: GoMap = goMap([
    ["Name", name],
    ["Namespace", namespace],
    ["IsUpgrade", isUpgrade],
    ["IsInstall", !isUpgrade],
    ["Revision", goInt(revision)],
    ["Service", "Helm"],
  ]);
  return chartTemplates(chart, goTable(values), { release: releaseObject, capabilities: capabilitiesObject(capabilities) });
}

function functionsOf({ lookups, seed, now }: HelmRenderInput, wanted: Map<string, HelmLookup>): ReturnType<typeof createFunctions> {
  const look = (lookup: HelmLookup): Json | undefined => {
    const known = lookups.get(lookup.key);
    if (known === undefined) wanted.set(lookup.key, lookup);
    return known;
  };
  return new Map([...createFunctions({ seed, now }), ...helmFunctions(look)]);
}

const NOTES = "NOTES.txt";

/** The notes of the chart itself. Those of other charts, and whatever else has a name that ends so, are dropped. */
function notesApart(files: RenderedFiles, { metadata }: Chart): { readonly notes: string; readonly others: RenderedFiles } {
  const notes = files.get(`${metadata.name}/templates/${NOTES}`) ?? "";
  return { notes, others: new Map([...files].filter(([name]) => !name.endsWith(NOTES))) };
}
