import { strategicMerge } from "@sluice/engine/build/kustomize/merge/strategic-merge.ts";
import { textOf } from "@sluice/engine/build/kustomize/resource/resource.ts";
import { createSchema } from "@sluice/engine/build/kustomize/schema/create-schema.ts";
import { isMap, isText, jsonOf, type Node, type NodeMap } from "@sluice/engine/build/node/node.ts";
import { type Written, withWritten } from "@sluice/engine/build/node/written.ts";
import { readYaml } from "@sluice/engine/build/yaml/read.ts";
import { scalarOf } from "@sluice/engine/build/yaml/scalar-of.ts";
import { describe, expect, it } from "vitest";
import { MERGE_CASES } from "./merge-cases.ts";

const schema = createSchema("built-in kinds");

function objectOf(type: string, text: string): NodeMap {
  const [apiVersion = "", kind = ""] = type.split(" ");
  const read = readYaml(text);
  const [node] = read.ok ? read.value : [];
  if (node === undefined || !isMap(node)) throw new Error(`no map: ${text}`);
  return { apiVersion, kind, ...node };
}

const sorted = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value;

/** What the value of a wrong kind looks like is kyaml's choice of braces. */
const withoutContents = (message: string): string => message.split("{")[0] ?? "";

function answer(patch: NodeMap, target: NodeMap): string {
  const merged = strategicMerge(patch, target, schema);
  if (!merged.ok) return `error: ${merged.problem}`;
  if (merged.value === undefined) return "nothing";
  const { apiVersion, kind, ...rest } = merged.value;
  expect([apiVersion, kind]).toEqual([target.apiVersion, target.kind]);
  return JSON.stringify(jsonOf(rest), sorted);
}

describe("strategicMerge", () => {
  it.each(MERGE_CASES)("$name", ({ type, target, patch, want }) => {
    const [one, other] = [objectOf(type, target), objectOf(type, patch)];
    const before = JSON.stringify([one, other]);
    const found = answer(other, one);
    if (want.startsWith("error: wrong node kind") && want.includes("{"))
      expect(withoutContents(found)).toContain(withoutContents(want).split("node contents")[0]);
    else expect(found).toBe(want);
    expect(JSON.stringify([one, other])).toBe(before);
  });

  it("shares what the patch does not touch", () => {
    const target = objectOf("apps/v1 Deployment", "spec: {template: {spec: {containers: [{name: a}], volumes: [{name: v}]}}, selector: {a: b}}");
    const merged = strategicMerge(objectOf("apps/v1 Deployment", "spec: {replicas: 2}"), target, schema);
    const [before, after] = [target.spec, merged.ok ? merged.value?.spec : undefined];
    expect(isMap(before) && isMap(after) && after.template === before.template && after.selector === before.selector).toBe(true);
  });

  it("gives back the target when the patch says what is there", () => {
    const target = objectOf("apps/v1 Deployment", "spec: {replicas: 2, template: {spec: {containers: [{name: a, image: x}]}}}");
    const merged = strategicMerge(objectOf("apps/v1 Deployment", "spec: {replicas: 2}"), target, schema);
    expect(merged.ok && merged.value).toBe(target);
  });
});

/** How fields are written counts where a patch replaces them. Every row holds for kyaml 0.21.1. */
describe("strategicMerge and quotes", () => {
  const map = (value: Node, written?: Written): NodeMap => withWritten({ a: value }, new Map(written === undefined ? [] : [["a", written]]));
  const untouched: NodeMap = { b: 1 };

  it.each<{ name: string; target: NodeMap; patches: readonly NodeMap[]; want: Node }>([
    { name: "a text in quotes that it does not need makes a number a text", target: map("25%", "quoted"), patches: [map(1)], want: "1" },
    { name: "the same text without quotes does not", target: map("25%"), patches: [map(1)], want: 1 },
    { name: "the text of a number is the written one", target: map("x", "quoted"), patches: [map(scalarOf("0644"))], want: "0644" },
    { name: "quotes stay for the next patch", target: map("x", "quoted"), patches: [map("w"), map(1)], want: "1" },
    { name: "quotes that were needed stay, too", target: map("5"), patches: [map("w"), map(1)], want: "1" },
    { name: "a field without quotes does not take those of the patch", target: map("x"), patches: [map("w", "quoted"), map(1)], want: 1 },
    { name: "nor those that the text of the patch needs", target: map(7), patches: [map("8"), map(9)], want: 9 },
    { name: "but it gets them from a patch between the two", target: map(7), patches: [map("8"), untouched, map(9)], want: "9" },
    { name: "a new field is written as in the patch", target: {}, patches: [map("w", "quoted"), map(1)], want: "1" },
    { name: "a new field without quotes has none", target: {}, patches: [map("w"), map(1)], want: 1 },
    { name: "a field that comes back is new", target: map("x", "quoted"), patches: [map(null), map("w"), map(1)], want: 1 },
    { name: "yes has no quotes", target: map("yes"), patches: [map(1)], want: 1 },
    { name: "a new yes gets some", target: {}, patches: [map("yes"), map(1)], want: "1" },
    { name: "yes gets some from a patch that comes by", target: map("yes"), patches: [untouched, map(1)], want: "1" },
    { name: "null deletes a text in quotes", target: map("x", "quoted"), patches: [map(null)], want: "gone" },
    { name: "a null of which nothing is written vanishes", target: map(null, "empty"), patches: [untouched], want: "gone" },
    { name: "a null that is written stays", target: map(null), patches: [untouched], want: null },
    { name: "a null of which nothing is written is replaced", target: map(null, "empty"), patches: [map(1)], want: 1 },
  ])("$name", ({ target, patches, want }) => {
    let spec: NodeMap = target;
    for (const patch of patches) {
      const merged = strategicMerge({ spec: patch }, { spec }, schema);
      const next = merged.ok ? merged.value?.spec : undefined;
      if (next === undefined || !isMap(next)) throw new Error("no map");
      spec = next;
    }
    expect(spec.a === undefined ? "gone" : isText(spec.a) ? textOf(spec.a) : spec.a).toBe(want);
  });
});

describe("strategicMerge and hostile lists", () => {
  const pod = (containers: readonly Node[]): NodeMap => ({ apiVersion: "v1", kind: "Pod", spec: { containers } });
  const named = (count: number, from: number): readonly NodeMap[] => Array.from({ length: count }, (_, index) => ({ name: `n${from + index}` }));

  it("merges lists of any length whose items have keys", () => {
    const merged = strategicMerge(pod(named(20_000, 10_000)), pod(named(20_000, 0)), schema);
    const spec = merged.ok ? merged.value?.spec : undefined;
    const containers = spec !== undefined && isMap(spec) ? spec.containers : undefined;
    expect(Array.isArray(containers) && [containers.length, containers[0], containers[29_999]]).toEqual([30_000, { name: "n10000" }, { name: "n9999" }]);
  });

  it("refuses long lists of which some items have no key", () => {
    expect(strategicMerge(pod([{ image: "x" }]), pod(named(1_000, 0)), schema)).toEqual({
      ok: false,
      problem: "a list with more than 1000 items, some without merge key, is not merged",
    });
  });
});
