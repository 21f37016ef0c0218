import type { Chart } from "../../../build/helm/chart/chart.ts";
import type { JsonObject } from "../../../domain/json.ts";

const decoder = new TextDecoder("latin1");

/**
 * False only when nothing of the chart can come to what the cluster serves: then it need not be asked, which is a good part of what a small release costs.
 * `.Capabilities` is reached by its name, or by somebody who gets the whole context; that is handed on by name to other templates, where the same is asked.
 */
export function readsCapabilities(chart: Chart, values: JsonObject): boolean {
  if (chart.metadata.kubeVersion !== undefined) return true;
  const files = [...chart.templates, ...chart.files].map(({ data }) => decoder.decode(data));
  return [...files, chart.valuesText, JSON.stringify(values)].some(mayReach) || chart.dependencies.some((child) => readsCapabilities(child, {}));
}

const NAMES = /Capabilities|Subcharts/;
/** `include "x" .`, `template "x" $`, `block "x" .`: the context goes to a template of that name. */
const HANDED_ON = /\b(?:include|template|block)\s+"[^"\\]*"\s+[.$](?=[\s)}|])/g;
/** The context itself, and not a field of it. */
const WHOLE = /(?:^|[\s(|=,{])[.$](?=$|[\s)}|,-])/;

function mayReach(text: string): boolean {
  if (!text.includes("{{")) return false;
  if (NAMES.test(text)) return true;
  const actions = text.match(/\{\{[\s\S]*?\}\}/g) ?? [];
  return actions.some((action) => WHOLE.test(action.replaceAll(HANDED_ON, "")));
}
