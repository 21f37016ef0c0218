import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { driftOf, driftPathText, hasDrifted } from "@sluice/engine/plan/compare.ts";
import { describe, expect, it } from "vitest";

const object = (fields: object, kind = "ConfigMap", apiVersion = "v1"): Manifest => ({ apiVersion, kind, metadata: { name: "a" }, ...fields }) as Manifest;
const lines = (live: Manifest, dryRun: Manifest): readonly string[] =>
  driftOf(live, dryRun).map((drift) => `${drift.kind} ${driftPathText(drift)} ${JSON.stringify(drift.live)} → ${JSON.stringify(drift.desired)}`);

const metric = (name: string) => ({ type: "Resource", resource: { name } });
const scaler = (metrics: readonly object[], apiVersion = "autoscaling/v2"): Manifest => object({ spec: { metrics } }, "HorizontalPodAutoscaler", apiVersion);

describe("driftOf", () => {
  it.each<{ name: string; live: Manifest; dryRun: Manifest; want: readonly string[] }>([
    { name: "nothing", live: object({ data: { a: "b" } }), dryRun: object({ data: { a: "b" } }), want: [] },
    {
      name: "what does not count",
      live: object({ metadata: { name: "a", resourceVersion: "1", generation: 1, finalizers: ["x"], managedFields: [] }, status: { a: 1 } }),
      dryRun: object({ metadata: { name: "a", resourceVersion: "2", generation: 2 }, status: { b: 1 } }),
      want: [],
    },
    { name: "no labels and empty ones", live: object({}), dryRun: object({ metadata: { name: "a", labels: {}, annotations: {} } }), want: [] },
    {
      name: "labels and annotations",
      live: object({ metadata: { labels: { "app.kubernetes.io/name": "x", gone: "y" } } }),
      dryRun: object({ metadata: { labels: { "app.kubernetes.io/name": "z" }, annotations: { note: "n" } } }),
      want: [
        'add .metadata.annotations.note undefined → "n"',
        'change .metadata.labels["app.kubernetes.io/name"] "x" → "z"',
        'remove .metadata.labels.gone "y" → undefined',
      ],
    },
    {
      name: "fields, deep and in lists",
      live: object({ spec: { replicas: 3, containers: [{ name: "a", image: "x:1" }, { name: "b" }] } }),
      dryRun: object({ spec: { replicas: 1, containers: [{ name: "a", image: "x:2" }] } }),
      want: ['change .spec.containers[0].image "x:1" → "x:2"', 'remove .spec.containers[1] {"name":"b"} → undefined', "change .spec.replicas 3 → 1"],
    },
    { name: "an empty map is not an absent one", live: object({ spec: { a: {} } }), dryRun: object({ spec: {} }), want: ["remove .spec.a {} → undefined"] },
    { name: "a number is not its text", live: object({ spec: { a: 1 } }), dryRun: object({ spec: { a: "1" } }), want: ['change .spec.a 1 → "1"'] },
    {
      name: "doubled and empty metrics",
      live: scaler([metric("cpu"), metric("memory")]),
      dryRun: scaler([metric("cpu"), metric("cpu"), metric("memory"), { type: "" }]),
      want: [],
    },
    {
      name: "doubled metrics of another version",
      live: scaler([metric("cpu")], "autoscaling/v9"),
      dryRun: scaler([metric("cpu"), metric("cpu")], "autoscaling/v9"),
      want: ['add .spec.metrics[1] undefined → {"type":"Resource","resource":{"name":"cpu"}}'],
    },
    {
      name: "a Secret, without its values",
      live: object({ data: { changed: "b25l", gone: "Z29uZQ==", same: "c2FtZQ==" } }, "Secret"),
      dryRun: object({ data: { changed: "dHdv", same: "c2FtZQ==", more: "bW9yZQ==" } }, "Secret"),
      want: ['change .data.changed "*** (before)" → "*** (after)"', 'remove .data.gone "***" → undefined', 'add .data.more undefined → "***"'],
    },
    {
      name: "the copy of a Secret that kubectl keeps",
      live: object({ metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": '{"data":{"a":"c2VjcmV0"}}' } } }, "Secret"),
      dryRun: object({}, "Secret"),
      want: ['remove .metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"] "***" → undefined'],
    },
  ])("$name", ({ live, dryRun, want }) => {
    expect(lines(live, dryRun)).toEqual(want);
    expect(hasDrifted(live, dryRun)).toBe(want.length > 0);
  });

  it("never shows a value of a Secret", () => {
    const text = JSON.stringify(
      driftOf(object({ data: "c2VjcmV0", stringData: { a: "c2VjcmV0" }, type: "a" }, "Secret"), object({ data: { a: "c2VjcmV0Mg==" }, type: "b" }, "Secret")),
    );
    expect(text).not.toContain("c2VjcmV0");
    expect(text).toContain('"type"');
  });
});
