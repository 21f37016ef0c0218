import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { ManagedField, Manifest } from "@sluice/engine/domain/manifest.ts";
import { type DecideFacts, decide } from "@sluice/engine/plan/decide.ts";
import { describe, expect, it } from "vitest";

const OURS = "kustomize-controller";
const builtIn: DecideFacts = { builtIn: true, hasStatus: true, isServed: (version) => version !== "example.com/v1gone" };
const custom: DecideFacts = { ...builtIn, builtIn: false };

const ours = (fields: JsonObject, more: Partial<ManagedField> = {}): ManagedField => ({
  manager: OURS,
  operation: "Apply",
  apiVersion: "example.com/v1",
  fieldsType: "FieldsV1",
  fieldsV1: fields,
  ...more,
});
const theirs = (fields: JsonObject, more: Partial<ManagedField> = {}): ManagedField => ours(fields, { manager: "mallory", operation: "Update", ...more });

type Situation = {
  readonly name: string;
  readonly desired: JsonObject;
  readonly live: JsonObject;
  readonly owned: JsonObject;
  readonly foreign?: readonly ManagedField[];
  readonly facts?: DecideFacts;
  readonly want: "unchanged" | "ask";
};

/** An object of a kind `Thing` whose fields besides the names are the given ones. */
function thing(fields: JsonObject, managedFields?: readonly ManagedField[], metadata: JsonObject = {}): Manifest {
  const own = fields.metadata ?? {};
  const all = {
    name: "a",
    namespace: "n",
    ...metadata,
    ...(own as JsonObject),
    ...(managedFields !== undefined && { managedFields: managedFields as unknown as Json }),
  };
  return { apiVersion: "example.com/v1", kind: "Thing", ...fields, metadata: all } as Manifest;
}

const spec = (value: Json): JsonObject => ({ spec: { x: value } });
const owns = (node: JsonObject): JsonObject => ({ "f:spec": { "f:x": node } });
const items = (...nodes: readonly [string, JsonObject][]): JsonObject => owns(Object.fromEntries(nodes));
const named = (name: string, ...fields: readonly string[]): [string, JsonObject] => [
  `k:{"name":"${name}"}`,
  { ".": {}, "f:name": {}, ...Object.fromEntries(fields.map((field) => [`f:${field}`, {}])) },
];

describe("decide", () => {
  it.each<Situation>([
    // Maps.
    { name: "the same", desired: spec(1), live: spec(1), owned: owns({}), want: "unchanged" },
    { name: "live has more, of others", desired: spec(1), live: { spec: { x: 1, y: 2 }, status: { z: 1 } }, owned: owns({}), want: "unchanged" },
    { name: "another value", desired: spec(1), live: spec(2), owned: owns({}), want: "ask" },
    { name: "another type", desired: spec(1), live: spec("1"), owned: owns({}), want: "ask" },
    { name: "gone from the cluster", desired: spec(1), live: { spec: {} }, owned: owns({}), want: "ask" },
    { name: "a field more in the manifest", desired: { spec: { x: 1, y: 2 } }, live: { spec: { x: 1, y: 2 } }, owned: owns({}), want: "ask" },
    { name: "a field less in the manifest", desired: { spec: {} }, live: spec(1), owned: owns({}), want: "ask" },
    { name: "a map that became a text", desired: spec({ a: 1 }), live: spec("a"), owned: owns({ "f:a": {} }), want: "ask" },
    { name: "a text where we own a map", desired: spec("a"), live: spec("a"), owned: owns({ "f:a": {} }), want: "ask" },
    { name: "a map that owns itself", desired: spec({ a: 1 }), live: spec({ a: 1 }), owned: owns({ ".": {}, "f:a": {} }), want: "ask" },
    { name: "inherited names are no fields", desired: spec({ toString: 1 }), live: spec({}), owned: owns({ "f:toString": {} }), want: "ask" },
    // What is outside of the walk.
    { name: "creationTimestamp null", desired: { ...spec(1), metadata: { creationTimestamp: null } }, live: spec(1), owned: owns({}), want: "unchanged" },
    {
      name: "creationTimestamp given",
      desired: { ...spec(1), metadata: { creationTimestamp: "2030-01-01T00:00:00Z" } },
      live: spec(1),
      owned: owns({}),
      want: "ask",
    },
    { name: "an empty status", desired: { ...spec(1), status: {} }, live: spec(1), owned: owns({}), want: "unchanged" },
    {
      name: "an empty status without the subresource",
      desired: { ...spec(1), status: {} },
      live: spec(1),
      owned: owns({}),
      facts: { ...builtIn, hasStatus: false },
      want: "ask",
    },
    { name: "a status with something in it", desired: { ...spec(1), status: { a: 1 } }, live: { ...spec(1), status: { a: 1 } }, owned: owns({}), want: "ask" },
    { name: "labels null in the manifest", desired: { ...spec(1), metadata: { labels: null } }, live: spec(1), owned: owns({}), want: "ask" },
    // Leaves and atomic values.
    { name: "an atomic list", desired: spec([1, { a: "b" }]), live: spec([1, { a: "b" }]), owned: owns({}), want: "unchanged" },
    { name: "an atomic list in another order", desired: spec([1, 2]), live: spec([2, 1]), owned: owns({}), want: "ask" },
    { name: "an atomic map with a key more in the cluster", desired: spec({ a: 1 }), live: spec({ a: 1, b: 2 }), owned: owns({}), want: "ask" },
    { name: "an empty map is not absent", desired: spec({}), live: { spec: {} }, owned: owns({}), want: "ask" },
    { name: "an empty map with defaults in it", desired: spec({}), live: spec({ type: "RollingUpdate" }), owned: owns({}), want: "ask" },
    {
      name: "an atomic value, and single fields of it another's",
      desired: spec({ a: 1 }),
      live: spec({ a: 1 }),
      owned: owns({}),
      foreign: [theirs({ "f:spec": { "f:x": { "f:a": {} } } })],
      want: "ask",
    },
    {
      name: "an atomic value that another has too",
      desired: spec({ a: 1 }),
      live: spec({ a: 1 }),
      owned: owns({}),
      foreign: [theirs({ "f:spec": { "f:x": {} } })],
      want: "unchanged",
    },
    {
      name: "a scalar that another has too",
      desired: spec(1),
      live: spec(1),
      owned: owns({}),
      foreign: [theirs(owns({}), { operation: "Apply" })],
      want: "unchanged",
    },
    { name: "the largest safe integer", desired: spec(2 ** 53 - 1), live: spec(2 ** 53 - 1), owned: owns({}), want: "unchanged" },
    { name: "an integer that JSON blurs", desired: spec(2 ** 53), live: spec(2 ** 53), owned: owns({}), want: "ask" },
    { name: "such an integer below", desired: spec([-(2 ** 53)]), live: spec([-(2 ** 53)]), owned: owns({}), want: "ask" },
    { name: "null is absent in built-in kinds", desired: spec(null), live: { spec: {} }, owned: owns({}), want: "unchanged" },
    { name: "null where the cluster has a value", desired: spec(null), live: spec(""), owned: owns({}), want: "ask" },
    { name: "null that we do not own", desired: { spec: { x: 1, y: null } }, live: spec(1), owned: owns({}), want: "ask" },
    { name: "null in custom resources", desired: spec(null), live: spec(null), owned: owns({}), facts: custom, want: "ask" },
    { name: "null inside of an atomic value", desired: spec({ a: null }), live: spec({ a: null }), owned: owns({}), want: "ask" },
    // Keyed lists.
    {
      name: "items by key",
      desired: spec([{ name: "a", v: 1 }, { name: "b" }]),
      live: spec([{ name: "a", v: 1, more: 2 }, { name: "b" }]),
      owned: items(named("a", "v"), named("b")),
      want: "unchanged",
    },
    {
      name: "with others' items between",
      desired: spec([{ name: "a" }, { name: "b" }]),
      live: spec([{ name: "a" }, { name: "c" }, { name: "b" }]),
      owned: items(named("a"), named("b")),
      want: "unchanged",
    },
    {
      name: "in another order",
      desired: spec([{ name: "b" }, { name: "a" }]),
      live: spec([{ name: "a" }, { name: "b" }]),
      owned: items(named("a"), named("b")),
      want: "ask",
    },
    {
      name: "an item less in the manifest",
      desired: spec([{ name: "a" }]),
      live: spec([{ name: "a" }, { name: "b" }]),
      owned: items(named("a"), named("b")),
      want: "ask",
    },
    {
      name: "an item more in the manifest",
      desired: spec([{ name: "a" }, { name: "b" }]),
      live: spec([{ name: "a" }, { name: "b" }]),
      owned: items(named("a")),
      want: "ask",
    },
    {
      name: "one item twice",
      desired: spec([{ name: "a" }, { name: "a" }]),
      live: spec([{ name: "a" }, { name: "b" }]),
      owned: items(named("a"), named("b")),
      want: "ask",
    },
    { name: "an item twice in the cluster", desired: spec([{ name: "a" }]), live: spec([{ name: "a" }, { name: "a" }]), owned: items(named("a")), want: "ask" },
    { name: "an item gone from the cluster", desired: spec([{ name: "a" }]), live: spec([]), owned: items(named("a")), want: "ask" },
    { name: "another value in an item", desired: spec([{ name: "a", v: 1 }]), live: spec([{ name: "a", v: 2 }]), owned: items(named("a", "v")), want: "ask" },
    {
      name: "an item whose fields are ours but not itself",
      desired: spec([{ name: "a" }]),
      live: spec([{ name: "a" }]),
      owned: items(['k:{"name":"a"}', { "f:name": {} }]),
      want: "ask",
    },
    {
      name: "an item that is ours as a whole",
      desired: spec([{ name: "a", v: [1] }]),
      live: spec([{ name: "a", v: [1] }]),
      owned: items(['k:{"name":"a"}', {}]),
      want: "unchanged",
    },
    {
      name: "a key left to its default, as before",
      desired: spec([{ port: 80 }]),
      live: spec([{ port: 80, protocol: "TCP" }]),
      owned: items(['k:{"port":80,"protocol":"TCP"}', { ".": {}, "f:port": {} }]),
      want: "unchanged",
    },
    {
      name: "a key now left to its default",
      desired: spec([{ port: 53 }]),
      live: spec([{ port: 53, protocol: "UDP" }]),
      owned: items(['k:{"port":53,"protocol":"UDP"}', { ".": {}, "f:port": {}, "f:protocol": {} }]),
      want: "ask",
    },
    {
      name: "a key now given, which was the default",
      desired: spec([{ port: 80, protocol: "TCP" }]),
      live: spec([{ port: 80, protocol: "TCP" }]),
      owned: items(['k:{"port":80,"protocol":"TCP"}', { ".": {}, "f:port": {} }]),
      want: "ask",
    },
    {
      name: "two keys that an item may be",
      desired: spec([{ port: 80 }, { port: 80, protocol: "UDP" }]),
      live: spec([
        { port: 80, protocol: "TCP" },
        { port: 80, protocol: "UDP" },
      ]),
      owned: items(['k:{"port":80,"protocol":"TCP"}', { ".": {}, "f:port": {} }], ['k:{"port":80,"protocol":"UDP"}', { ".": {}, "f:port": {} }]),
      want: "ask",
    },
    { name: "a list that owns itself", desired: spec([{ name: "a" }]), live: spec([{ name: "a" }]), owned: items([".", {}], named("a")), want: "ask" },
    { name: "items by index", desired: spec([1]), live: spec([1]), owned: items(["i:0", {}]), want: "ask" },
    {
      name: "a key that is no JSON",
      desired: spec([{ name: "a" }]),
      live: spec([{ name: "a" }]),
      owned: items(["k:{oops", { ".": {}, "f:name": {} }]),
      want: "ask",
    },
    { name: "an empty list where we own items", desired: spec([]), live: spec([{ name: "a" }]), owned: items(named("a")), want: "ask" },
    {
      name: "single fields of an item another's, where it is ours as a whole",
      desired: spec([{ name: "a", v: 1 }]),
      live: spec([{ name: "a", v: 1 }]),
      owned: items(['k:{"name":"a"}', {}]),
      foreign: [theirs(items(['k:{"name":"a"}', { "f:v": {} }]))],
      want: "ask",
    },
    // Sets.
    { name: "a set", desired: spec(["b", "a"]), live: spec(["b", "x", "a"]), owned: owns({ 'v:"a"': {}, 'v:"b"': {} }), want: "unchanged" },
    { name: "a set of numbers", desired: spec([3, 1]), live: spec([3, 1]), owned: owns({ "v:1": {}, "v:3": {} }), want: "unchanged" },
    { name: "a set in another order", desired: spec(["a", "b"]), live: spec(["b", "a"]), owned: owns({ 'v:"a"': {}, 'v:"b"': {} }), want: "ask" },
    { name: "a set with a value less", desired: spec(["a"]), live: spec(["a", "b"]), owned: owns({ 'v:"a"': {}, 'v:"b"': {} }), want: "ask" },
    { name: "a set with another value", desired: spec(["c"]), live: spec(["a", "c"]), owned: owns({ 'v:"a"': {} }), want: "ask" },
    { name: "a set with a value twice in the cluster", desired: spec(["a"]), live: spec(["a", "a"]), owned: owns({ 'v:"a"': {} }), want: "ask" },
    {
      name: "a set with a value twice in the manifest",
      desired: spec(["a", "a"]),
      live: spec(["a", "b"]),
      owned: owns({ 'v:"a"': {}, 'v:"b"': {} }),
      want: "ask",
    },
    { name: "a text is no number", desired: spec(["1"]), live: spec(["1"]), owned: owns({ "v:1": {} }), want: "ask" },
    // Other managers.
    {
      name: "another's fields elsewhere",
      desired: spec(1),
      live: { spec: { x: 1, y: 1 } },
      owned: owns({}),
      foreign: [theirs({ "f:spec": { "f:y": {} } })],
      want: "unchanged",
    },
    {
      name: "another's version that is gone",
      desired: spec(1),
      live: spec(1),
      owned: owns({}),
      foreign: [theirs({}, { apiVersion: "example.com/v1gone" })],
      want: "ask",
    },
    {
      name: "another's version that is served",
      desired: spec(1),
      live: spec(1),
      owned: owns({}),
      foreign: [theirs({}, { apiVersion: "example.com/v2" })],
      want: "unchanged",
    },
    {
      name: "kubectl's fields, which would be taken over",
      desired: spec(1),
      live: spec(1),
      owned: owns({}),
      foreign: [theirs({}, { manager: "kubectl-edit" })],
      want: "ask",
    },
    {
      name: "kubectl's scale entry, which would not",
      desired: spec(1),
      live: spec(1),
      owned: owns({}),
      foreign: [theirs({}, { manager: "kubectl", subresource: "scale" })],
      want: "unchanged",
    },
    { name: "a second entry of ours", desired: spec(1), live: spec(1), owned: owns({}), foreign: [ours({}, { apiVersion: "example.com/v2" })], want: "ask" },
    { name: "our status entry", desired: spec(1), live: spec(1), owned: owns({}), foreign: [ours({}, { subresource: "status" })], want: "unchanged" },
  ])("$name: $want", ({ desired, live, owned, foreign = [], facts = builtIn, want }) => {
    expect(decide(thing(desired), thing(live, [ours(owned), ...foreign]), facts).kind).toBe(want);
  });

  const same = thing(spec(1), [ours(owns({}))]);
  it.each<{ name: string; desired?: Manifest; live: Manifest | undefined; want: string }>([
    { name: "nothing there", live: undefined, want: "create" },
    { name: "no managedFields", live: thing(spec(1)), want: "ask" },
    { name: "applied in another version", live: thing(spec(1), [ours(owns({}), { apiVersion: "example.com/v2" })]), want: "ask" },
    { name: "the manifest has another version", desired: { ...thing(spec(1)), apiVersion: "example.com/v2" }, live: same, want: "ask" },
    { name: "the manifest has another kind", desired: { ...thing(spec(1)), kind: "Other" }, live: same, want: "ask" },
    { name: "fields in another form", live: thing(spec(1), [ours(owns({}), { fieldsType: "FieldsV2" })]), want: "ask" },
    { name: "ours by an update only", live: thing(spec(1), [ours(owns({}), { operation: "Update" })]), want: "ask" },
    { name: "being deleted", live: thing(spec(1), [ours(owns({}))], { deletionTimestamp: "2030-01-01T00:00:00Z" }), want: "ask" },
    { name: "an annotation to be cleaned up", live: thing(spec(1), [ours(owns({}))], { annotations: { "fluxcd.io/sync-checksum": "1" } }), want: "ask" },
    {
      name: "the same with ssa: Merge, which cleans nothing up",
      live: thing(spec(1), [ours(owns({}))], { annotations: { "fluxcd.io/sync-checksum": "1", "kustomize.toolkit.fluxcd.io/ssa": "Merge" } }),
      want: "unchanged",
    },
  ])("$name: $want", ({ desired = thing(spec(1)), live, want }) => expect(decide(desired, live, builtIn).kind).toBe(want));

  it("asks about a manager that the host wants to take over from", () => {
    const live = thing(spec(1), [ours(owns({})), theirs({}, { manager: "helm" })]);
    expect(decide(thing(spec(1)), live, builtIn).kind).toBe("unchanged");
    expect(decide(thing(spec(1)), live, { ...builtIn, overrideManagers: ["helm"] }).kind).toBe("ask");
  });

  it.each([
    ["maps", (inner: Json): Json => ({ a: inner }), (inner: JsonObject): JsonObject => ({ "f:a": inner })],
    ["an atomic value", (inner: Json): Json => [inner], (): JsonObject => ({})],
  ])("asks about %s of any depth instead of falling over", (_, value, node) => {
    let [deep, tree]: [Json, JsonObject] = [1, {}];
    for (let level = 0; level < 20_000; level++) [deep, tree] = [value(deep), node(tree)];
    expect(decide(thing(spec(deep)), thing(spec(deep), [ours(owns(tree))]), builtIn).kind).toBe("ask");
  });

  it("asks about lists that would take long", () => {
    const list = Array.from({ length: 3000 }, (_, index) => index);
    expect(decide(thing(spec(list)), thing(spec(list), [ours(owns(Object.fromEntries(list.map((value) => [`v:${value}`, {}]))))]), builtIn).kind).toBe("ask");
  });
});

describe("decide: a struct that the server fills with defaults", () => {
  const workload = (kind: string, fields: JsonObject, managedFields?: readonly ManagedField[]): Manifest => ({
    ...thing({ spec: fields }, managedFields),
    apiVersion: "apps/v1",
    kind,
  });
  const rolling = { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } };
  const inApps = { apiVersion: "apps/v1" };

  it.each<readonly [string, string, string, Json, JsonObject, DecideFacts, "unchanged" | "ask"]>([
    ["as the server filled it", "Deployment", "strategy", rolling, {}, builtIn, "unchanged"],
    ["as somebody else set it", "Deployment", "strategy", { type: "Recreate" }, {}, builtIn, "unchanged"],
    ["of a StatefulSet", "StatefulSet", "updateStrategy", rolling, {}, builtIn, "unchanged"],
    ["of a DaemonSet", "DaemonSet", "updateStrategy", rolling, {}, builtIn, "unchanged"],
    ["what was ours before goes", "Deployment", "strategy", rolling, { "f:type": {} }, builtIn, "ask"],
    ["a field of another kind", "StatefulSet", "strategy", rolling, {}, builtIn, "ask"],
    ["no struct in the cluster", "Deployment", "strategy", null, {}, builtIn, "ask"],
    ["a custom resource of that name", "Deployment", "strategy", rolling, {}, custom, "ask"],
  ])("%s", (_, kind, field, live, owned, facts, want) => {
    const theirPart = theirs({ "f:spec": { [`f:${field}`]: { "f:type": {} } } }, inApps);
    const managed = [ours({ "f:spec": { [`f:${field}`]: owned } }, inApps), theirPart];
    expect(decide(workload(kind, { [field]: {} }), workload(kind, { [field]: live }, managed), facts).kind).toBe(want);
  });
});
