import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import {
  type History,
  previousOf,
  recordRelease,
  recordRollback,
  recordTest,
  recordUninstall,
  recordUnlock,
  truncate,
  truncateToNewest,
} from "@sluice/engine/release/history.ts";
import { describe, expect, it } from "vitest";
import { sampleDigest, snapshot, stored } from "../../../support/helm-release/samples.ts";

/** `5 failed upgrade`. */
const lines = (history: History): readonly string[] =>
  history.map(({ version, status, action }) => `${version} ${status}${action === undefined ? "" : ` ${action}`}`);
const FAILED_TEST = { testHooks: { a: { phase: "Failed" } } };

/** `3 failed`, newest first. */
const historyOf = (...texts: readonly string[]): History =>
  texts.map((text) => {
    const [version = "", status = ""] = text.split(" ");
    return snapshot(stored(Number(version), status as HelmStoredRelease["info"]["status"]), text.endsWith("untested") ? FAILED_TEST : {});
  });

describe("truncate keeps", () => {
  it.each<[string, History, readonly string[]]>([
    ["one", historyOf("1 failed"), ["1 failed"]],
    ["up to what was deployed before", historyOf("4 deployed", "3 failed", "2 superseded", "1 superseded"), ["4 deployed", "3 failed", "2 superseded"]],
    [
      "the five newest where nothing ever was",
      historyOf("6 failed", "5 failed", "4 failed", "3 failed", "2 failed", "1 failed"),
      ["6 failed", "5 failed", "4 failed", "3 failed", "2 failed"],
    ],
    ["what comes behind a failed test", historyOf("3 deployed", "2 superseded untested", "1 superseded"), ["3 deployed", "2 superseded", "1 superseded"]],
  ])("%s", (_, history, want) => expect(lines(truncate(history, false))).toEqual(want));

  it("no more than needed where tests are ignored", () => {
    expect(lines(truncate(historyOf("3 deployed", "2 superseded untested", "1 superseded"), true))).toEqual(["3 deployed", "2 superseded"]);
  });

  it("the five newest under RetryOnFailure, whatever they are", () => {
    const history = historyOf("6 deployed", "5 superseded", "4 failed", "3 failed", "2 failed", "1 failed");
    expect(truncateToNewest(history).map(({ version }) => version)).toEqual([6, 5, 4, 3, 2]);
  });
});

it.each<[string, History, boolean, number | undefined]>([
  ["never the latest", historyOf("1 deployed"), false, undefined],
  ["the newest that was good", historyOf("4 failed", "3 failed", "2 deployed", "1 superseded"), false, 2],
  ["none whose test failed", historyOf("3 failed", "2 superseded untested", "1 superseded"), false, 1],
  ["also one whose test failed, where that is ignored", historyOf("3 failed", "2 superseded untested", "1 superseded"), true, 2],
  ["nothing where nothing was good", historyOf("2 failed", "1 uninstalling"), false, undefined],
])("goes back to: %s", (_, history, ignoreTests, want) => expect(previousOf(history, ignoreTests)?.version).toBe(want));

describe("recording", () => {
  const configDigest = sampleDigest;

  it("an upgrade: the revision before loses the action that had made it, and keeps its tests", () => {
    const before = [snapshot(stored(1, "deployed"), { action: "install", testHooks: { a: { phase: "Succeeded" } } })];
    const after = recordRelease(before, { releases: [stored(2, "deployed"), stored(1, "superseded")], configDigest, action: "upgrade" });
    expect(lines(after)).toEqual(["2 deployed upgrade", "1 superseded"]);
    expect(after[1]?.testHooks).toEqual({ a: { phase: "Succeeded" } });
  });

  it("an upgrade: of what Helm wrote beside it only the first that is known is told anew", () => {
    const before = [snapshot(stored(2, "deployed"), { action: "upgrade" }), snapshot(stored(1, "superseded"), { action: "install" })];
    const releases = [stored(3, "failed"), stored(2, "deployed"), stored(1, "superseded")];
    expect(lines(recordRelease(before, { releases, configDigest, action: "upgrade" }))).toEqual(["3 failed upgrade", "2 deployed", "1 superseded install"]);
  });

  it("the end of a revision that stood there as pending", () => {
    const pending = recordRelease([], { releases: [stored(1, "pending-install")], configDigest, action: "install" });
    expect(lines(recordRelease(pending, { releases: [stored(1, "deployed")], configDigest, action: "install" }))).toEqual(["1 deployed install"]);
  });

  it("a rollback: everything that was written is its doing", () => {
    const before = [snapshot(stored(2, "failed"), { action: "upgrade" }), snapshot(stored(1, "deployed"), { action: "install" })];
    const after = recordRollback(before, { releases: [stored(3, "deployed"), stored(1, "superseded")], configDigest });
    expect(lines(after)).toEqual(["3 deployed rollback", "2 failed upgrade", "1 superseded rollback"]);
  });

  it("an uninstall, of what is known", () => {
    const before = [snapshot(stored(1, "failed"), { action: "install" })];
    expect(lines(recordUninstall(before, { releases: [stored(2, "uninstalling"), stored(1, "uninstalling")], configDigest }, "uninstall-remediation"))).toEqual(
      ["1 uninstalling uninstall-remediation"],
    );
  });

  it("tests, of the latest: also that there are none", () => {
    const before = [snapshot(stored(1, "deployed"), { action: "install" })];
    expect(recordTest(before, { releases: [], configDigest })[0]?.testHooks).toBeUndefined();
    const [tested] = recordTest(before, { releases: [stored(1, "deployed")], configDigest });
    expect(tested).toMatchObject({ action: "install", testHooks: {} });
    const hook = { name: "t", kind: "Pod", path: "shop/templates/t.yaml", manifest: "", events: ["test" as const] };
    const ran = stored(1, "deployed", {
      hooks: [
        { ...hook, last_run: { started_at: "2030-01-01T00:00:01.5Z", completed_at: "2030-01-01T00:00:02Z", phase: "Failed" } },
        { ...hook, name: "u", last_run: { phase: "" } },
      ],
    });
    expect(recordTest(before, { releases: [ran], configDigest })[0]?.testHooks).toEqual({
      t: { lastStarted: "2030-01-01T00:00:01Z", lastCompleted: "2030-01-01T00:00:02Z", phase: "Failed" },
      u: {},
    });
  });

  it("an unlock", () => {
    const before = [snapshot(stored(1, "pending-upgrade"), { action: "upgrade" })];
    expect(lines(recordUnlock(before, { releases: [stored(1, "failed")], configDigest }))).toEqual(["1 failed upgrade"]);
  });
});
