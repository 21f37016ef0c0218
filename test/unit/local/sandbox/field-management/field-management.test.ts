import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import type { Applied } from "../../../../../lib/local/sandbox/field-management/apply.ts";
import { applyFields } from "../../../../../lib/local/sandbox/field-management/apply.ts";
import { conflictCauses, conflictMessage } from "../../../../../lib/local/sandbox/field-management/conflict.ts";
import { keepTimes, trackUpdate } from "../../../../../lib/local/sandbox/field-management/update.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import type { Schema } from "../../../../../lib/local/sandbox/schema/schema.ts";

const schema = builtInKinds().find(({ kind }) => kind === "ConfigMap")?.schema ?? {};
const T1 = "2026-01-01T00:00:00Z";
const T2 = "2026-01-02T00:00:00Z";

const configMap = (data: { readonly [key: string]: string }, managedFields?: readonly ManagedField[]): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", namespace: "n", ...(managedFields !== undefined && { managedFields }) },
  data,
});

function applied(outcome: Applied): Manifest {
  if (outcome.kind !== "applied") throw new Error(`${outcome.kind}: ${JSON.stringify(outcome)}`);
  return outcome.object;
}

const apply = (live: Manifest | undefined, object: Manifest, manager: string, time = T1, force = false): Applied =>
  applyFields({ schema, live, applied: object, manager, force, time });
/** `one Apply 2026-01-01T00:00:00Z {…}` */
const owners = (object: Manifest): readonly string[] =>
  (object.metadata.managedFields ?? []).map(({ manager, operation, time, fieldsV1, subresource }) =>
    [manager, operation, subresource, time, JSON.stringify(fieldsV1)].filter((word) => word !== undefined).join(" "),
  );

describe("applyFields", () => {
  it("keeps the time, and so the object, when nothing changes", () => {
    const first = applied(apply(undefined, configMap({ a: "1" }), "one"));
    const second = applied(apply(first, configMap({ a: "1" }), "one", T2));
    expect(keepTimes(first, second)).toEqual(first);
    expect(owners(second)).toEqual([`one Apply ${T1} {"f:data":{"f:a":{}}}`]);
  });
  it("gives an object that nobody manages to before-first-apply", () => {
    const object = applied(apply(configMap({ a: "1", b: "1" }), configMap({ a: "2" }), "one", T2, true));
    expect(object.data).toEqual({ a: "2", b: "1" });
    expect(owners(object)).toEqual([`one Apply ${T2} {"f:data":{"f:a":{}}}`, `before-first-apply Update ${T2} {"f:data":{".":{},"f:b":{}}}`]);
  });
  it("takes away what it applied before and nobody else owns", () => {
    const one = applied(apply(undefined, configMap({ a: "1", b: "1" }), "one"));
    const both = applied(apply(one, configMap({ b: "1" }), "two"));
    const less = applied(apply(both, configMap({}), "one", T2));
    expect(less.data).toEqual({ b: "1" });
  });
  it("names one conflict on one line", () => {
    const live = trackUpdate({ schema, before: undefined, after: configMap({ a: "1" }), manager: "kubectl-client-side-apply", time: T1 });
    const outcome = apply(live, configMap({ a: "2" }), "one");
    if (outcome.kind !== "conflicts") throw new Error("no conflict");
    expect(conflictMessage(outcome.conflicts)).toBe('Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.a');
    expect(conflictCauses(outcome.conflicts)).toEqual([
      { reason: "FieldManagerConflict", message: 'conflict with "kubectl-client-side-apply" using v1', field: ".data.a" },
    ]);
  });
  it("names several conflicts by manager, subresources too", () => {
    const one = applied(apply(undefined, configMap({ a: "1", b: "1" }), "one"));
    const live = trackUpdate({ schema, before: one, after: { ...one, data: { a: "1", b: "1", c: "1" } }, manager: "two", time: T1, subresource: "scale" });
    const outcome = apply(live, configMap({ a: "2", b: "2", c: "2" }), "three");
    if (outcome.kind !== "conflicts") throw new Error("no conflict");
    expect(conflictMessage(outcome.conflicts)).toBe(
      'Apply failed with 3 conflicts: conflicts with "one":\n- .data.a\n- .data.b\nconflicts with "two" with subresource "scale" using v1:\n- .data.c',
    );
  });
  it("refuses managedFields in what is applied", () => {
    expect(apply(undefined, configMap({}, []), "one")).toEqual({ kind: "invalid", code: 400, message: "metadata.managedFields must be nil" });
  });
  it("lets kubectl take over what it applied on the client's side, and keeps the record", () => {
    const annotations = {
      "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":"v1","data":{"a":"1"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"n"}}\n',
    };
    const old = { ...configMap({ a: "1" }), metadata: { name: "a", namespace: "n", annotations } };
    const live = trackUpdate({ schema, before: undefined, after: old, manager: "kubectl-client-side-apply", time: T1 });
    const object = applied(apply(live, configMap({ a: "2" }), "kubectl", T2));
    expect(object.metadata.annotations).toEqual({
      "kubectl.kubernetes.io/last-applied-configuration": '{"apiVersion":"v1","data":{"a":"2"},"kind":"ConfigMap","metadata":{"name":"a","namespace":"n"}}\n',
    });
    expect(apply(live, configMap({ a: "2" }), "other").kind).toBe("conflicts");
  });
  it("drops entries of versions that are not served any more", () => {
    const live = configMap({ a: "1" }, [
      { manager: "old", operation: "Apply", apiVersion: "v0", fieldsType: "FieldsV1", fieldsV1: { "f:data": { "f:a": {} } } },
    ]);
    const outcome = applyFields({
      schema,
      live,
      applied: configMap({ b: "1" }),
      manager: "one",
      force: false,
      time: T1,
      isServed: (version) => version === "v1",
    });
    expect(owners(applied(outcome)).map((line) => line.split(" ")[0])).toEqual(["one", "before-first-apply"]);
  });
  it("takes a list that has become atomic as a whole", () => {
    const list = (listType: "set" | "atomic"): Schema => ({
      type: "object",
      properties: { apiVersion: { type: "string" }, kind: { type: "string" }, metadata: {}, list: { type: "array", listType, items: { type: "string" } } },
    });
    const object = { apiVersion: "x.io/v1", kind: "X", metadata: { name: "x" }, list: ["a", "b"] };
    const live = applied(applyFields({ schema: list("set"), live: undefined, applied: object, manager: "one", force: false, time: T1 }));
    expect(owners(live)).toEqual([`one Apply ${T1} {"f:list":{"v:\\"a\\"":{},"v:\\"b\\"":{}}}`]);
    const after = trackUpdate({
      schema: list("atomic"),
      before: live,
      after: { ...live, metadata: { ...live.metadata, labels: { a: "b" } } },
      manager: "two",
      time: T2,
    });
    expect(owners(after)[0]).toBe(`one Apply ${T1} {"f:list":{}}`);
  });
});

describe("trackUpdate", () => {
  it("merges the oldest of more than ten updaters", () => {
    let object = trackUpdate({ schema, before: undefined, after: configMap({ k0: "" }), manager: "m0", time: T1 });
    for (let i = 1; i < 12; i += 1) {
      const data: { [key: string]: string } = Object.fromEntries(Array.from({ length: i + 1 }, (_, index) => [`k${index}`, ""]));
      object = trackUpdate({ schema, before: object, after: { ...object, data }, manager: `m${i}`, time: `2026-01-01T00:00:${String(i).padStart(2, "0")}Z` });
    }
    const names = (object.metadata.managedFields ?? []).map(({ manager }) => manager);
    expect(names).toEqual(["ancient-changes", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10", "m11"]);
    expect(owners(object)[0]).toBe('ancient-changes Update 2026-01-01T00:00:02Z {"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{}}}');
  });
  it.each([
    ["an empty list", []],
    ["one empty entry", [{}]],
  ])("gives all ownership up for %s", (_what, managedFields) => {
    const live = applied(apply(undefined, configMap({ a: "1" }), "one"));
    expect(trackUpdate({ schema, before: live, after: configMap({ a: "1" }, managedFields), manager: "two", time: T2 }).metadata.managedFields).toBeUndefined();
  });
  it("takes the client's entries in place of the live ones", () => {
    const live = applied(apply(undefined, configMap({ a: "1" }), "one"));
    const entries = (live.metadata.managedFields ?? []).map((entry) => ({ ...entry, manager: "flux" }));
    expect(owners(trackUpdate({ schema, before: live, after: configMap({ a: "1" }, entries), manager: "two", time: T2 }))).toEqual([
      `flux Apply ${T1} {"f:data":{"f:a":{}}}`,
    ]);
  });
  it("owns a label named __proto__ without being changed by it", () => {
    const after: Manifest = JSON.parse('{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"__proto__":"x","constructor":"y"}}');
    expect(owners(trackUpdate({ schema, before: undefined, after, manager: "one", time: T1 }))).toEqual([
      `one Update ${T1} {"f:data":{".":{},"f:__proto__":{},"f:constructor":{}}}`,
    ]);
  });
});
