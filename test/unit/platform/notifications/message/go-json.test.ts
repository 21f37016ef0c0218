import { eventJson, goJson, sortedKeys, wholeSeconds } from "@sluice/platform/notifications/message/go-json.ts";
import { describe, expect, it } from "vitest";
import { aNotification } from "../../../../support/notifications/notification.ts";

/** Source: Go's encoding/json; recorded in providers/generic-hmac-*. */
describe("goJson", () => {
  it.each([
    { value: '<a> & "b" \\ /', want: String.raw`"\u003ca\u003e \u0026 \"b\" \\ /"` },
    { value: "\u2028\u2029\u007f", want: '"\\u2028\\u2029\u007f"' },
    { value: "\b\f\n\r\t\u0001", want: String.raw`"\b\f\n\r\t\u0001"` },
    { value: "ü 😀", want: '"ü 😀"' },
    { value: "half \ud83d", want: '"half \ufffd"' },
    { value: { b: 1, a: null, c: undefined, d: [true, ""] }, want: '{"b":1,"a":null,"d":[true,""]}' },
  ])("$want", ({ value, want }) => expect(goJson(value)).toBe(want));
});

it("maps are sorted by their keys", () => expect(Object.keys(sortedKeys({ b: 1, B: 2, "a-b": 3, a: 4 }))).toEqual(["B", "a", "a-b", "b"]));

describe("an event's JSON", () => {
  const { event } = aNotification({});
  it("has the fields in Flux's order, metadata sorted", () => {
    const written = eventJson({ ...event, metadata: { b: "2", a: "1" } });
    expect(written).toBe(
      '{"involvedObject":{"kind":"Kustomization","namespace":"apps","name":"backend","uid":"a1b2c3d4-0000-4000-8000-000000000001","apiVersion":"kustomize.toolkit.fluxcd.io/v1","resourceVersion":"4711"},' +
        '"severity":"error","timestamp":"2026-01-02T03:04:05Z","message":"health check failed","reason":"HealthCheckFailed","metadata":{"a":"1","b":"2"},"reportingController":"kustomize-controller","reportingInstance":"sluice"}',
    );
  });
  it("leaves out what is empty", () => {
    const { metadata: _, ...plain } = event;
    const written = JSON.parse(eventJson({ ...plain, reportingInstance: "", involvedObject: { ...event.involvedObject, resourceVersion: "" } }));
    expect(Object.keys(written)).toEqual(["involvedObject", "severity", "timestamp", "message", "reason", "reportingController"]);
    expect(Object.keys(written.involvedObject)).toEqual(["kind", "namespace", "name", "uid", "apiVersion"]);
    expect(JSON.parse(eventJson({ ...event, metadata: {} }))).not.toHaveProperty("metadata");
  });
  it.each([
    ["2026-01-02T03:04:09+02:00", "2026-01-02T01:04:09Z"],
    ["2026-01-02T03:04:07.999999Z", "2026-01-02T03:04:07Z"],
    ["no time", "no time"],
  ])("time %s is %s", (given, want) => expect(wholeSeconds(given)).toBe(want));
});
