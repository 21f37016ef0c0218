import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { HelmReleaseStatus } from "@sluice/engine/flux/helm-release-object.ts";
import { nextAction } from "@sluice/engine/release/next-action.ts";
import { forceRequest, resetRequest } from "@sluice/engine/release/requests.ts";
import { type Desired, type ReleaseState, releaseState } from "@sluice/engine/release/state.ts";
import { describe, expect, it } from "vitest";
import { helmRelease, sampleDigest, snapshot, stored } from "../../../support/helm-release/samples.ts";

const DESIRED: Desired = {
  chartName: "shop",
  chartVersion: "1.0.0",
  configDigest: sampleDigest({}),
  postRenderersDigest: undefined,
  commonMetadataDigest: undefined,
};
const PROGRESS = { action: "upgrade", step: "apply", since: "2030-01-01T00:00:00Z", began: "2030-01-01T00:00:00Z" } as const;
const knowing = (release: HelmStoredRelease, more: HelmReleaseStatus = {}): HelmReleaseStatus => ({
  observedGeneration: 2,
  history: [snapshot(release)],
  ...more,
});
const TESTED = { testHooks: { a: { phase: "Failed" } } };

type Row = {
  readonly name: string;
  readonly latest?: HelmStoredRelease;
  readonly spec?: JsonObject;
  readonly status?: HelmReleaseStatus;
  readonly desired?: Partial<Desired>;
  readonly want: string;
};

describe("the state of a release", () => {
  const deployed = stored(2, "deployed");
  it.each<Row>([
    { name: "nothing is stored", want: "absent: no release in storage for object" },
    { name: "it was uninstalled", latest: stored(1, "uninstalled"), want: "absent: found uninstalled release in storage" },
    { name: "it is pending", latest: stored(1, "pending-rollback"), want: "locked" },
    { name: "nobody here knows it", latest: deployed, want: "unmanaged: found existing release in storage" },
    {
      name: "somebody has changed it",
      latest: { ...deployed, manifest: "---\n" },
      status: knowing(deployed),
      want: "unmanaged: release not observed to be made for object",
    },
    {
      name: "a test by hand changes nothing",
      latest: { ...deployed, hooks: [hookOf("Succeeded")] },
      status: knowing({ ...deployed, hooks: [hookOf("")] }),
      want: "in-sync",
    },
    { name: "it has failed", latest: stored(2, "failed"), status: knowing(stored(2, "failed")), want: "failed: " },
    {
      name: "its chart is another version",
      latest: deployed,
      status: knowing(deployed),
      desired: { chartVersion: "1.1.0" },
      want: "out-of-sync: release chart changed",
    },
    {
      name: "its values are others",
      latest: deployed,
      status: knowing(deployed),
      desired: { configDigest: "x" },
      want: "out-of-sync: release config values changed",
    },
    {
      name: "post-renderers changed with the generation",
      latest: deployed,
      status: knowing(deployed, { observedGeneration: 1 }),
      desired: { postRenderersDigest: "x" },
      want: "out-of-sync: postrenderers digest has changed",
    },
    { name: "post-renderers cannot change without one", latest: deployed, status: knowing(deployed), desired: { postRenderersDigest: "x" }, want: "in-sync" },
    { name: "it is to be tested", latest: deployed, spec: { test: { enable: true } }, status: knowing(deployed), want: "untested" },
    {
      name: "its test failed",
      latest: deployed,
      spec: { test: { enable: true } },
      status: { ...knowing(deployed), lastAttemptedReleaseAction: "upgrade", history: [snapshot(deployed, TESTED)] },
      want: "failed: release has test in failed phase",
    },
    {
      name: "its test failed, which is ignored",
      latest: deployed,
      spec: { test: { enable: true, ignoreFailures: true } },
      status: { ...knowing(deployed), lastAttemptedReleaseAction: "upgrade", history: [snapshot(deployed, TESTED)] },
      want: "in-sync",
    },
    {
      name: "somebody is uninstalling it",
      latest: stored(2, "uninstalling"),
      status: knowing(stored(2, "uninstalling")),
      want: "unknown: unable to determine state for release with status 'uninstalling'",
    },
  ])("$name", ({ latest, spec, status, desired, want }) => {
    const state = releaseState(helmRelease(spec, status), latest === undefined ? undefined : { release: latest, labels: {} }, { ...DESIRED, ...desired });
    const why = "reason" in state ? `: ${state.reason}` : "message" in state ? `: ${state.message}` : "";
    expect(`${state.kind}${why}`).toBe(want);
  });

  it("is in progress where an action of ours is at work, whatever else is so", () => {
    expect(releaseState(helmRelease(), { release: deployed, labels: {}, progress: PROGRESS }, DESIRED)).toEqual({
      kind: "in-progress",
      release: deployed,
      progress: PROGRESS,
    });
  });
});

function hookOf(phase: "" | "Succeeded"): NonNullable<HelmStoredRelease["hooks"]>[number] {
  return { name: "t", kind: "Pod", path: "shop/templates/t.yaml", manifest: "", events: ["test"], last_run: { phase } };
}

describe("what is done next", () => {
  const release = stored(3, "failed");
  const good = snapshot(stored(2, "deployed"));
  const failedOnce: HelmReleaseStatus = { lastAttemptedReleaseAction: "upgrade", upgradeFailures: 1, history: [snapshot(release), good] };
  const failed: ReleaseState = { kind: "failed", release, reason: "" };
  it.each<{ name: string; state: ReleaseState; spec?: JsonObject; status?: HelmReleaseStatus; forced?: boolean; want: string }>([
    { name: "absent", state: { kind: "absent", reason: "" }, want: "install" },
    {
      name: "absent, out of retries",
      state: { kind: "absent", reason: "" },
      status: { lastAttemptedReleaseAction: "install", installFailures: 1 },
      want: "terminal RetriesExceeded: Failed to install after 1 attempt(s)",
    },
    {
      name: "absent, out of retries, and asked for",
      state: { kind: "absent", reason: "" },
      status: { lastAttemptedReleaseAction: "install", installFailures: 1 },
      forced: true,
      want: "install",
    },
    { name: "locked", state: { kind: "locked", release }, want: "unlock" },
    { name: "unmanaged", state: { kind: "unmanaged", release, reason: "" }, want: "upgrade, forgetting" },
    { name: "out of sync", state: { kind: "out-of-sync", release, reason: "" }, want: "upgrade" },
    {
      name: "out of sync, out of retries",
      state: { kind: "out-of-sync", release, reason: "" },
      status: failedOnce,
      want: "terminal RetriesExceeded: Failed to upgrade after 1 attempt(s)",
    },
    {
      name: "out of sync, one retry left",
      state: { kind: "out-of-sync", release, reason: "" },
      spec: { upgrade: { remediation: { retries: 1 } } },
      status: failedOnce,
      want: "upgrade",
    },
    {
      name: "out of sync, retries without end",
      state: { kind: "out-of-sync", release, reason: "" },
      spec: { upgrade: { remediation: { retries: -1 } } },
      status: failedOnce,
      want: "upgrade",
    },
    { name: "untested", state: { kind: "untested", release }, want: "test" },
    { name: "in sync", state: { kind: "in-sync", release }, want: "none" },
    { name: "in sync, and asked for", state: { kind: "in-sync", release }, forced: true, want: "upgrade" },
    { name: "failed, by whom nobody knows", state: failed, want: "upgrade" },
    { name: "failed, and something has changed since", state: failed, status: { ...failedOnce, upgradeFailures: 0 }, want: "upgrade" },
    { name: "failed, no retries", state: failed, status: failedOnce, want: "terminal RetriesExceeded: Failed to upgrade after 1 attempt(s)" },
    { name: "failed, asked for", state: failed, status: failedOnce, forced: true, want: "upgrade" },
    { name: "failed, a retry left", state: failed, spec: { upgrade: { remediation: { retries: 1 } } }, status: failedOnce, want: "rollback to 2" },
    {
      name: "failed for the last time, which is remediated, too",
      state: failed,
      spec: { upgrade: { remediation: { retries: 1 } } },
      status: { ...failedOnce, upgradeFailures: 2 },
      want: "rollback to 2",
    },
    {
      name: "failed for the last time, which stays",
      state: failed,
      spec: { upgrade: { remediation: { retries: 1, remediateLastFailure: false } } },
      status: { ...failedOnce, upgradeFailures: 2 },
      want: "terminal RetriesExceeded: Failed to upgrade after 2 attempt(s)",
    },
    {
      name: "failed, to be uninstalled",
      state: failed,
      spec: { upgrade: { remediation: { retries: 1, strategy: "uninstall" } } },
      status: failedOnce,
      want: "uninstall-remediation",
    },
    {
      name: "failed, with nothing to go back to",
      state: failed,
      spec: { upgrade: { remediation: { retries: 1 } } },
      status: { ...failedOnce, history: [snapshot(release)] },
      want: "terminal MissingRollbackTarget: Failed to perform remediation: missing target release for rollback: cannot remediate failed release",
    },
    {
      name: "an install that failed",
      state: failed,
      spec: { install: { remediation: { retries: 1 } } },
      status: { lastAttemptedReleaseAction: "install", installFailures: 1 },
      want: "uninstall-remediation",
    },
    {
      name: "failed, under RetryOnFailure",
      state: failed,
      spec: { upgrade: { strategy: { name: "RetryOnFailure" } } },
      status: { ...failedOnce, upgradeFailures: 9 },
      want: "upgrade",
    },
    { name: "in progress", state: { kind: "in-progress", release, progress: PROGRESS }, want: "continue" },
    { name: "unknown", state: { kind: "unknown", message: "why" }, want: "unknown: why" },
  ])("$name", ({ state, spec, status, forced = false, want }) => {
    const next = nextAction(helmRelease(spec, status), state, forced);
    const texts: { readonly [Kind in typeof next.kind]?: string } = {
      ...(next.kind === "terminal" && { terminal: `terminal ${next.reason}: ${next.message}` }),
      ...(next.kind === "unknown" && { unknown: `unknown: ${next.message}` }),
      ...(next.kind === "rollback" && { rollback: `rollback to ${next.target.version}` }),
      ...(next.kind === "upgrade" && { upgrade: next.forget ? "upgrade, forgetting" : "upgrade" }),
    };
    expect(texts[next.kind] ?? next.kind).toBe(want);
  });
});

const FORCE = "reconcile.fluxcd.io/forceAt";
const ASK = "reconcile.fluxcd.io/requestedAt";
it.each<[string, { readonly [key: string]: string }, HelmReleaseStatus, boolean, object]>([
  ["nothing", {}, {}, false, {}],
  ["alone it counts for nothing, and is noted", { [FORCE]: "1" }, {}, false, { lastHandledForceAt: "1" }],
  ["with the request for a look", { [FORCE]: "1", [ASK]: "1" }, {}, true, { lastHandledForceAt: "1" }],
  ["another than that", { [FORCE]: "1", [ASK]: "2" }, {}, false, { lastHandledForceAt: "1" }],
  ["answered", { [FORCE]: "1", [ASK]: "1" }, { lastHandledForceAt: "1" }, false, { lastHandledForceAt: "1" }],
  ["looked at before", { [FORCE]: "1", [ASK]: "1" }, { lastHandledReconcileAt: "1" }, false, { lastHandledForceAt: "1" }],
])("a force request: %s", (_, annotations, status, is, handled) => {
  expect(forceRequest(helmRelease({}, status, annotations))).toEqual({ is, handled });
});

it("a reset request has an annotation of its own", () => {
  expect(resetRequest(helmRelease({}, {}, { "reconcile.fluxcd.io/resetAt": "1", [ASK]: "1" }))).toEqual({ is: true, handled: { lastHandledResetAt: "1" } });
});
