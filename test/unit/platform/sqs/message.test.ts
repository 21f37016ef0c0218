import { epochMs } from "@sluice/engine/domain/time.ts";
import type { ObjectItem, WorkItem } from "@sluice/engine/domain/work-item.ts";
import { dedupeOf, groupOf, parseMessage, writeMessage } from "@sluice/platform/sqs/message.ts";
import { describe, expect, it } from "vitest";

const object: ObjectItem = {
  kind: "object",
  key: { cluster: "prod", group: "kustomize.toolkit.fluxcd.io", kind: "Kustomization", namespace: "flux-system", name: "apps" },
  cause: "source",
  look: "main@sha1:0123",
};
const push: WorkItem = { kind: "push", repository: "https://github.com/o/r", ref: "refs/heads/main", delivery: "d1" };
const cluster: WorkItem = { kind: "cluster", cluster: "prod", since: epochMs(1000), until: epochMs(61_000) };
const other = (changes: Partial<ObjectItem["key"]>): WorkItem => ({ ...object, key: { ...object.key, ...changes } });

describe("a message", () => {
  it.each<{ what: string; item: WorkItem; notBefore?: number }>([
    { what: "an object", item: object },
    { what: "an object at its third attempt, later", item: { ...object, attempt: 2 }, notBefore: 1_893_456_000_123.5 },
    { what: "an object that follows from a push", item: { ...object, attempt: 1, pushedAt: epochMs(1_893_456_000_123) } },
    { what: "a push", item: push },
    { what: "a push and when it came", item: { ...push, cluster: "prod", pushedAt: epochMs(0) } },
    { what: "a push for one cluster", item: { ...push, cluster: "prod" } },
    { what: "a sweep", item: cluster, notBefore: 0 },
    { what: "letters that SQS refuses", item: { ...push, ref: "refs/heads/\uFFFE\uFFFF\u0000\uD800 \u{1F600}" } },
  ])("says $what, and is read as written", ({ item, notBefore }) => {
    const body = notBefore === undefined ? writeMessage(item) : writeMessage(item, epochMs(notBefore));
    expect(parseMessage(body)).toEqual({ ok: true, value: { item, ...(notBefore !== undefined && { notBefore }) } });
    // Source: SQS API reference, SendMessage.
    expect(body).toMatch(/^[\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]*$/u);
  });

  const body = (changes: object, item: object = object): string => JSON.stringify({ version: 1, item: { ...item, ...changes } });
  it.each<{ body: string; want: string }>([
    { body: "", want: "expected a message as a JSON object" },
    { body: "[]", want: "expected a message as a JSON object" },
    { body: "null", want: "expected a message as a JSON object" },
    { body: `${"[".repeat(200_000)}${"]".repeat(200_000)}`, want: "expected a message as a JSON object" },
    { body: "{}", want: "version: expected 1, got nothing" },
    { body: JSON.stringify({ version: 2, item: object }), want: "version: expected 1, got 2" },
    { body: JSON.stringify({ version: 1 }), want: "item: expected an object, got nothing" },
    { body: '{"version":1,"item":{"__proto__":{"kind":"push"}}}', want: 'item.kind: expected "object", "push" or "cluster", got nothing' },
    { body: body({ kind: "constructor" }), want: 'item.kind: expected "object", "push" or "cluster", got "constructor"' },
    { body: body({ kind: "x".repeat(1000) }), want: `item.kind: expected "object", "push" or "cluster", got "${"x".repeat(60)}"` },
    { body: body({ key: null }), want: "item.key.cluster: expected a text that is not empty, got nothing" },
    { body: body({ key: { ...object.key, name: "" } }), want: 'item.key.name: expected a text that is not empty, got ""' },
    { body: body({ key: { ...object.key, namespace: ["a"] } }), want: "item.key.namespace: expected a text that is not empty, got a list" },
    { body: body({ look: { toString: "x" } }), want: "item.look: expected a text that is not empty, got an object" },
    { body: body({ cause: 1 }), want: "item.cause: expected a text that is not empty, got 1" },
    { body: body({ attempt: -1 }), want: "item.attempt: expected a count, got -1" },
    { body: body({ attempt: 1.5 }), want: "item.attempt: expected a count, got 1.5" },
    { body: body({ attempt: "1" }), want: 'item.attempt: expected a count, got "1"' },
    { body: body({ repository: null }, push), want: "item.repository: expected a text that is not empty, got null" },
    { body: body({ cluster: "" }, push), want: 'item.cluster: expected a text that is not empty, got ""' },
    { body: body({ pushedAt: "now" }, push), want: 'item.pushedAt: expected milliseconds since 1970, got "now"' },
    { body: body({ pushedAt: -1 }), want: "item.pushedAt: expected milliseconds since 1970, got -1" },
    { body: body({ until: 1e300 }, cluster), want: "item.until: expected milliseconds since 1970, got 1e+300" },
    { body: body({ since: null }, cluster), want: "item.since: expected milliseconds since 1970, got null" },
    { body: JSON.stringify({ version: 1, item: object, notBefore: "soon" }), want: 'notBefore: expected milliseconds since 1970, got "soon"' },
  ])("that nobody of us wrote is refused: $want", ({ body, want }) => expect(parseMessage(body)).toEqual({ ok: false, problem: want }));

  it("has nothing in it but what belongs to an item", () => {
    expect(parseMessage(body({ extra: "x", __proto__: { y: 1 } }))).toEqual({ ok: true, value: { item: object } });
    expect(writeMessage({ ...object, ...{ secret: "s" } })).not.toContain("secret");
  });
});

describe("groupOf", () => {
  it.each<{ item: WorkItem; want: string | RegExp }>([
    { item: object, want: "prod/Kustomization/flux-system/apps" },
    { item: push, want: "push/*/https://github.com/o/r" },
    { item: { ...push, cluster: "prod" }, want: "push/prod/https://github.com/o/r" },
    { item: cluster, want: "prod" },
    { item: other({ name: "a".repeat(128 - "prod/Kustomization/flux-system/".length) }), want: /^prod\/Kustomization\/flux-system\/a+$/ },
    { item: other({ name: "a".repeat(129 - "prod/Kustomization/flux-system/".length) }), want: /^sha256:[0-9a-f]{64}$/ },
    { item: { ...push, repository: "https://git.example.com/ä r" }, want: /^sha256:[0-9a-f]{64}$/ },
  ])("$want", ({ item, want }) => {
    if (typeof want === "string") expect(groupOf(item)).toBe(want);
    else expect(groupOf(item)).toMatch(want);
    expect(groupOf(item)).toMatch(/^[!-~]{1,128}$/);
  });

  it("is the same for all looks at one object, and another for another object", () => {
    expect(groupOf({ ...object, look: "x", cause: "y", attempt: 3 })).toBe(groupOf(object));
    const long = "n".repeat(150);
    expect(new Set([object, other({ cluster: "dev" }), other({ name: "b" }), other({ name: long }), other({ name: `${long}x` })].map(groupOf)).size).toBe(5);
  });
});

describe("dedupeOf", () => {
  it.each<{ why: string; a: string; b: string; same: boolean }>([
    { why: "one look for two causes is one", a: dedupeOf(object), b: dedupeOf({ ...object, cause: "dependency", attempt: 4 }), same: true },
    { why: "one look that follows from two pushes is one", a: dedupeOf(object), b: dedupeOf({ ...object, pushedAt: epochMs(1) }), same: true },
    { why: "another look at the object is owed, too", a: dedupeOf(object), b: dedupeOf({ ...object, look: "main@sha1:4567" }), same: false },
    { why: "a look at an object of that name in another cluster", a: dedupeOf(object), b: dedupeOf(other({ cluster: "dev" })), same: false },
    { why: "a look at an object of another group", a: dedupeOf(object), b: dedupeOf(other({ group: "example.com" })), same: false },
    { why: "looks that are due at one moment are one", a: dedupeOf(object, epochMs(5)), b: dedupeOf({ ...object, look: "x" }, epochMs(5)), same: true },
    { why: "a look that was put off is not swallowed by one that was not", a: dedupeOf(object), b: dedupeOf(object, epochMs(5)), same: false },
    { why: "looks that are due at two moments", a: dedupeOf(object, epochMs(5)), b: dedupeOf(object, epochMs(6)), same: false },
    { why: "a look cannot pretend to be due", a: dedupeOf({ ...object, look: "5" }), b: dedupeOf(object, epochMs(5)), same: false },
    { why: "a delivery that is replayed", a: dedupeOf(push), b: dedupeOf({ ...push }), same: true },
    { why: "another delivery", a: dedupeOf(push), b: dedupeOf({ ...push, delivery: "d2" }), same: false },
    { why: "a push as each cluster gets it", a: dedupeOf(push), b: dedupeOf({ ...push, cluster: "prod" }), same: false },
    { why: "a tick that came twice", a: dedupeOf(cluster), b: dedupeOf({ ...cluster }), same: true },
    { why: "the next minute", a: dedupeOf(cluster), b: dedupeOf({ ...cluster, since: cluster.until, until: epochMs(121_000) }), same: false },
  ])("$why: same $same", ({ a, b, same }) => {
    expect(a === b).toBe(same);
    expect(a).toMatch(/^[0-9a-f]{64}$/);
  });
});
