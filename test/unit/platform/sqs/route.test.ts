import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import { dedupeOf, groupOf, parseMessage } from "@sluice/platform/sqs/message.ts";
import { routeOf } from "@sluice/platform/sqs/route.ts";
import { describe, expect, it } from "vitest";

const URLS = { source: "source", apply: "apply", later: "later", sweep: "sweep" };
const NOW = 1_893_456_000_000;
const object = (group: string, kind: string): WorkItem => ({
  kind: "object",
  key: { cluster: "prod", group, kind, namespace: "n", name: "a" },
  cause: "c",
  look: "l",
});
const kustomization = object("kustomize.toolkit.fluxcd.io", "Kustomization");
const push: WorkItem = { kind: "push", repository: "r", ref: "f", delivery: "d" };
const cluster: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(0), until: epochMs(1) };

describe("routeOf", () => {
  it.each<{ item: WorkItem; after?: number; want: string }>([
    { item: kustomization, want: "apply" },
    { item: object("helm.toolkit.fluxcd.io", "HelmRelease"), want: "apply" },
    { item: object("notification.toolkit.fluxcd.io", "Receiver"), want: "apply" },
    { item: object("source.toolkit.fluxcd.io", "GitRepository"), want: "source" },
    { item: push, want: "source" },
    { item: cluster, want: "sweep" },
    { item: kustomization, after: 0, want: "apply" },
    { item: kustomization, after: -5000, want: "apply" },
    { item: kustomization, after: 1, want: "later 1" },
    { item: kustomization, after: 1000, want: "later 1" },
    { item: kustomization, after: 1000.25, want: "later 2" },
    { item: kustomization, after: 900_000, want: "later 900" },
    { item: kustomization, after: 900_001, want: "later 900" },
    { item: push, after: 24 * 3_600_000, want: "later 900" },
  ])("$item.kind, due after $after ms: $want", ({ item, after, want }) => {
    const notBefore = after === undefined ? undefined : epochMs(NOW + after);
    const { url, how, body } = routeOf(URLS, item, notBefore, epochMs(NOW));
    expect(how.kind === "fifo" ? url : `${url} ${how.delaySeconds}`).toBe(want);
    if (how.kind === "fifo") expect(how).toEqual({ kind: "fifo", group: groupOf(item), dedupe: dedupeOf(item, notBefore) });
    expect(parseMessage(body)).toEqual({ ok: true, value: { item, ...(notBefore !== undefined && { notBefore }) } });
  });

  it("throws where a host that sends no sweeps would", () =>
    expect(() => routeOf({ source: "s", apply: "a", later: "l" }, cluster, undefined, epochMs(NOW))).toThrow("this host sends no sweeps"));
});
