import { readFile, writeFile } from "node:fs/promises";
import type { ModelInput } from "./model.ts";

const FILE = new URL("recorded.json", import.meta.url);

/** What docs/performance.md was made of: `npm run bench -- --row aws --write`. */
export async function readRecorded(): Promise<ModelInput> {
  const value: unknown = JSON.parse(await readFile(FILE, "utf8"));
  if (typeof value !== "object" || value === null || !("measured" in value && "rounds" in value))
    throw new Error("expected what the functions took and waited");
  return value as ModelInput; // written below
}

export async function writeRecorded(input: ModelInput): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(input, undefined, 2)}\n`);
}
