import { parseAlert } from "@sluice/engine/flux/alert-object.ts";
import { parseProvider } from "@sluice/engine/flux/provider-object.ts";
import { describe, expect, it } from "vitest";
import { alertOf, providerOf } from "../../../support/notify/world.ts";

const NOTHING = { providerRef: { name: "p" }, eventSources: [] };

describe("an Alert", () => {
  it("has what the API server would fill in", () => {
    const alert = parseAlert(alertOf({ name: "a", namespace: "apps", spec: { providerRef: { name: "p" }, eventSources: [{ kind: "Bucket", name: "b" }] } }));
    expect(alert.ok && alert.value.spec).toEqual({
      provider: "p",
      eventSeverity: "info",
      eventSources: [{ kind: "Bucket", name: "b", namespace: "apps" }],
      inclusionList: [],
      exclusionList: [],
      eventMetadata: {},
      suspend: false,
    });
  });

  it("tells empty labels from none", () => {
    const alert = parseAlert(alertOf({ name: "a", namespace: "apps", spec: { ...NOTHING, eventSources: [{ kind: "Bucket", name: "*", matchLabels: {} }] } }));
    expect(alert.ok && alert.value.spec.eventSources[0]?.matchLabels).toEqual({});
  });

  it.each([
    { spec: { ...NOTHING, providerRef: {} }, want: "spec.providerRef.name: required value" },
    { spec: { ...NOTHING, eventSeverity: "loud" }, want: 'spec.eventSeverity: expected one of info, error, got "loud"' },
    { spec: { ...NOTHING, eventSources: [{ kind: "Bucket" }] }, want: "spec.eventSources[0].name: required value" },
    { spec: { ...NOTHING, inclusionList: [1] }, want: "spec.inclusionList[0]: expected a text, got a number" },
    { spec: { ...NOTHING, eventMetadata: { a: 1 } }, want: "spec.eventMetadata.a: expected a text, got a number" },
  ])("$want", ({ spec, want }) => expect(parseAlert(alertOf({ name: "a", namespace: "apps", spec }))).toEqual({ ok: false, problem: want }));
});

describe("a Provider", () => {
  it("may have no spec", () => {
    const provider = parseProvider(providerOf("p", "apps", {}));
    expect(provider.ok && provider.value.spec).toEqual({ type: "", address: "", channel: "", username: "", timeout: 15_000, suspend: false });
  });

  it.each([
    { spec: { type: "slack", timeout: "soon" }, want: 'spec.timeout: expected a duration such as "10m0s", got "soon"' },
    { spec: { type: "slack", secretRef: {} }, want: "spec.secretRef.name: required value" },
    { spec: { type: 7 }, want: "spec.type: expected a text, got a number" },
  ])("$want", ({ spec, want }) => expect(parseProvider(providerOf("p", "apps", spec))).toEqual({ ok: false, problem: want }));
});
