import type { InventoryEntry } from "../domain/inventory.ts";
import type { Json } from "../domain/json.ts";
import type { HelmReleaseStatus } from "./helm-release.ts";
import { readCondition } from "./object.ts";
import { createReader, given, ignore, type Reader } from "./reader.ts";

type Snapshot = NonNullable<HelmReleaseStatus["history"]>[number];
type TestHooks = NonNullable<Snapshot["testHooks"]>;

/** A malformed status is read as far as it goes. */
export function readHelmReleaseStatus(json: Json | undefined): HelmReleaseStatus {
  const status = createReader(json, "status", ignore);
  return given({
    observedGeneration: status.whole("observedGeneration"),
    conditions: status.soundOnes("conditions", readCondition),
    helmChart: status.text("helmChart"),
    storageNamespace: status.text("storageNamespace"),
    history: status.soundOnes("history", readSnapshot),
    inventory: status.child("inventory", (inventory) => ({ entries: inventory.soundOnes("entries", readInventoryEntry) ?? [] })),
    failures: status.whole("failures"),
    installFailures: status.whole("installFailures"),
    upgradeFailures: status.whole("upgradeFailures"),
    lastAttemptedConfigDigest: status.text("lastAttemptedConfigDigest"),
    lastAttemptedGeneration: status.whole("lastAttemptedGeneration"),
    lastAttemptedReleaseAction: status.oneOf("lastAttemptedReleaseAction", ["install", "upgrade"]),
    lastAttemptedReleaseActionDuration: status.text("lastAttemptedReleaseActionDuration"),
    lastAttemptedRevision: status.text("lastAttemptedRevision"),
    lastAttemptedRevisionDigest: status.text("lastAttemptedRevisionDigest"),
    lastAttemptedValuesChecksum: status.text("lastAttemptedValuesChecksum"),
    lastHandledForceAt: status.anyText("lastHandledForceAt"),
    lastHandledReconcileAt: status.anyText("lastHandledReconcileAt"),
    lastHandledResetAt: status.anyText("lastHandledResetAt"),
    lastReleaseRevision: status.whole("lastReleaseRevision"),
    observedCommonMetadataDigest: status.text("observedCommonMetadataDigest"),
    observedPostRenderersDigest: status.text("observedPostRenderersDigest"),
  });
}

const readInventoryEntry = (entry: Reader): InventoryEntry => ({ id: entry.requiredText("id"), v: entry.requiredText("v") });

const readSnapshot = (snapshot: Reader): Snapshot =>
  given({
    apiVersion: snapshot.text("apiVersion"),
    digest: snapshot.anyText("digest") ?? "",
    name: snapshot.requiredText("name"),
    namespace: snapshot.requiredText("namespace"),
    version: requiredWhole(snapshot, "version"),
    status: snapshot.requiredText("status"),
    action: snapshot.text("action"),
    chartName: snapshot.anyText("chartName") ?? "",
    chartVersion: snapshot.anyText("chartVersion") ?? "",
    appVersion: snapshot.text("appVersion"),
    configDigest: snapshot.anyText("configDigest") ?? "",
    firstDeployed: snapshot.anyText("firstDeployed") ?? "",
    lastDeployed: snapshot.anyText("lastDeployed") ?? "",
    deleted: snapshot.text("deleted"),
    testHooks: snapshot.child("testHooks", readTestHooks),
    ociDigest: snapshot.text("ociDigest"),
  });

/** Without it an entry is not sound: no revision is 0. */
function requiredWhole(reader: Reader, field: string): number {
  const value = reader.whole(field);
  if (value === undefined) reader.requiredText(field);
  return value ?? 0;
}

const readTestHooks = (hooks: Reader): TestHooks => Object.fromEntries(hooks.fields().flatMap((name) => hooks.soundOne(name, readTestHook(name)) ?? []));

const readTestHook = (name: string) => (hook: Reader) => [
  [name, given({ lastStarted: hook.text("lastStarted"), lastCompleted: hook.text("lastCompleted"), phase: hook.text("phase") })] as const,
];
