import { dedupeKey } from "@sluice/engine/events/dedupe-key.ts";
import { combineMetadata, plainMetadata } from "@sluice/engine/events/metadata.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../support/notify/recorded.ts";

const eventWith = (metadata: { readonly [key: string]: string }) =>
  notified("e", {
    involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "web", uid: "u" },
    severity: "info",
    timestamp: "2026-01-02T03:04:05Z",
    reason: "r",
    message: "m",
    reportingController: "c",
    metadata,
  });

type Row = {
  readonly what: string;
  readonly metadata: { readonly [key: string]: string };
  readonly spec: Parameters<typeof combineMetadata>[1]["spec"];
  readonly want: { readonly [key: string]: string };
};

describe("who names a key together with others", () => {
  it.each<Row>([
    {
      what: "annotation and Alert",
      metadata: { "event.toolkit.fluxcd.io/env": "a" },
      spec: { eventMetadata: { env: "b" } },
      want: { env: "involved object annotations, Alert object .spec.eventMetadata" },
    },
    {
      what: "the Alert twice",
      metadata: {},
      spec: { eventMetadata: { summary: "b" }, summary: "c" },
      want: { summary: "Alert object .spec.eventMetadata, Alert object .spec.summary" },
    },
    { what: "nobody", metadata: { "event.toolkit.fluxcd.io/env": "a" }, spec: { eventMetadata: { region: "b" } }, want: {} },
    { what: "keys that JavaScript knows", metadata: { "event.toolkit.fluxcd.io/toString": "a" }, spec: { eventMetadata: { constructor: "b" } }, want: {} },
  ])("$what", ({ metadata, spec, want }) => expect(combineMetadata(eventWith(metadata), { spec }).conflicts).toEqual(want));
});

it("without an Alert the controller's word counts", () =>
  expect(plainMetadata(eventWith({ "event.toolkit.fluxcd.io/env": "a", "kustomize.toolkit.fluxcd.io/env": "b", x: "y" })).metadata).toEqual({ env: "b" }));

it("what another cluster says is not the same", () => expect(dedupeKey("a", eventWith({}))).not.toBe(dedupeKey("b", eventWith({}))));
