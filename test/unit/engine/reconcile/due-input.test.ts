import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { isDue } from "@sluice/engine/plan/due.ts";
import { dueInputOf, type Surroundings } from "@sluice/engine/reconcile/due-input.ts";
import { describe, expect, it } from "vitest";

const REQUESTED = "reconcile.fluxcd.io/requestedAt";
const object = (parts: { metadata?: JsonObject; spec?: JsonObject; status?: JsonObject } = {}): Manifest => ({
  apiVersion: "kustomize.toolkit.fluxcd.io/v1",
  kind: "Kustomization",
  metadata: { name: "a", namespace: "n", uid: "u", generation: 2, ...parts.metadata },
  spec: { interval: "10m", ...parts.spec },
  ...(parts.status !== undefined && { status: parts.status }),
});
const ready = (status: string, observedGeneration = 2, type = "Ready"): JsonObject => ({
  type,
  status,
  reason: "R",
  message: "m",
  observedGeneration,
  lastTransitionTime: "2030-01-01T00:00:00Z",
});

describe("what a LIST says of an object, and whether it is due at this very moment", () => {
  it.each<{ name: string; parts: { metadata?: JsonObject; spec?: JsonObject; status?: JsonObject }; want: string }>([
    { name: "never looked at", parts: {}, want: "new" },
    { name: "with an observedGeneration of -1 alone", parts: { status: { observedGeneration: -1 } }, want: "new" },
    { name: "at rest", parts: { status: { conditions: [ready("True")] } }, want: "no" },
    { name: "changed since", parts: { status: { conditions: [ready("True", 1)] } }, want: "generation" },
    { name: "in the middle of something", parts: { status: { conditions: [ready("Unknown")] } }, want: "unfinished" },
    { name: "stalled", parts: { status: { conditions: [ready("True", 2, "Stalled"), ready("False")] } }, want: "no" },
    { name: "stalled, and changed since", parts: { status: { conditions: [ready("True", 1, "Stalled"), ready("False", 1)] } }, want: "generation" },
    { name: "asked for", parts: { metadata: { annotations: { [REQUESTED]: "1" } }, status: { conditions: [ready("True")] } }, want: "request" },
    {
      name: "asked for, and answered",
      parts: { metadata: { annotations: { [REQUESTED]: "1" } }, status: { conditions: [ready("True")], lastHandledReconcileAt: "1" } },
      want: "no",
    },
    { name: "asked for while suspended", parts: { metadata: { annotations: { [REQUESTED]: "1" } }, spec: { suspend: true } }, want: "request" },
    { name: "suspended", parts: { spec: { suspend: true } }, want: "no" },
    { name: "deleted while suspended", parts: { metadata: { deletionTimestamp: "2030-01-01T00:00:00Z" }, spec: { suspend: true } }, want: "deletion" },
    { name: "with an interval that nobody can read", parts: { spec: { interval: "soon" }, status: { conditions: [ready("True")] } }, want: "no" },
    { name: "with conditions that are none", parts: { status: { conditions: ["x", { type: 1 }, ready("True")] } }, want: "no" },
    { name: "with a status that is none", parts: { status: { conditions: "x" } }, want: "new" },
  ])("$name: $want", ({ parts, want }) => {
    const now = epochMs(Date.parse("2030-01-01T00:00:00Z"));
    const due = isDue(dueInputOf(object(parts)), { from: now, to: now });
    expect(due.kind === "due" ? due.cause : "no").toBe(want);
  });

  const failedAt = (message: string): JsonObject => ({ ...ready("True", 2, "Reconciling"), reason: "ProgressingWithRetry", message });
  const FETCHING = "Fetching manifests for revision main@sha1:b with a timeout of 9m30s";
  it.each<{ name: string; status: JsonObject; around: Surroundings; want: string }>([
    { name: "its source stands where it was tried", status: { lastAttemptedRevision: "main@sha1:a" }, around: { sourceRevision: "main@sha1:a" }, want: "no" },
    { name: "its source has moved on", status: { lastAttemptedRevision: "main@sha1:a" }, around: { sourceRevision: "main@sha1:b" }, want: "revision" },
    { name: "its source has something for the first time", status: {}, around: { sourceRevision: "main@sha1:a" }, want: "revision" },
    { name: "nothing is known of its source", status: { lastAttemptedRevision: "main@sha1:a" }, around: {}, want: "no" },
    {
      name: "the new revision failed before it counted as attempted",
      status: { lastAttemptedRevision: "main@sha1:a", conditions: [ready("False"), failedAt(FETCHING)] },
      around: { sourceRevision: "main@sha1:b" },
      want: "no",
    },
    {
      name: "and there is a newer one",
      status: { lastAttemptedRevision: "main@sha1:a", conditions: [ready("False"), failedAt(FETCHING)] },
      around: { sourceRevision: "main@sha1:c" },
      want: "revision",
    },
    {
      name: "what it retries has no revision",
      status: { lastAttemptedRevision: "main@sha1:a", conditions: [ready("False"), failedAt("building artifact")] },
      around: { sourceRevision: "main@sha1:b" },
      want: "revision",
    },
    { name: "its dependencies are ready", status: { conditions: [ready("False")] }, around: { unblocked: true }, want: "dependencies" },
  ])("beside what it refers to: $name: $want", ({ status, around, want }) => {
    const now = epochMs(Date.parse("2030-01-01T00:00:00Z"));
    const due = isDue(dueInputOf(object({ status: { conditions: [ready("True")], ...status } }), around), { from: now, to: now });
    expect(due.kind === "due" ? due.cause : "no").toBe(want);
  });

  it.each<{ name: string; kind: string; status: JsonObject; revision: string | undefined; want: string }>([
    {
      name: "a release that failed once too often, at the same chart",
      kind: "HelmRelease",
      status: { lastAttemptedRevision: "1.0.0" },
      revision: "1.0.0",
      want: "no",
    },
    { name: "and another chart has come", kind: "HelmRelease", status: { lastAttemptedRevision: "1.0.0" }, revision: "1.0.1", want: "revision" },
    { name: "one that has tried none", kind: "HelmRelease", status: {}, revision: "1.0.1", want: "no" },
    { name: "one whose chart is gone", kind: "HelmRelease", status: { lastAttemptedRevision: "1.0.0" }, revision: undefined, want: "no" },
    { name: "a chart that was not in the index", kind: "HelmChart", status: { observedSourceArtifactRevision: "sha256:1" }, revision: "sha256:1", want: "no" },
    { name: "and there is another index", kind: "HelmChart", status: { observedSourceArtifactRevision: "sha256:1" }, revision: "sha256:2", want: "revision" },
    { name: "a Kustomization", kind: "Kustomization", status: { lastAttemptedRevision: "1" }, revision: "2", want: "no" },
  ])("stalled: $name: $want", ({ kind, status, revision, want }) => {
    const now = epochMs(Date.parse("2030-01-01T00:00:00Z"));
    const stalled = { ...object({ status: { conditions: [ready("True", 2, "Stalled"), ready("False")], ...status } }), kind };
    const due = isDue(dueInputOf(stalled, revision === undefined ? {} : { sourceRevision: revision }), { from: now, to: now });
    expect(due.kind === "due" ? due.cause : "no").toBe(want);
  });

  it.each<{ name: string; spec: JsonObject; interval: number; retryInterval: number }>([
    { name: "both", spec: { interval: "1h", retryInterval: "30s" }, interval: 3_600_000, retryInterval: 30_000 },
    { name: "no retryInterval", spec: { interval: "1h" }, interval: 3_600_000, retryInterval: 3_600_000 },
    { name: "nonsense", spec: { interval: "x", retryInterval: 5 }, interval: 60_000, retryInterval: 60_000 },
  ])("intervals: $name", ({ spec, interval, retryInterval }) => {
    expect(dueInputOf(object({ spec }))).toMatchObject({ interval, retryInterval });
  });
});
