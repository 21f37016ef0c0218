import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { expect, it } from "vitest";
import { holds } from "../../conformance/story/holds.ts";
import { parseScenario, type Wanted } from "../../conformance/story/scenario.ts";

const ready: JsonObject = {
  metadata: { generation: 2 },
  status: {
    observedGeneration: 2,
    lastAttemptedRevision: "main@sha1:abc",
    conditions: [{ type: "Ready", status: "True", reason: "Done", observedGeneration: 2 }],
  },
};
const behind: JsonObject = { ...ready, metadata: { generation: 3 } };

it.each<{ object: JsonObject | undefined; wanted: Wanted; expected?: { token?: string; commit?: string }; want: boolean; why: string }>([
  { why: "absent", object: undefined, wanted: "absent", want: true },
  { why: "not absent", object: ready, wanted: "absent", want: false },
  { why: "present", object: ready, wanted: "present", want: true },
  { why: "not there yet", object: undefined, wanted: "present", want: false },
  { why: "ready", object: ready, wanted: "True", want: true },
  { why: "ready at an older generation", object: behind, wanted: "True", want: false },
  { why: "another reason", object: ready, wanted: { ready: "True", reason: "Other" }, want: false },
  { why: "at the commit", object: ready, wanted: { at: "one" }, expected: { commit: "abc" }, want: true },
  { why: "at another commit", object: ready, wanted: { at: "one" }, expected: { commit: "def" }, want: false },
  { why: "a request that is not handled", object: ready, wanted: "True", expected: { token: "1" }, want: false },
  { why: "a value by its path", object: ready, wanted: { where: { "status.conditions.0.reason": "Done", "status.nothing": null } }, want: true },
  { why: "another value", object: ready, wanted: { where: { "status.observedGeneration": 3 } }, want: false },
])("$why", ({ object, wanted, expected = {}, want }) => expect(holds(object, wanted, expected)).toBe(want));

it.each([
  ["an unknown step", "about: a\nsteps: [{dance: now}]"],
  ["an unknown key", "about: a\nsteps: [{commit: {files: {}, mesage: b}}]"],
  ["no steps", "about: a"],
])("a scenario with %s is refused", (_, text) => expect(() => parseScenario(text)).toThrow("not a scenario"));
