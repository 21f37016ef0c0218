import type { JsonObject } from "../../../domain/json.ts";
import { zero } from "../decode/decode.ts";
import { encodeStruct } from "../decode/encode.ts";
import type { Decoded } from "../decode/shape.ts";
import type { Kustomization } from "./kustomization.ts";
import { helmChart, helmGlobals, type kustomizationShape } from "./kustomization-shape.ts";

type Given = Decoded<typeof kustomizationShape>;

/**
 * The configuration of the first chart as the message about it shows it, undefined when there is none. A chart without a namespace gets that of its kustomization,
 * else `inherited`, that of the kustomization above. Source: kustomize api/internal/target/kusttarget_configplugin.go.
 */
export function helmConfig({ helmCharts: [chart], helmGlobals: globals, namespace }: Kustomization, inherited: string): JsonObject | undefined {
  if (chart === undefined) return undefined;
  const given = namespace || inherited;
  return { ...(given !== "" && { namespace: given }), ...globals, ...chart };
}

/** The charts of a kustomization, with those of the old field `helmChartInflationGenerator`. Source: kustomize api/types/helmchartargs.go. */
export function helmChartsOf({ helmCharts, helmChartInflationGenerator }: Given): readonly JsonObject[] {
  const old = helmChartInflationGenerator.map((args) => ({
    ...zero(helmChart),
    name: args.chartName,
    version: args.chartVersion,
    repo: args.chartRepoUrl,
    valuesFile: args.values,
    valuesInline: args.valuesLocal,
    valuesMerge: args.valuesMerge,
    releaseName: args.releaseName,
  }));
  return [...helmCharts, ...old].map((chart) => encodeStruct(helmChart, chart));
}

/** What all charts share; of the old field the last that says something. */
export function helmGlobalsOf({ helmGlobals: given, helmChartInflationGenerator }: Given): JsonObject {
  if (given !== undefined) return encodeStruct(helmGlobals, given);
  const last = (texts: readonly string[]): string => texts.findLast((text) => text !== "") ?? "";
  return encodeStruct(helmGlobals, {
    chartHome: last(helmChartInflationGenerator.map(({ chartHome }) => chartHome)),
    configHome: last(helmChartInflationGenerator.map(({ helmHome }) => helmHome)),
  });
}
