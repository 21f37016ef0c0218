import { applyEventText, type Change, changeLine, changeLog, inventoryOf, pruneEventText } from "@sluice/engine/plan/change.ts";
import { describe, expect, it } from "vitest";

const change = (kind: Change["kind"], name: string): Change => ({ kind, ref: { apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name } });
const all: readonly Change[] = [
  change("create", "a"),
  change("configure", "b"),
  change("unchanged", "c"),
  change("skip", "d"),
  change("recreate", "e"),
  change("delete", "f"),
  change("failed", "g"),
];

describe("change log", () => {
  it.each<[Change["kind"], string]>([
    ["create", "created"],
    ["recreate", "created"],
    ["configure", "configured"],
    ["unchanged", "unchanged"],
    ["skip", "skipped"],
    ["orphan", "skipped"],
    ["delete", "deleted"],
    ["failed", "unknown"],
  ])("%s is written %s", (kind, word) => expect(changeLine(change(kind, "a"))).toBe(`ConfigMap/apps/a ${word}`));

  it("names cluster-scoped objects without a namespace", () =>
    expect(changeLine({ kind: "create", ref: { apiVersion: "v1", kind: "Namespace", name: "apps" } })).toBe("Namespace/apps created"));

  it("keeps the order, a line each", () =>
    expect(changeLog(all.slice(0, 3))).toBe("ConfigMap/apps/a created\nConfigMap/apps/b configured\nConfigMap/apps/c unchanged"));

  it("puts only real changes into the event of an apply", () =>
    expect(applyEventText(all)).toBe("ConfigMap/apps/a created\nConfigMap/apps/b configured\nConfigMap/apps/e created\nConfigMap/apps/f deleted"));

  it("has no event text when nothing changed", () => expect(applyEventText([change("unchanged", "a"), change("skip", "b")])).toBe(""));

  it("puts everything into the event of a prune", () =>
    expect(pruneEventText([change("delete", "never"), change("skip", "by-hand")])).toBe("ConfigMap/apps/never deleted\nConfigMap/apps/by-hand skipped"));

  it("makes the inventory of what is there afterwards, skipped ones too", () =>
    expect(inventoryOf(all).map(({ id, v }) => `${id} ${v}`)).toEqual(["a", "b", "c", "d", "e", "g"].map((name) => `apps_${name}__ConfigMap v1`)));
});
