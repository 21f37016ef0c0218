import { afterAll, beforeAll, expect, it } from "vitest";
import { cutEverywhere, STORIES } from "../support/helm-release/crash-stories.ts";
import { type ReleaseBench, startReleaseBench } from "../support/helm-release/release-bench.ts";

let bench: ReleaseBench;
beforeAll(async () => {
  bench = await startReleaseBench();
});
afterAll(() => bench.stop());

it.each(STORIES)("$name comes to the same end, wherever it is cut off", async (story) => {
  expect(await cutEverywhere(bench, story, "all")).toEqual([]);
});
