import type { Json } from "@sluice/engine/domain/json.ts";
import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import { type IgnoreSpec, ignoredPaths, keepIgnored, parseIgnoreRules, withoutPaths } from "@sluice/engine/plan/ignore.ts";
import { parsePointer, pointerText, putAt, readAt, removeAt } from "@sluice/engine/plan/json-pointer.ts";
import { matchesSelector, parseLabelSelector } from "@sluice/engine/plan/label-selector.ts";
import { describe, expect, it } from "vitest";

const web: Manifest = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace: "shop", labels: { app: "web", tier: "front" }, annotations: { note: "x" } },
  spec: { replicas: 1, template: { spec: { containers: [{ name: "web", image: "web:1" }] } } },
};
const rulesOf = (...specs: readonly IgnoreSpec[]) => {
  const parsed = parseIgnoreRules(specs);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};
const pathsOf = (object: Manifest, ...specs: readonly IgnoreSpec[]): readonly string[] => ignoredPaths(rulesOf(...specs), object).map(pointerText);

describe("targets", () => {
  it.each<{ target: NonNullable<IgnoreSpec["target"]>; matches: boolean }>([
    { target: {}, matches: true },
    { target: { kind: "Deployment" }, matches: true },
    { target: { kind: "Deploy" }, matches: false },
    { target: { kind: "Deploy.*" }, matches: true },
    { target: { kind: "Service|Deployment" }, matches: true },
    { target: { group: "apps", version: "v1", kind: "Deployment", name: "w.b", namespace: "shop|other" }, matches: true },
    { target: { group: "batch" }, matches: false },
    { target: { version: "v2" }, matches: false },
    { target: { name: "eb" }, matches: false },
    { target: { namespace: "sho" }, matches: false },
    { target: { labelSelector: "app=web,tier in (front, back)" }, matches: true },
    { target: { labelSelector: "app!=web" }, matches: false },
    { target: { annotationSelector: "note" }, matches: true },
    { target: { annotationSelector: "note=y" }, matches: false },
    { target: { kind: "Deployment", labelSelector: "app=other" }, matches: false },
  ])("$target → $matches", ({ target, matches }) => expect(pathsOf(web, { paths: ["/spec/replicas"], target })).toEqual(matches ? ["/spec/replicas"] : []));

  it("adds up the paths of all rules that match", () =>
    expect(pathsOf(web, { paths: ["/a"] }, { paths: ["/b"], target: { kind: "Pod" } }, { paths: ["/c/d~1e"], target: { kind: "Deployment" } })).toEqual([
      "/a",
      "/c/d~1e",
    ]));

  it.each<{ spec: IgnoreSpec; says: RegExp }>([
    { spec: { paths: ["/a"], target: { kind: "(" } }, says: /"\(" is no regular expression/ },
    { spec: { paths: ["/a"], target: { labelSelector: "a in b" } }, says: /unable to parse requirement "a in b"/ },
    { spec: { paths: ["spec"] }, says: /expected a JSON pointer/ },
    { spec: { paths: ["/__proto__/x"] }, says: /names "__proto__"/ },
  ])("refuses $spec", ({ spec, says }) => {
    const parsed = parseIgnoreRules([spec]);
    expect(parsed.ok ? "" : parsed.problem).toMatch(says);
  });

  it("takes linear time over an expression made to be slow", () => {
    const long: Manifest = { ...web, metadata: { name: `${"a".repeat(40_000)}!` } };
    expect(pathsOf(long, { paths: ["/a"], target: { name: "(a+)+" } })).toEqual([]);
  });
});

describe("label selectors", () => {
  it.each([
    ["", true],
    ["app", true],
    ["!app", false],
    ["!other", true],
    ["app=web", true],
    ["app==web", true],
    ["app = web , tier=front", true],
    ["app!=db", true],
    ["other!=db", true],
    ["app in (db, web)", true],
    ["app notin (db)", true],
    ["other notin (db)", true],
    ["app in (db)", false],
    ["count>3", true],
    ["count<3", false],
    ["app>3", false],
  ])("%j → %s", (text, want) => {
    const parsed = parseLabelSelector(text);
    expect(parsed.ok && matchesSelector(parsed.value, { app: "web", tier: "front", count: "5" })).toBe(want);
  });

  it.each(["a=b c", "in (a)", "a>x", "=b", "a,,b", "a in (b"])("refuses %j", (text) => expect(parseLabelSelector(text).ok).toBe(false));
});

describe("JSON pointers", () => {
  const root = { a: [{ b: 1 }, { b: 2 }], "x/y": { "~": 3 } };
  const pointer = (text: string) => {
    const parsed = parsePointer(text);
    if (!parsed.ok) throw new Error(parsed.problem);
    return parsed.value;
  };
  it.each<[string, Json | undefined]>([
    ["/a/1/b", 2],
    ["/a/-1/b", 2],
    ["/a/2/b", undefined],
    ["/a/x", undefined],
    ["/x~1y/~0", 3],
    ["/toString", undefined],
  ])("%s reads %s", (text, want) => expect(readAt(root, pointer(text))).toBe(want));

  it.each<[string, Json]>([
    ["/a/0", { a: [{ b: 2 }], "x/y": { "~": 3 } }],
    ["/a/-1/b", { a: [{ b: 1 }, {}], "x/y": { "~": 3 } }],
    ["/x~1y", { a: [{ b: 1 }, { b: 2 }] }],
    ["/not/there", root],
  ])("%s removes", (text, want) => expect(removeAt(root, pointer(text))).toEqual(want));

  it.each<[string, Json]>([
    ["/a/0/b", { a: [{ b: 9 }, { b: 2 }], "x/y": { "~": 3 } }],
    ["/new/er", { ...root, new: { er: 9 } }],
    ["/a/7", root],
  ])("%s puts", (text, want) => expect(putAt(root, pointer(text), 9)).toEqual(want));

  it.each(["/a~2", "a", ""])("refuses %j", (text) => expect(parsePointer(text).ok).toBe(false));
});

describe("keepIgnored", () => {
  const applied = (manager: string, fieldsV1: NonNullable<ManagedField["fieldsV1"]>, operation = "Apply"): ManagedField => ({
    manager,
    operation,
    apiVersion: "apps/v1",
    fieldsType: "FieldsV1",
    fieldsV1,
  });
  const at = (replicas: number | undefined, image = "web:1", managedFields: readonly ManagedField[] = []): Manifest => ({
    ...web,
    metadata: { ...web.metadata, managedFields },
    spec: { ...(replicas !== undefined && { replicas }), template: { spec: { containers: [{ name: "web", image }] } } },
  });
  const rules = rulesOf({ paths: ["/spec/replicas", "/spec/template/spec/containers/0/image"] });
  const kept = (manifest: Manifest, live: Manifest): Json => {
    const { spec } = keepIgnored(manifest, live, manifest, ignoredPaths(rules, manifest));
    return spec as Json;
  };
  const containers = (image: string) => ({ template: { spec: { containers: [{ name: "web", image }] } } });

  it.each<{ name: string; live: Manifest; want: Json }>([
    { name: "nothing differs", live: at(1), want: { replicas: 1, ...containers("web:1") } },
    { name: "ours alone: the cluster's value", live: at(5, "web:2"), want: { replicas: 5, ...containers("web:2") } },
    {
      name: "another manager updated it: the cluster's value",
      live: at(5, "web:1", [applied("hpa", { "f:spec": { "f:replicas": {} } }, "Update")]),
      want: { replicas: 5, ...containers("web:1") },
    },
    { name: "another manager applied it: left out", live: at(5, "web:1", [applied("hpa", { "f:spec": { "f:replicas": {} } })]), want: containers("web:1") },
    {
      name: "we applied it too: left out all the same",
      live: at(5, "web:1", [applied("kustomize-controller", { "f:spec": { "f:replicas": {} } }), applied("hpa", { "f:spec": { "f:replicas": {} } })]),
      want: containers("web:1"),
    },
    {
      name: "another applied the field of a list item: left out",
      live: at(1, "web:2", [applied("images", { "f:spec": { "f:template": { "f:spec": { "f:containers": { 'k:{"name":"web"}': { "f:image": {} } } } } } })]),
      want: { replicas: 1, template: { spec: { containers: [{ name: "web" }] } } },
    },
    { name: "the cluster does not have it: left out", live: at(undefined), want: containers("web:1") },
  ])("$name", ({ live, want }) => expect(kept(at(1), live)).toEqual(want));

  it("takes the fields away for the comparison only", () => {
    const paths = ignoredPaths(rules, web);
    expect(withoutPaths(web, paths).spec).toEqual({ template: { spec: { containers: [{ name: "web" }] } } });
    expect(withoutPaths(web, [])).toBe(web);
  });
});
