import { epochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import { mergeItems } from "@sluice/engine/reconcile/merge-items.ts";
import { describe, expect, it } from "vitest";

const object = (name: string, cause = "interval", look = "l", attempt?: number, key: Partial<ObjectItem["key"]> = {}): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "ns", name, ...key },
  cause,
  look,
  ...(attempt !== undefined && { attempt }),
});
const push = (repository: string, ref: string, delivery: string, cluster?: string): WorkItem => ({
  kind: "push",
  repository,
  ref,
  delivery,
  ...(cluster !== undefined && { cluster }),
});
const window = (cluster: string, since: number, until: number): WorkItem => ({ kind: "cluster", cluster, since: epochMs(since), until: epochMs(until) });

/** `apps interval/l ← 0,2`. */
function line(item: WorkItem, answers: readonly number[]): string {
  const said = (): string => {
    switch (item.kind) {
      case "object":
        return `${item.key.cluster}/${item.key.name} ${item.cause}/${item.look}${item.attempt === undefined ? "" : ` x${item.attempt}`}`;
      case "push":
        return `${item.cluster ?? "*"} ${item.repository} ${item.ref} ${item.delivery}`;
      case "cluster":
        return `${item.cluster} (${item.since}, ${item.until}]`;
    }
  };
  return `${said()} <- ${answers.join(",")}`;
}

describe("a batch as the fewest runs", () => {
  it.each<{ name: string; items: readonly WorkItem[]; want: readonly string[] }>([
    { name: "nothing", items: [], want: [] },
    { name: "one", items: [object("a")], want: ["prod/a interval/l <- 0"] },
    { name: "different objects", items: [object("a"), object("b")], want: ["prod/a interval/l <- 0", "prod/b interval/l <- 1"] },
    {
      name: "one object thrice, in the order of the first",
      items: [object("a", "push", "1"), object("b"), object("a", "source", "2"), object("a", "interval", "3")],
      want: ["prod/a interval/3 <- 0,2,3", "prod/b interval/l <- 1"],
    },
    {
      name: "the same name in another cluster, namespace, kind, group",
      items: [
        object("a"),
        object("a", "interval", "l", undefined, { cluster: "dev" }),
        object("a", "interval", "l", undefined, { namespace: "other" }),
        object("a", "interval", "l", undefined, { kind: "HelmRelease" }),
        object("a", "interval", "l", undefined, { group: "example.com" }),
      ],
      want: ["prod/a interval/l <- 0", "dev/a interval/l <- 1", "prod/a interval/l <- 2", "prod/a interval/l <- 3", "prod/a interval/l <- 4"],
    },
    {
      name: "a hint does not stand for a look that is owed",
      items: [object("a", "interval", "1"), object("a", "request", "2")],
      want: ["prod/a interval/1 <- 0,1"],
    },
    { name: "nor does an earlier one", items: [object("a", "new", "1"), object("a", "retry", "2")], want: ["prod/a retry/2 <- 0,1"] },
    { name: "of hints the later", items: [object("a", "new", "1"), object("a", "request", "2")], want: ["prod/a request/2 <- 0,1"] },
    { name: "a lost artifact is not forgotten", items: [object("a", "lost artifact", "1"), object("a", "push", "2")], want: ["prod/a lost artifact/1 <- 0,1"] },
    { name: "attempts are counted anew by what is news", items: [object("a", "failed", "1", 4), object("a", "push", "2")], want: ["prod/a push/2 <- 0,1"] },
    { name: "whichever comes first", items: [object("a", "push", "1"), object("a", "failed", "2", 4)], want: ["prod/a failed/2 <- 0,1"] },
    { name: "of counts the least", items: [object("a", "failed", "1", 4), object("a", "failed", "2", 2)], want: ["prod/a failed/2 x2 <- 0,1"] },
    { name: "what a sweep sent is weaker", items: [object("a", "failed", "1", 4), object("a", "retry", "sweep 5 retry")], want: ["prod/a failed/1 x4 <- 0,1"] },
    { name: "and stronger than a hint", items: [object("a", "retry", "sweep 5 retry"), object("a", "new", "1")], want: ["prod/a retry/sweep 5 retry <- 0,1"] },
    {
      name: "of two sweeps the later",
      items: [object("a", "retry", "sweep 5 retry"), object("a", "interval", "sweep 6 interval")],
      want: ["prod/a interval/sweep 6 interval <- 0,1"],
    },
    {
      name: "pushes to one ref, by the last delivery",
      items: [push("r", "main", "d1"), push("r", "main", "d2"), push("r", "dev", "d3"), push("s", "main", "d4"), push("r", "main", "d5", "prod")],
      want: ["* r main d2 <- 0,1", "* r dev d3 <- 2", "* s main d4 <- 3", "prod r main d5 <- 4"],
    },
    {
      name: "windows of one cluster",
      items: [window("prod", 60, 120), window("dev", 60, 120), window("prod", 120, 180), window("prod", 0, 60)],
      want: ["prod (0, 180] <- 0,2,3", "dev (60, 120] <- 1"],
    },
    { name: "the same window twice", items: [window("prod", 0, 60), window("prod", 0, 60)], want: ["prod (0, 60] <- 0,1"] },
    { name: "windows with a gap between them", items: [window("prod", 0, 60), window("prod", 120, 180)], want: ["prod (0, 180] <- 0,1"] },
    { name: "a cluster and an object of it", items: [window("prod", 0, 60), object("a")], want: ["prod (0, 60] <- 0", "prod/a interval/l <- 1"] },
  ])("$name", ({ items, want }) => {
    expect(mergeItems(items).map(({ item, answers }) => line(item, answers))).toEqual(want);
  });

  it("answers for each item exactly once, and leaves the batch as it was", () => {
    const items = [object("a"), push("r", "main", "d"), object("a"), window("c", 0, 1), window("c", 1, 2), object("b"), push("r", "main", "e")];
    const before = JSON.stringify(items);
    const answered = mergeItems(items).flatMap(({ answers }) => answers);
    expect(answered.toSorted((a, b) => a - b)).toEqual(items.map((_, index) => index));
    expect(JSON.stringify(items)).toBe(before);
  });
});
