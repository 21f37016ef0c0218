import { revision } from "@sluice/engine/domain/artifact.ts";
import type { Condition } from "@sluice/engine/domain/condition.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { epochMs, ms, seconds } from "@sluice/engine/domain/time.ts";
import { type Kustomization, parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import type { End } from "@sluice/engine/reconcile/kustomization/end.ts";
import { type HistoryEntry, recordRun } from "@sluice/engine/reconcile/kustomization/history.ts";
import { refusalText } from "@sluice/engine/reconcile/kustomization/refusal-text.ts";
import { type Summary, summarise } from "@sluice/engine/reconcile/kustomization/summarise.ts";
import { describe, expect, it } from "vitest";

const R = revision("main@sha1:1");
const NOW = epochMs(Date.parse("2030-01-01T00:00:10Z"));
const TIMES = { started: epochMs(NOW - 1500), now: NOW };
const cause = { reason: "BuildFailed", message: "m" };
const work = { digest: "sha256:1", inventory: [{ id: "_a__Namespace", v: "v1" }] };

function object(status: JsonObject = {}, spec: JsonObject = {}): Kustomization {
  const parsed = parseKustomization({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "a", namespace: "n", uid: "u", generation: 2, annotations: { "reconcile.fluxcd.io/requestedAt": "t1" } },
    spec: { interval: "10m", retryInterval: "1m", prune: true, sourceRef: { kind: "GitRepository", name: "a" }, ...spec },
    status: { observedGeneration: 1, lastAppliedRevision: "old", ...status },
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

/** `Ready=False:BuildFailed | observed 1 | attempted main@sha1:1 applied old | history BuildFailed | failed 60s`. */
function line({ status, outcome }: Summary): string {
  const conditions = (status?.conditions ?? []).map(({ type, status: value, reason }: Condition) => `${type}=${value}:${reason}`).join(" ");
  const history = (status?.history ?? []).map(({ lastReconciledStatus }) => lastReconciledStatus).join(",");
  const next = "retryIn" in outcome && outcome.retryIn !== undefined ? ` ${outcome.retryIn / 1000}s` : "";
  const revisions = `attempted ${status?.lastAttemptedRevision ?? "-"} applied ${status?.lastAppliedRevision ?? "-"}`;
  return `${conditions} | observed ${status?.observedGeneration} | ${revisions} | history ${history || "-"} | ${outcome.kind}${next}`;
}

describe("summarise", () => {
  it.each<{ name: string; end: End; status?: JsonObject; want: string; says: readonly string[] }>([
    {
      name: "no source",
      end: { kind: "no-source", cause: { reason: "ArtifactFailed", message: "m" }, retryIn: seconds(30) },
      want: "Ready=False:ArtifactFailed | observed 1 | attempted - applied old | history - | waiting 30s",
      says: [],
    },
    {
      name: "a dependency",
      end: { kind: "dependency-not-ready", revision: R, cause: { reason: "DependencyNotReady", message: "m" } },
      want: "Ready=False:DependencyNotReady | observed 1 | attempted - applied old | history - | waiting 30s",
      says: ["Normal DependencyNotReady Dependencies do not meet ready condition, retrying in 30s"],
    },
    {
      name: "stalled",
      end: { kind: "stalled", cause: { reason: "AccessDenied", message: "m" } },
      want: "Stalled=True:AccessDenied Ready=False:AccessDenied | observed 2 | attempted - applied old | history - | stalled",
      says: ["Warning AccessDenied m"],
    },
    {
      name: "no such path: nothing was attempted",
      end: { kind: "failed", revision: R, phase: "fetching", cause: { reason: "ArtifactFailed", message: "m" }, work: {} },
      want: "Reconciling=True:ProgressingWithRetry Ready=False:ArtifactFailed | observed 1 | attempted - applied old | history - | failed 60s",
      says: ["Warning ArtifactFailed m"],
    },
    {
      name: "a failed build: no history",
      end: { kind: "failed", revision: R, phase: "building", cause, work: {} },
      want: `Reconciling=True:ProgressingWithRetry Ready=False:BuildFailed | observed 1 | attempted ${R} applied old | history - | failed 60s`,
      says: ["Warning BuildFailed m"],
    },
    {
      name: "a failed apply",
      end: { kind: "failed", revision: R, phase: "detecting", cause: { reason: "ReconciliationFailed", message: "m\n" }, work },
      want: `Reconciling=True:ProgressingWithRetry Ready=False:ReconciliationFailed | observed 1 | attempted ${R} applied old | history ReconciliationFailed | failed 60s`,
      says: ["Warning ReconciliationFailed m"],
    },
    {
      name: "health not there yet",
      end: { kind: "checking", revision: R, work },
      want: `Reconciling=True:Progressing Ready=Unknown:Progressing Healthy=Unknown:Progressing | observed 1 | attempted ${R} applied old | history - | progressing 0.25s`,
      says: [],
    },
    {
      name: "unhealthy",
      end: { kind: "unhealthy", revision: R, message: "m", since: seconds(90), work },
      want: `Reconciling=True:ProgressingWithRetry Ready=False:HealthCheckFailed Healthy=False:HealthCheckFailed | observed 1 | attempted ${R} applied old | history HealthCheckFailed | failed 60s`,
      says: ["Warning HealthCheckFailed health check failed after 1m30s: m"],
    },
    {
      name: "succeeded",
      end: { kind: "succeeded", revision: R, changed: true, work },
      want: `Ready=True:ReconciliationSucceeded | observed 2 | attempted ${R} applied ${R} | history ReconciliationSucceeded | succeeded`,
      says: ["Normal ReconciliationSucceeded Reconciliation finished in 1.5s, next run in 10m0s"],
    },
    {
      name: "succeeded with health",
      end: { kind: "succeeded", revision: R, changed: true, checked: seconds(5), work },
      want: `Ready=True:ReconciliationSucceeded Healthy=True:Succeeded | observed 2 | attempted ${R} applied ${R} | history ReconciliationSucceeded | succeeded`,
      says: ["Normal Progressing Health check passed in 5s", "Normal ReconciliationSucceeded Reconciliation finished in 1.5s, next run in 10m0s"],
    },
  ])("$name", ({ end, want, says }) => {
    const summary = summarise(object(), end, TIMES);
    expect(line(summary)).toBe(want);
    expect(summary.sayings.map(({ type, reason, message }) => `${type} ${reason} ${message}`)).toEqual(says);
    // Whatever came of it, the request is answered.
    expect(summary.status?.lastHandledReconcileAt).toBe("t1");
    // The same once more: nothing to write, nothing to say.
    const again = summarise(object({ ...(summary.status as JsonObject) }), end.kind === "succeeded" ? { ...end, changed: false } : end, {
      started: epochMs(NOW + 60_000),
      now: epochMs(NOW + 61_000),
    });
    expect([again.status, again.sayings]).toEqual([undefined, []]);
  });

  it("conditions of others stay, those of ours that do not hold go", () => {
    const condition = (type: string): JsonObject => ({ type, status: "True", reason: "R", message: "m", lastTransitionTime: "2029-01-01T00:00:00Z" });
    const before = { conditions: ["Stalled", "Ready", "Healthy", "Audited"].map(condition) };
    expect(line(summarise(object(before), { kind: "succeeded", revision: R, changed: true, work }, TIMES))).toMatch(
      /^Ready=True:ReconciliationSucceeded Audited=True:R \|/,
    );
  });

  it("a message is cut at 32,768 characters", () => {
    const { status } = summarise(
      object(),
      { kind: "failed", revision: R, phase: "building", cause: { ...cause, message: "x".repeat(40_000) }, work: {} },
      TIMES,
    );
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    expect([ready?.message.length, ready?.message.slice(-4)]).toEqual([32_768, "x..."]);
  });

  it("when somebody else was faster, nothing is written or said", () => {
    const summary = summarise(object({ lastHandledReconcileAt: "t1" }), { kind: "moved", why: "moved", work: {} }, TIMES);
    expect(summary).toMatchObject({ status: undefined, sayings: [], outcome: { kind: "skipped", again: true } });
  });
});

describe("recordRun", () => {
  const run = (digest: string, status: string, at = "r1") => ({ digest, status, revision: at, now: NOW, took: ms(1500) });
  const text = (history: readonly HistoryEntry[]): string =>
    history.map((one) => `${one.digest}:${one.lastReconciledStatus}@${one.metadata?.revision} x${one.totalReconciliations}`).join(" ");
  const play = (...runs: readonly ReturnType<typeof run>[]): readonly HistoryEntry[] =>
    runs.reduce<readonly HistoryEntry[]>((history, one) => recordRun(history, one), []);

  it.each<{ name: string; runs: readonly ReturnType<typeof run>[]; want: string }>([
    { name: "the first", runs: [run("a", "S")], want: "a:S@r1 x1" },
    { name: "the same again", runs: [run("a", "S"), run("a", "S")], want: "a:S@r1 x1" },
    { name: "the same at another revision", runs: [run("a", "S"), run("a", "S", "r2")], want: "a:S@r2 x2" },
    { name: "another status", runs: [run("a", "S"), run("a", "F")], want: "a:F@r1 x1 a:S@r1 x1" },
    { name: "another digest", runs: [run("a", "S"), run("b", "S", "r2")], want: "b:S@r2 x1 a:S@r1 x1" },
    { name: "back to an older one", runs: [run("a", "S"), run("b", "S", "r2"), run("a", "S", "r3")], want: "a:S@r3 x2 b:S@r2 x1" },
    {
      name: "five at most",
      runs: ["a", "b", "c", "d", "e", "f"].map((digest) => run(digest, "S", digest)),
      want: "f:S@f x1 e:S@e x1 d:S@d x1 c:S@c x1 b:S@b x1",
    },
  ])("$name", ({ runs, want }) => expect(text(play(...runs))).toBe(want));

  it("keeps when it was first, and says when and how long it was last", () => {
    const first = play(run("a", "S"));
    const [entry] = recordRun(first, { ...run("a", "S", "r2"), now: epochMs(NOW + 60_000), took: ms(250) });
    expect(entry).toMatchObject({ firstReconciled: "2030-01-01T00:00:10Z", lastReconciled: "2030-01-01T00:01:10Z", lastReconciledDuration: "250ms" });
  });
});

describe("refusalText", () => {
  const map = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", namespace: "n" } };
  const refusal = (code: number, reason: string, message = "text") => ({ kind: "refused", why: "other", code, reason, message }) as const;
  it.each<[string, string]>([
    [refusalText(map, refusal(422, "Invalid"), "dry-run"), "ConfigMap/n/a dry-run failed (Invalid): text"],
    [refusalText(map, refusal(422, "Invalid"), "apply"), "ConfigMap/n/a apply failed (Invalid): text"],
    [refusalText(map, refusal(500, ""), "dry-run"), "ConfigMap/n/a dry-run failed: text"],
    [refusalText(map, refusal(0, ""), "dry-run"), "ConfigMap/n/a dry-run failed: text"],
    [refusalText(map, refusal(404, "NotFound"), "dry-run"), "ConfigMap/n/a not found: text"],
    [refusalText({ ...map, metadata: { name: "a" } }, refusal(404, "NotFound"), "dry-run"), "ConfigMap/a namespace not specified: text"],
    [
      refusalText({ ...map, kind: "Secret", data: { k: Buffer.from("canary").toString("base64") } }, refusal(422, "Invalid", "bad canary, Y2FuYXJ5"), "apply"),
      "Secret/n/a apply failed (Invalid): bad *****, *****",
    ],
    [refusalText({ ...map, data: { k: "shown" } }, refusal(422, "Invalid", "bad shown"), "apply"), "ConfigMap/n/a apply failed (Invalid): bad shown"],
  ])("%s", (text, want) => expect(text).toBe(want));
});
