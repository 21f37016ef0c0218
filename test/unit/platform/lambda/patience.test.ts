import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createPatience } from "@sluice/platform/lambda/patience.ts";
import { expect, it } from "vitest";

const push: WorkItem = { kind: "push", repository: "https://github.com/org/app.git", ref: "refs/heads/main", delivery: "d-1", cluster: "prod" };
const sweep: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(1), until: epochMs(2) };
const look: WorkItem = {
  kind: "object",
  key: { cluster: "prod", group: "source.toolkit.fluxcd.io", kind: "GitRepository", namespace: "apps", name: "a" },
  cause: "push",
  look: "d-1",
};

it.each<{ name: string; item: WorkItem; isAlone: boolean; want: readonly number[] }>([
  { name: "a push is ended soon when others wait", item: push, isAlone: false, want: [15_000] },
  { name: "and when none does: it would only cost", item: push, isAlone: true, want: [15_000] },
  { name: "a sweep is ended before the next minute when others wait", item: sweep, isAlone: false, want: [40_000] },
  { name: "a sweep that is alone has all its time", item: sweep, isAlone: true, want: [] },
  { name: "a look at an object has all its time", item: look, isAlone: false, want: [] },
])("$name", ({ item, isAlone, want }) => {
  const asked: number[] = [];
  const { signal } = new AbortController();
  const patience = createPatience((after) => {
    asked.push(after);
    return signal;
  });
  expect(patience(item, { isAlone })).toBe(want.length === 0 ? undefined : signal);
  expect(asked).toEqual(want);
});
