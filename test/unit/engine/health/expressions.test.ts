import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { compileHealthExpressions } from "@sluice/engine/health/expressions.ts";
import { describe, expect, it } from "vitest";

const object = (apiVersion: string, kind: string, more: object = {}): Manifest => ({ apiVersion, kind, metadata: { name: "a" }, ...more });
const thing = (phase: string, more: object = {}): Manifest => object("example.com/v1", "Thing", { status: { phase, ...more } });

function health(entries: Parameters<typeof compileHealthExpressions>[0], manifest: Manifest): string {
  const compiled = compileHealthExpressions(entries);
  if (!compiled.ok) return compiled.problem;
  const found = compiled.value(manifest);
  return found === undefined ? "kstatus" : found.kind === "unknown" ? `unknown: ${found.message}` : found.kind;
}

const PHASES = {
  apiVersion: "example.com/v1beta1",
  kind: "Thing",
  current: "status.phase == 'done' || status.phase == 'all'",
  inProgress: "status.phase == 'busy' || status.phase == 'all'",
  failed: "status.phase == 'broken' || status.phase == 'all'",
};

describe("healthCheckExprs", () => {
  it.each<[string, Manifest, string]>([
    ["current", thing("done"), "current"],
    ["failed", thing("broken"), "failed"],
    ["in progress", thing("busy"), "in-progress"],
    ["none is true", thing("other"), "in-progress"],
    ["inProgress comes first", thing("all"), "in-progress"],
    [
      "an error",
      object("example.com/v1", "Thing", { status: {} }),
      "unknown: failed to evaluate the CEL expression 'status.phase == 'busy' || status.phase == 'all'': no such key: phase",
    ],
    ["a generation that is not observed", { ...thing("done", { observedGeneration: 1 }), metadata: { name: "a", generation: 2 } }, "in-progress"],
    ["a generation that is", { ...thing("done", { observedGeneration: 2 }), metadata: { name: "a", generation: 2 } }, "current"],
    ["the version does not matter, the group does", object("other.com/v1beta1", "Thing", { status: { phase: "done" } }), "kstatus"],
    ["another kind", object("example.com/v1", "Other", { status: { phase: "done" } }), "kstatus"],
  ])("%s", (_, manifest, want) => expect(health([PHASES], manifest)).toBe(want));

  it("failed comes before current", () =>
    expect(health([{ apiVersion: "v1", kind: "Pod", current: "true", failed: "true" }], object("v1", "Pod"))).toBe("failed"));
  it("one without a kind is for its group; one with a kind wins", () => {
    const group = { apiVersion: "example.com/v1", current: "true" };
    expect(health([group], object("example.com/v1", "Other"))).toBe("current");
    expect(health([group, PHASES], thing("broken"))).toBe("failed");
    expect(health([{ apiVersion: "v1", current: "true" }], object("v1", "Pod"))).toBe("current");
  });
  it("something that is no bool", () =>
    expect(health([{ apiVersion: "v1", kind: "Pod", current: "metadata.name" }], object("v1", "Pod"))).toBe(
      "unknown: failed to evaluate CEL expression as boolean: 'metadata.name'",
    ));

  const SYNTAX = "failed to parse the CEL expression 'x.': ERROR: <input>:1:3: Syntax error: no viable alternative at input '.'\n | x.\n | ..^";
  it.each([
    [
      "Current",
      [{ apiVersion: "v1", current: "x." }],
      `failed to create custom status evaluator for healthchecks[0]: failed to parse the expression Current: ${SYNTAX}`,
    ],
    [
      "Failed",
      [{ apiVersion: "v1", current: "true", failed: "x." }],
      `failed to create custom status evaluator for healthchecks[0]: failed to parse the expression Failed: ${SYNTAX}`,
    ],
    [
      "InProgress of the second",
      [PHASES, { apiVersion: "v1", current: "true", inProgress: "x." }],
      `failed to create custom status evaluator for healthchecks[1]: failed to parse the expression InProgress: ${SYNTAX}`,
    ],
    ["no Current", [{ apiVersion: "v1", current: "" }], "failed to create custom status evaluator for healthchecks[0]: expression Current not specified"],
    [
      "twice, in two versions",
      [PHASES, { ...PHASES, apiVersion: "example.com/v2" }],
      "duplicate custom health check for GroupKind Thing.example.com at healthchecks[1]",
    ],
    [
      "twice, in the core group",
      [
        { apiVersion: "v1", kind: "Pod", current: "true" },
        { apiVersion: "v1", kind: "Pod", current: "true" },
      ],
      "duplicate custom health check for GroupKind Pod at healthchecks[1]",
    ],
  ])("%s", (_, entries, want) => expect(health(entries, object("v1", "Pod"))).toBe(want));
});

it("the expressions of one Kustomization do a bounded amount of work, for however many objects", () => {
  const numbers = Array.from({ length: 200 }, (_, index) => index);
  const compiled = compileHealthExpressions([{ apiVersion: "example.com/v1", kind: "Thing", current: "status.l.all(a, status.l.all(b, a + b >= 0))" }]);
  const ends = Array.from({ length: 100 }, () => (compiled.ok ? compiled.value(thing("", { l: numbers }))?.kind : "broken"));
  expect([...new Set(ends)]).toEqual(["current", "unknown"]);
});
