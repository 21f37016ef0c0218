import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { createCarryOn } from "@sluice/platform/lambda/carry-on.ts";
import { routeOf } from "@sluice/platform/sqs/route.ts";
import { expect, it } from "vitest";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const NOW = epochMs(10 * DAY);
const URLS = { source: "source", apply: "apply", later: "later", sweep: "sweep" };

const push = (pushedAt?: number): WorkItem => ({
  kind: "push",
  repository: "https://github.com/org/app.git",
  ref: "refs/heads/main",
  delivery: "d-1",
  cluster: "prod",
  ...(pushedAt !== undefined && { pushedAt: epochMs(pushedAt) }),
});
const sweep: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(NOW - 2 * DAY), until: epochMs(NOW - MINUTE) };
const look: WorkItem = {
  kind: "object",
  key: { cluster: "prod", group: "source.toolkit.fluxcd.io", kind: "GitRepository", namespace: "apps", name: "a" },
  cause: "push",
  look: "d-1",
};

it.each<{ name: string; item: WorkItem; now?: number; isLast?: boolean; want: readonly string[] }>([
  { name: "windows, however old, at once when they came as often as they may", item: sweep, want: ["sweep now"] },
  { name: "and before that not", item: sweep, isLast: false, want: [] },
  { name: "a push that is new comes again by itself", item: push(NOW - MINUTE + 1), isLast: false, want: [] },
  { name: "but when it was the last time, a minute later", item: push(NOW - MINUTE + 1), want: ["later 60 s"] },
  { name: "a push of a minute a minute later, which time it was", item: push(NOW - MINUTE), isLast: false, want: ["later 60 s"] },
  { name: "later each time", item: push(NOW - 4 * MINUTE), isLast: false, want: ["later 240 s"] },
  { name: "but within a quarter of an hour", item: push(NOW - DAY + 1), isLast: false, want: ["later 900 s"] },
  { name: "at full minutes, so that those that wait come together", item: push(NOW - MINUTE), now: NOW + 20_000, isLast: false, want: ["later 100 s"] },
  { name: "but none that is a day old", item: push(NOW - DAY), want: [] },
  { name: "nor one that does not say how old it is", item: push(), want: [] },
  { name: "no look at an object", item: look, want: [] },
])("$name", async ({ item, now = NOW, isLast = true, want }) => {
  const sent: string[] = [];
  const queue = {
    send: async (next: WorkItem, { notBefore }: { readonly notBefore?: typeof NOW } = {}) => {
      expect(next).toEqual(item);
      const { url, how } = routeOf(URLS, next, notBefore, epochMs(now));
      // Within five minutes of the message that it follows, the queue would swallow one with the same id.
      if (how.kind === "fifo") expect(how.dedupe).not.toBe((routeOf(URLS, item, undefined, epochMs(now)).how as typeof how).dedupe);
      sent.push(`${url} ${how.kind === "fifo" ? "now" : `${how.delaySeconds} s`}`);
    },
  };
  expect(await createCarryOn(queue, { now: () => epochMs(now) })(item, { isLast })).toBe(want.length > 0);
  expect(sent).toEqual(want);
});
