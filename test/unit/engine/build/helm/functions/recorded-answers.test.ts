import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { listedReason } from "../../../../../helm/functions/disagreements.ts";
import { ourAnswer } from "../../../../../helm/functions/ours.ts";
import { RECORDED_FILE, type Recorded, recordedText } from "../../../../../helm/functions/record.ts";

/** What the real helm answers to calls of every function: see test/helm/functions. */
const RECORDED: Recorded = JSON.parse(await readFile(RECORDED_FILE, "utf8"));

it("every function answers as helm's", () => {
  const different: string[] = [];
  let compared = 0;
  for (const [expression, theirs] of Object.entries(RECORDED)) {
    const ours = ourAnswer(expression);
    if (recordedText(ours) === theirs) compared++;
    else if (listedReason(expression, ours) === undefined) different.push(`${expression}\n  helm ${theirs}\n  ours ${recordedText(ours)}`);
  }
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(1_900);
});
