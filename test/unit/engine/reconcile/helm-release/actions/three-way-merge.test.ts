import { createSchema } from "@sluice/engine/build/kustomize/schema/create-schema.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { mergePatch, threeWayPatch } from "@sluice/engine/reconcile/helm-release/actions/three-way-merge.ts";
import { describe, expect, it } from "vitest";

const schema = createSchema("built-in kinds").of("v1", "Pod");
const containers = (...items: readonly JsonObject[]): JsonObject => ({ spec: { containers: items } });

describe("a three-way merge", () => {
  it.each<{ name: string; original: JsonObject; modified: JsonObject; current: JsonObject; want: JsonObject }>([
    { name: "nothing to do", original: { a: 1 }, modified: { a: 1 }, current: { a: 1, b: 2 }, want: {} },
    { name: "what others added stays, what they changed is put right", original: { a: 1 }, modified: { a: 1 }, current: { a: 2, b: 2 }, want: { a: 1 } },
    {
      name: "what is no longer wanted goes",
      original: { a: 1, b: { c: 1 } },
      modified: { a: 1, b: {} },
      current: { a: 1, b: { c: 1, d: 1 } },
      want: { b: { c: null } },
    },
    { name: "what is gone already is not deleted again", original: { a: 1, b: 1 }, modified: { a: 1 }, current: { a: 1 }, want: {} },
    { name: "a null is as if it were not there", original: { a: 1 }, modified: { a: null }, current: { a: 1 }, want: { a: null } },
    {
      name: "items by their key: one changed, one added, one gone, one of others",
      original: containers({ name: "a", image: "1" }, { name: "b", image: "1" }),
      modified: containers({ name: "a", image: "2" }, { name: "c", image: "1" }),
      current: containers({ name: "a", image: "1", tty: true }, { name: "b", image: "1" }, { name: "x", image: "1" }),
      want: {
        spec: {
          "$setElementOrder/containers": [{ name: "a" }, { name: "c" }],
          containers: [
            { image: "2", name: "a" },
            { name: "c", image: "1" },
            { $patch: "delete", name: "b" },
          ],
        },
      },
    },
    {
      name: "a list of texts that is a set",
      original: { metadata: { finalizers: ["a", "b"] } },
      modified: { metadata: { finalizers: ["a", "c"] } },
      current: { metadata: { finalizers: ["a", "b", "x"] } },
      want: { metadata: { finalizers: ["c"], "$deleteFromPrimitiveList/finalizers": ["b"] } },
    },
    {
      name: "a list without keys is replaced",
      original: containers({ name: "a", args: ["1"] }),
      modified: containers({ name: "a", args: ["2"] }),
      current: containers({ name: "a", args: ["1"] }),
      want: { spec: { "$setElementOrder/containers": [{ name: "a" }], containers: [{ args: ["2"], name: "a" }] } },
    },
  ])("$name", ({ original, modified, current, want }) => {
    expect(threeWayPatch(original, modified, current, schema)).toEqual(want);
  });

  it("of a custom resource: from one to the other", () => {
    expect(mergePatch({ a: { b: 1, c: 1 }, l: [1], gone: 1 }, { a: { b: 2, c: 1 }, l: [1, 2], come: 1 })).toEqual({
      a: { b: 2 },
      l: [1, 2],
      come: 1,
      gone: null,
    });
  });
});
