import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import type { ChartCase } from "./chart-case.ts";

export const CHARTS = join(import.meta.dirname, "charts");

/** A case, and what `helm template` 4.1.4 says of it: what it prints, or `Error: …`; undefined where it was not recorded yet. */
export type NamedCase = { readonly name: string; readonly chart: ChartCase; readonly wanted: string | undefined };

export const wantedFile = (name: string): string => join(CHARTS, `${name}.want.txt`);

export async function readCases(): Promise<readonly NamedCase[]> {
  const files = (await readdir(CHARTS)).filter((file) => file.endsWith(".yaml")).sort();
  const cases: NamedCase[] = [];
  for (const file of files) {
    const name = file.slice(0, -".yaml".length);
    const chart: ChartCase = parse(await readFile(join(CHARTS, file), "utf8"));
    const wanted = await readFile(wantedFile(name), "utf8").catch(() => undefined);
    cases.push({ name, chart, wanted });
  }
  return cases;
}
