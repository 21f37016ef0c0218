import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest, Metadata } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { KINDS } from "@sluice/engine/flux/kinds.ts";
import { describe, expect, it } from "vitest";
import { isAnswered, keyOf } from "../../../lib/local/watches.ts";

const NOW = epochMs(Date.parse("2030-01-01T00:10:00Z"));
const READY = { type: "Ready", status: "True", reason: "InstallSucceeded", message: "", lastTransitionTime: "2030-01-01T00:00:00Z", observedGeneration: 2 };

const release = (status: JsonObject, metadata: Partial<Metadata> = {}): Manifest => ({
  apiVersion: "helm.toolkit.fluxcd.io/v2",
  kind: "HelmRelease",
  metadata: {
    name: "a",
    namespace: "apps",
    uid: "1",
    generation: 2,
    creationTimestamp: "2030-01-01T00:00:00Z",
    finalizers: ["finalizers.fluxcd.io"],
    ...metadata,
  },
  spec: { interval: "1h", chart: { spec: { chart: "web", sourceRef: { kind: "HelmRepository", name: "r" } } } },
  status,
});

const AT_REST = { observedGeneration: 2, conditions: [READY] };

describe("a hint", () => {
  it.each<{ about: string; cause?: string; object: Manifest | undefined; want: boolean }>([
    { about: "an object that is at rest", object: release(AT_REST), want: true },
    { about: "a spec that was not looked at", object: release({ observedGeneration: 1, conditions: [{ ...READY, observedGeneration: 1 }] }), want: false },
    { about: "a request", object: release(AT_REST, { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } }), want: false },
    {
      about: "a request that was answered",
      object: release({ ...AT_REST, lastHandledReconcileAt: "now" }, { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } }),
      want: true,
    },
    { about: "an object on its way out", object: release(AT_REST, { deletionTimestamp: "2030-01-01T00:09:00Z" }), want: false },
    { about: "an object that nobody has seen", object: undefined, want: false },
    { about: "an object at rest, by the look that its source owes it", cause: "source", object: release(AT_REST), want: false },
  ])("about $about is answered: $want", ({ cause = "generation", object, want }) => {
    const key = keyOf("test", KINDS.HelmRelease, "apps", "a");
    expect(isAnswered({ kind: "object", key, cause, look: "1" }, object, NOW)).toBe(want);
  });
});
