import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { ChartCase } from "../chart-case.ts";

const MOST_TRIES = 600;

/** A smaller chart that still differs: without files, without lines of templates, without values. */
export async function shrinkChart(chart: ChartCase, differs: (chart: ChartCase) => Promise<boolean>): Promise<ChartCase> {
  let best = chart;
  let tries = 0;
  const better = async (candidate: ChartCase): Promise<boolean> => {
    if (tries >= MOST_TRIES) return false;
    tries++;
    if (!(await differs(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let before: ChartCase | undefined; before !== best && tries < MOST_TRIES; ) {
    before = best;
    for (const folder of foldersOf(best)) await better(withoutFiles(best, (path) => path.startsWith(folder)));
    for (const path of Object.keys(best.files)) await better(withoutFiles(best, (other) => other === path));
    for (const path of Object.keys(best.files)) await shrinkFile(path, () => best, better);
    for (const candidate of smaller(best.values ?? {})) await better({ ...best, values: candidate });
  }
  return best;
}

const foldersOf = ({ files }: ChartCase): readonly string[] => [
  ...new Set(Object.keys(files).flatMap((path) => [...path.matchAll(/charts\/[^/]+\//g)].map((match) => path.slice(0, (match.index ?? 0) + match[0].length)))),
];

const withoutFiles = (chart: ChartCase, isGone: (path: string) => boolean): ChartCase => ({
  ...chart,
  files: Object.fromEntries(Object.entries(chart.files).filter(([path]) => !isGone(path))),
});

/** Lines of templates, fields of what is written as JSON. */
async function shrinkFile(path: string, best: () => ChartCase, better: (candidate: ChartCase) => Promise<boolean>): Promise<void> {
  const withText = (text: string): ChartCase => ({ ...best(), files: { ...best().files, [path]: text } });
  const json = parsed(best().files[path] ?? "");
  if (json !== undefined) {
    for (const candidate of smaller(json)) await better(withText(`${JSON.stringify(candidate)}\n`));
    return;
  }
  const count = (best().files[path] ?? "").split("\n").length;
  for (let line = count - 1; line >= 0; line--) {
    const lines = (best().files[path] ?? "").split("\n");
    await better(withText(lines.filter((_, index) => index !== line).join("\n")));
  }
}

function parsed(text: string): JsonObject | undefined {
  if (!text.startsWith('{"')) return undefined;
  const value: Json = JSON.parse(text);
  return isObject(value) ? value : undefined;
}

/** The same without one field, at any depth. */
function smaller(value: JsonObject): readonly JsonObject[] {
  return Object.entries(value).flatMap(([key, inner]): JsonObject[] => {
    const { [key]: _, ...rest } = value;
    const inside: readonly Json[] = isObject(inner)
      ? smaller(inner)
      : Array.isArray(inner)
        ? inner.map((_, index) => inner.filter((__, other) => other !== index))
        : [];
    return [rest, ...inside.map((smallerInner) => ({ ...value, [key]: smallerInner }))];
  });
}
