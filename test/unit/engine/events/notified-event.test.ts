import { epochMs } from "@sluice/engine/domain/time.ts";
import { LONGEST_MESSAGE, notifiedEvent } from "@sluice/engine/events/notified-event.ts";
import type { FluxEvent } from "@sluice/engine/ports/event-sink.ts";
import { describe, expect, it } from "vitest";

const NOW = epochMs(Date.parse("2026-01-02T03:04:05.678Z"));
const EVENT: FluxEvent = {
  object: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u", resourceVersion: "7" },
  type: "Normal",
  reason: "ReconciliationSucceeded",
  message: "done",
  metadata: { "kustomize.toolkit.fluxcd.io/revision": "main@sha1:aa", "event.toolkit.fluxcd.io/team": "blue" },
  controller: "kustomize-controller",
};
const made = (change: Partial<FluxEvent> = {}, cluster = "prod", now = NOW) => notifiedEvent({ ...EVENT, ...change }, { cluster, now });

it("is what Flux posts", () =>
  expect(made()).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{64}$/),
    involvedObject: EVENT.object,
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    message: "done",
    reason: "ReconciliationSucceeded",
    metadata: EVENT.metadata,
    reportingController: "kustomize-controller",
    reportingInstance: "kustomize-controller",
  }));

it("has no metadata where there is none", () => expect(made({ metadata: {} })).not.toHaveProperty("metadata"));
it("is an error for a Warning", () => expect(made({ type: "Warning" })?.severity).toBe("error"));
it("is nothing for Trace", () => expect(made({ type: "Trace" })).toBeUndefined());

describe("its id", () => {
  it("is the same however the metadata is written", () => {
    const metadata = Object.fromEntries(Object.entries(EVENT.metadata).toReversed());
    expect(made({ metadata })?.id).toBe(made()?.id);
  });

  it.each([
    { what: "another cluster", other: made({}, "test") },
    { what: "a millisecond later", other: made({}, "prod", epochMs(NOW + 1)) },
    { what: "another object", other: made({ object: { ...EVENT.object, uid: "v" } }) },
    { what: "another reason", other: made({ reason: "Progressing" }) },
    { what: "another message", other: made({ message: "done!" }) },
    { what: "other metadata", other: made({ metadata: {} }) },
  ])("tells $what", ({ other }) => expect(other?.id).not.toBe(made()?.id));
});

describe("its message", () => {
  it.each([
    { what: "the longest", message: "x".repeat(LONGEST_MESSAGE), length: LONGEST_MESSAGE },
    { what: "a longer one", message: "x".repeat(LONGEST_MESSAGE + 5), length: LONGEST_MESSAGE },
    { what: "no half of a character", message: `${"x".repeat(LONGEST_MESSAGE - 1)}💫`, length: LONGEST_MESSAGE - 1 },
  ])("$what", ({ message, length }) => expect(made({ message })?.message).toHaveLength(length));
});
