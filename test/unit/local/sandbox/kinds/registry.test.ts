import { expect, it } from "vitest";
import type { ResourceKind } from "../../../../../lib/local/sandbox/kinds/kind.ts";
import { createKindRegistry } from "../../../../../lib/local/sandbox/kinds/registry.ts";

const kind = (group: string, version: string, name: string, plural: string, custom = false): ResourceKind => ({
  group,
  version,
  kind: name,
  listKind: `${name}List`,
  plural,
  singular: name.toLowerCase(),
  shortNames: [],
  categories: [],
  namespaced: true,
  verbs: [],
  hasStatus: false,
  schema: {},
  columns: [],
  custom,
});
const BUILT_IN = [
  kind("", "v1", "Event", "events"),
  kind("autoscaling", "v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  kind("autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"),
  kind("events.k8s.io", "v1", "Event", "events"),
];
const text = (found: ResourceKind | undefined): string => (found === undefined ? "none" : `${found.group}/${found.version}`);

it("holds events of both groups in one place, and autoscalers in v2", () => {
  const registry = createKindRegistry(BUILT_IN);
  expect(registry.versions({ group: "", plural: "events" }).map(text)).toEqual(["/v1", "events.k8s.io/v1"]);
  expect(text(registry.stored({ group: "", plural: "events" }))).toBe("/v1");
  expect(text(registry.stored({ group: "autoscaling", plural: "horizontalpodautoscalers" }))).toBe("autoscaling/v2");
});

it("serves a CRD's versions until the CRD is gone, and holds objects in a version that need not be served", () => {
  const registry = createKindRegistry(BUILT_IN);
  const [first, second] = [kind("x.io", "v1", "Foo", "foos", true), kind("x.io", "v2", "Foo", "foos", true)];
  registry.setCustom("foos.x.io", [second], first);
  expect([text(registry.find("x.io", "v1", "foos")), text(registry.find("x.io", "v2", "foos")), text(registry.findKind("x.io/v2", "Foo"))]).toEqual([
    "none",
    "x.io/v2",
    "x.io/v2",
  ]);
  expect([text(registry.stored({ group: "x.io", plural: "foos" })), registry.groups().has("x.io")]).toEqual(["x.io/v1", true]);
  registry.setCustom("foos.x.io", [], undefined);
  expect([text(registry.find("x.io", "v2", "foos")), text(registry.stored({ group: "x.io", plural: "foos" })), registry.groups().has("x.io")]).toEqual([
    "none",
    "none",
    false,
  ]);
});
