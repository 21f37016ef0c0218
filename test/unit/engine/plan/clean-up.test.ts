import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import { cleanUpPatch } from "@sluice/engine/plan/clean-up.ts";
import { unionFields } from "@sluice/engine/plan/field-set.ts";
import { describe, expect, it } from "vitest";

const entry = (manager: string, operation: "Apply" | "Update", fieldsV1: JsonObject, more: Partial<ManagedField> = {}): ManagedField => ({
  manager,
  operation,
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1,
  ...more,
});
const data = (...keys: readonly string[]): JsonObject => ({ "f:data": Object.fromEntries(keys.map((key) => [`f:${key}`, {}])) });
const live = (managedFields: readonly ManagedField[], metadata: Manifest["metadata"] = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...metadata, managedFields },
});
const line = ({ manager, operation, subresource, fieldsV1 }: ManagedField): string =>
  `${manager} ${operation}${subresource === undefined ? "" : ` ${subresource}`} ${JSON.stringify(fieldsV1)}`;
const entriesOf = (object: Manifest, managers: readonly string[] = []): readonly string[] =>
  cleanUpPatch(object, managers).flatMap(({ path, value }) => (path === "/metadata/managedFields" ? (value as readonly ManagedField[]).map(line) : []));

describe("cleanUpPatch", () => {
  it("has nothing to do on what only others and we applied", () =>
    expect(
      cleanUpPatch(live([entry("kustomize-controller", "Apply", data("a")), entry("user", "Apply", data("b")), entry("user", "Update", data("c"))])),
    ).toEqual([]));

  it("removes old annotations and the old label, escaped", () =>
    expect(
      cleanUpPatch(
        live([], {
          annotations: {
            "kubectl.kubernetes.io/last-applied-configuration": "{}",
            "kustomize.toolkit.fluxcd.io/checksum": "1",
            "fluxcd.io/sync-checksum": "2",
            mine: "3",
          },
          labels: { "fluxcd.io/sync-gc-mark": "x", mine: "y" },
        }),
      ),
    ).toEqual([
      { op: "remove", path: "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration" },
      { op: "remove", path: "/metadata/annotations/kustomize.toolkit.fluxcd.io~1checksum" },
      { op: "remove", path: "/metadata/annotations/fluxcd.io~1sync-checksum" },
      { op: "remove", path: "/metadata/labels/fluxcd.io~1sync-gc-mark" },
    ]));

  it.each<{ name: string; before: readonly ManagedField[]; want: readonly string[] }>([
    {
      name: "kubectl apply becomes ours",
      before: [entry("kubectl-client-side-apply", "Update", data("a"))],
      want: ['kustomize-controller Apply {"f:data":{"f:a":{}}}'],
    },
    { name: "kubectl apply --server-side too", before: [entry("kubectl", "Apply", data("a"))], want: ['kustomize-controller Apply {"f:data":{"f:a":{}}}'] },
    {
      name: "before-first-apply when it updated",
      before: [entry("before-first-apply", "Update", data("a"))],
      want: ['kustomize-controller Apply {"f:data":{"f:a":{}}}'],
    },
    { name: "not before-first-apply when it applied", before: [entry("before-first-apply", "Apply", data("a"))], want: [] },
    { name: "not a status or scale entry", before: [entry("kubectl", "Update", data("a"), { subresource: "scale" })], want: [] },
    {
      name: "our own updates go into our apply, others stay in their order",
      before: [
        entry("user", "Apply", data("x")),
        entry("kustomize-controller", "Apply", data("a")),
        entry("kustomize-controller", "Update", data("b")),
        entry("zed", "Update", data("y")),
      ],
      want: ['user Apply {"f:data":{"f:x":{}}}', 'zed Update {"f:data":{"f:y":{}}}', 'kustomize-controller Apply {"f:data":{"f:a":{},"f:b":{}}}'],
    },
    {
      name: "what stands before our entry is merged once",
      before: [entry("kubectl", "Apply", data("b")), entry("kustomize-controller", "Apply", data("a"))],
      want: ['kustomize-controller Apply {"f:data":{"f:a":{},"f:b":{}}}'],
    },
    {
      name: "several of kubectl's become one",
      before: [entry("kubectl-edit", "Update", data("a")), entry("kubectl-patch", "Update", data("b"))],
      want: ['kustomize-controller Apply {"f:data":{"f:a":{},"f:b":{}}}'],
    },
  ])("$name", ({ before, want }) => expect(entriesOf(live(before))).toEqual(want));

  it("takes over from managers that the host names, whatever they did", () => {
    const before = [entry("helm", "Apply", data("a")), entry("helm", "Update", data("b"))];
    expect(entriesOf(live(before))).toEqual([]);
    expect(entriesOf(live(before), ["helm"])).toEqual(['kustomize-controller Apply {"f:data":{"f:a":{},"f:b":{}}}']);
  });

  it("keeps time and version of the entry that becomes ours", () =>
    expect(cleanUpPatch(live([entry("kubectl", "Update", data("a"), { time: "2030-01-01T00:00:00Z" })]))[0]?.value).toEqual([
      { manager: "kustomize-controller", operation: "Apply", apiVersion: "v1", time: "2030-01-01T00:00:00Z", fieldsType: "FieldsV1", fieldsV1: data("a") },
    ]));
});

describe("unionFields", () => {
  it.each<{ name: string; a: JsonObject; b: JsonObject; want: JsonObject }>([
    { name: "keys in order", a: { "f:b": {} }, b: { "f:a": {} }, want: { "f:a": {}, "f:b": {} } },
    { name: "a member that has children in the other tree", a: { "f:a": {} }, b: { "f:a": { "f:x": {} } }, want: { "f:a": { ".": {}, "f:x": {} } } },
    { name: "the same leaf", a: { "f:a": {} }, b: { "f:a": {} }, want: { "f:a": {} } },
    {
      name: "list items",
      a: { "f:l": { 'k:{"name":"a"}': { ".": {}, "f:name": {} } } },
      b: { "f:l": { 'k:{"name":"b"}': { ".": {} } } },
      want: { "f:l": { 'k:{"name":"a"}': { ".": {}, "f:name": {} }, 'k:{"name":"b"}': { ".": {} } } },
    },
  ])("$name", ({ a, b, want }) => {
    expect(JSON.stringify(unionFields(a, b))).toBe(JSON.stringify(want));
    expect(unionFields(b, a)).toEqual(want);
  });

  it("ends on trees of any depth", () => {
    let deep: JsonObject = {};
    for (let level = 0; level < 20_000; level++) deep = { "f:a": deep };
    expect(() => unionFields(deep, deep)).not.toThrow();
  });
});
