import type { Condition } from "@sluice/engine/domain/condition.ts";
import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { HelmReleaseStatus } from "@sluice/engine/flux/helm-release-object.ts";
import { announcedAction, unseenEnd } from "@sluice/engine/reconcile/helm-release/announced.ts";
import { describe, expect, it } from "vitest";
import { helmRelease, snapshot, stored } from "../../../../support/helm-release/samples.ts";

const AT = "2030-01-01T00:00:00Z";
const running = (action: string): string => `Running '${action}' action with timeout of 5m0s`;
const condition = (type: string, status: Condition["status"], reason: string, message: string): Condition => ({
  type,
  status,
  reason,
  message,
  lastTransitionTime: AT,
});

/** As it is written before an action begins. */
const announcing = (action: string, more: HelmReleaseStatus = {}): HelmReleaseStatus => ({
  conditions: [
    condition("Reconciling", "True", "Progressing", running(action)),
    action === "install" || action === "upgrade"
      ? condition("Ready", "Unknown", "Progressing", running(action))
      : condition("Ready", "False", "UpgradeFailed", "x"),
  ],
  ...more,
});

it.each<[string, HelmReleaseStatus, string | undefined]>([
  ["nothing", {}, undefined],
  ["an install", announcing("install"), "install"],
  ["a rollback", announcing("rollback"), "rollback"],
  [
    "an upgrade whose end is written",
    { conditions: [condition("Reconciling", "True", "Progressing", running("upgrade")), condition("Ready", "False", "UpgradeFailed", "x")] },
    undefined,
  ],
  [
    "a rollback whose end is written",
    announcing("rollback", { conditions: [...(announcing("rollback").conditions ?? []), condition("Remediated", "True", "RollbackSucceeded", "x")] }),
    undefined,
  ],
  ["a retry to come", { conditions: [condition("Reconciling", "True", "ProgressingWithRetry", "retrying after 5m0s")] }, undefined],
])("announced: %s", (_, status, want) => expect(announcedAction(helmRelease({}, status))).toBe(want));

describe("an end that nobody saw", () => {
  const before = stored(1, "deployed");
  const good = snapshot(before);
  const failed = snapshot(stored(2, "failed"));
  const broken = stored(2, "failed", { info: { status: "failed", description: 'Upgrade "shop" failed: no such luck', last_deployed: AT } });
  const old = stored(2, "deployed", { info: { status: "deployed", last_deployed: "2029-12-31T00:00:00Z" } });
  it.each<{ name: string; status: HelmReleaseStatus; latest: HelmStoredRelease | undefined; want: string | undefined }>([
    { name: "of an install", status: announcing("install"), latest: stored(1, "deployed"), want: "install succeeded" },
    { name: "of an upgrade", status: announcing("upgrade", { history: [good] }), latest: stored(2, "deployed"), want: "upgrade succeeded" },
    {
      name: "of an upgrade that stood there as pending",
      status: announcing("upgrade", { history: [snapshot(stored(2, "pending-upgrade")), good] }),
      latest: stored(2, "deployed"),
      want: "upgrade succeeded",
    },
    { name: "of an upgrade that failed", status: announcing("upgrade", { history: [good] }), latest: broken, want: "upgrade failed: no such luck" },
    { name: "of a rollback", status: announcing("rollback", { history: [failed, good] }), latest: stored(3, "deployed"), want: "rollback succeeded" },
    { name: "of a remediation", status: announcing("uninstall", { history: [failed] }), latest: undefined, want: "uninstall-remediation succeeded" },
    { name: "is none where nothing has begun", status: announcing("upgrade", { history: [good] }), latest: before, want: undefined },
    { name: "is none where nothing was announced", status: { history: [good] }, latest: stored(2, "deployed"), want: undefined },
    { name: "is none of what was there before", status: announcing("upgrade"), latest: old, want: undefined },
    { name: "is none of what is at work", status: announcing("upgrade", { history: [good] }), latest: stored(2, "pending-upgrade"), want: undefined },
  ])("$name", ({ status, latest, want }) => {
    const unseen = unseenEnd(helmRelease({}, status), latest === undefined ? undefined : { release: latest, labels: {} });
    const message = unseen?.end.kind === "failed" ? `: ${unseen.end.message}` : "";
    expect(unseen === undefined ? undefined : `${unseen.action} ${unseen.end.kind}${message}`).toBe(want);
  });
});
