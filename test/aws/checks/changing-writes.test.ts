import { describe, expect, it } from "vitest";
import type { ApiRequest } from "../world/api-requests.ts";
import { countWrites, fluxWrites, writesTooMany } from "./changing-writes.ts";

const A = {
  at: 0,
  by: "apply",
  verb: "apply",
  dryRun: false,
  target: "configmaps/default/a",
  group: "",
  subresource: "",
  code: 200,
  changed: true,
  content: "one",
};
const write = (difference: Partial<ApiRequest> = {}): ApiRequest => ({ ...A, ...difference });

describe("writes too many", () => {
  it.each<{ what: string; requests: readonly ApiRequest[]; kills?: number; want: number }>([
    { what: "one", requests: [write()], want: 0 },
    { what: "the same twice", requests: [write(), write()], want: 1 },
    { what: "the same twice, with a kill", requests: [write(), write()], kills: 1, want: 0 },
    { what: "two revisions", requests: [write(), write({ content: "two" })], want: 0 },
    { what: "back and forth", requests: [write(), write({ content: "two" }), write()], want: 1 },
    { what: "two objects", requests: [write(), write({ target: "configmaps/default/b" })], want: 0 },
    { what: "a dry-run", requests: [write(), write({ dryRun: true, changed: false })], want: 0 },
    { what: "drift put right", requests: [write(), write({ by: "admin", verb: "patch", content: "theirs" }), write()], want: 0 },
    { what: "drift put right twice", requests: [write(), write({ by: "admin", content: "theirs" }), write(), write()], want: 1 },
    { what: "one that changes nothing", requests: [write({ changed: false })], want: 1 },
    { what: "one that changes nothing, with a kill", requests: [write({ changed: false })], kills: 1, want: 0 },
    { what: "one that was refused", requests: [write({ changed: false, code: 409 }), write()], want: 0 },
    { what: "a read", requests: [write({ verb: "get", changed: false })], want: 0 },
    { what: "the same deletion twice", requests: [write({ verb: "delete" }), write({ verb: "delete" })], want: 1 },
    { what: "events", requests: [write({ target: "events/default/a" }), write({ target: "events/default/a" })], want: 0 },
  ])("$what", ({ requests, kills, want }) => expect(writesTooMany(requests, kills)).toHaveLength(want));

  it("objects of Flux are counted apart", () => {
    const status = write({ verb: "patch", group: "x.toolkit.fluxcd.io", target: "x.toolkit.fluxcd.io/things/default/a/status", subresource: "status" });
    const finalizer = write({ verb: "patch", group: "x.toolkit.fluxcd.io", target: "x.toolkit.fluxcd.io/things/default/a" });
    const requests = [status, status, finalizer];
    expect(countWrites(requests)).toEqual([]);
    expect(fluxWrites(requests)).toEqual({ "x.toolkit.fluxcd.io/things/default/a": { status: 2, other: 1 } });
  });
});
