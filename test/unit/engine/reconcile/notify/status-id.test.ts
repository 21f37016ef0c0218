import { objectMetaOf } from "@sluice/engine/flux/object.ts";
import { computedStatusId, defaultStatusId } from "@sluice/engine/reconcile/notify/status-id.ts";
import { describe, expect, it } from "vitest";
import { notified } from "../../../../support/notify/recorded.ts";
import { alertOf, createWorld, providerOf } from "../../../../support/notify/world.ts";

const EVENT = notified("e", {
  involvedObject: { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", namespace: "apps", name: "Web", uid: "u" },
  severity: "error",
  timestamp: "2026-01-02T03:04:05Z",
  reason: "r",
  message: "m",
  reportingController: "c",
  metadata: { revision: "main@sha1:aa", env: "prod" },
});

it("is one for each object and Provider", () =>
  expect(defaultStatusId(EVENT, { metadata: objectMetaOf(providerOf("p", "apps", {})) })).toBe("kustomization/web/0a1b2c3d"));

const VARIABLES = {
  event: { involvedObject: { name: "web" }, metadata: { env: "prod" } },
  alert: { metadata: { name: "a" } },
  provider: { metadata: { name: "p" } },
};
const PREFIX = "failed to create commit status: failed to evaluate the spec.commitStatusExpr CEL expression for the event: ";

describe("spec.commitStatusExpr", () => {
  it.each([
    { text: "event.involvedObject.name + '/' + event.metadata.env", want: "web/prod" },
    { text: "alert.metadata.name + '-' + provider.metadata.name", want: "a-p" },
    { text: "'fixed'", want: "fixed" },
  ])("$text", async ({ text, want }) => expect(await computedStatusId(text, VARIABLES)).toEqual({ ok: true, value: want }));

  it.each([
    { text: "1 + 1", want: `${PREFIX}failed to compile expression: CEL expression output type mismatch: expected string, got int` },
    { text: "string(event.metadata.nothing)", want: `${PREFIX}failed to evaluate the CEL expression 'string(event.metadata.nothing)': no such key: nothing` },
  ])("$text is a problem", async ({ text, want }) => expect(await computedStatusId(text, VARIABLES)).toEqual({ ok: false, problem: want }));

  it("sees the event as it is sent, the Alert and the Provider", async () => {
    const commitStatusExpr = "event.metadata.env + '/' + event.severity + '/' + alert.spec.providerRef.name + '/' + provider.spec.type";
    const objects = [
      alertOf({ name: "a", namespace: "apps", spec: { providerRef: { name: "p" }, eventSources: [] } }),
      providerOf("p", "apps", { type: "github", commitStatusExpr }),
    ];
    const world = createWorld({ objects });
    const target = { kind: "provider", alert: { namespace: "apps", name: "a", uid: "uid-of-a" }, provider: "p" } as const;
    await world.notifications().deliver({ cluster: "test", event: EVENT, target, attempt: 0, done: 0 });
    expect(world.told).toEqual([]);
    expect(world.sent[0]?.notification.provider.statusId).toBe("prod/error/p/github");
  });
});
