import { createKept, type Kept } from "../kept.ts";
import type { Chart } from "./chart/chart.ts";
import { createParsedTexts, type ParsedTexts } from "./template/parsed-texts.ts";

/** What a process keeps of the charts that it has rendered: many releases are of one chart. Bounded; nothing but time is lost with it. */
export type HelmMemory = {
  readonly texts: ParsedTexts;
  /** By the digest of their archive. */
  readonly charts: Kept<Chart>;
};

/** Bytes of the files of charts. */
const CHARTS = 16 * 1024 * 1024;

export const createHelmMemory = (): HelmMemory => ({ texts: createParsedTexts(), charts: createKept(CHARTS) });

/** The place for it, empty until there is a chart: whoever makes the engine makes the place, and loads nothing of Helm's for that. */
export type HelmPlace = { memory?: HelmMemory };

export function memoryIn(place: HelmPlace): HelmMemory {
  place.memory ??= createHelmMemory();
  return place.memory;
}

/** Bytes of all files of a chart and of those below it. Values are there twice, as text and as what it says. */
export function chartBytes({ templates, files, schema, valuesText, dependencies }: Chart): number {
  const own = [...templates, ...files].reduce((sum, { data }) => sum + data.length, (schema?.length ?? 0) + 5 * valuesText.length);
  return dependencies.reduce((sum, chart) => sum + chartBytes(chart), own);
}
