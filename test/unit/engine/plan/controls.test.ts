import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { controlsOf, isKeptFromPrune } from "@sluice/engine/plan/controls.ts";
import { describe, expect, it } from "vitest";

const G = "kustomize.toolkit.fluxcd.io";
type Where = "labels" | "annotations";
const object = (key?: string, value = "", where: Where = "annotations"): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...(key !== undefined && { [where]: { [`${G}/${key}`]: value } }) },
});
const plain = object();

describe("controlsOf", () => {
  it.each<{ name: string; desired: Manifest; live: Manifest | undefined; want: string }>([
    { name: "nothing", desired: plain, live: plain, want: "undefined false false" },
    { name: "reconcile disabled in Git", desired: object("reconcile", "disabled"), live: plain, want: "reconcile-disabled false false" },
    {
      name: "reconcile disabled in the cluster, as a label",
      desired: plain,
      live: object("reconcile", "Disabled", "labels"),
      want: "reconcile-disabled false false",
    },
    { name: "reconcile enabled", desired: object("reconcile", "enabled"), live: plain, want: "undefined false false" },
    { name: "ignore in lower case", desired: plain, live: object("ssa", "ignore"), want: "ssa-ignore false false" },
    { name: "ignore counts for what is not there, too", desired: object("ssa", "Ignore"), live: undefined, want: "ssa-ignore false false" },
    { name: "if not present, and it is", desired: object("ssa", "IfNotPresent"), live: plain, want: "present false false" },
    { name: "if not present, and it is not", desired: object("ssa", "IfNotPresent"), live: undefined, want: "undefined false false" },
    { name: "if not present said by the cluster only", desired: plain, live: object("ssa", "IfNotPresent"), want: "undefined false false" },
    { name: "merge in the cluster", desired: plain, live: object("ssa", "merge"), want: "undefined true false" },
    { name: "override", desired: object("ssa", "Override"), live: plain, want: "undefined false false" },
    { name: "force in Git", desired: object("force", "Enabled"), live: undefined, want: "undefined false true" },
    { name: "force in the cluster", desired: plain, live: object("force", "enabled", "labels"), want: "undefined false true" },
    { name: "prune says nothing about an apply", desired: object("prune", "disabled"), live: plain, want: "undefined false false" },
    {
      name: "labels that are null in the manifest",
      desired: { apiVersion: "v1", kind: "ConfigMap", metadata: JSON.parse('{"name":"a","labels":null,"annotations":null}') },
      live: undefined,
      want: "undefined false false",
    },
  ])("$name", ({ desired, live, want }) => {
    const { skip, merge, force } = controlsOf(desired, live);
    expect(`${skip} ${merge} ${force}`).toBe(want);
  });
});

describe("isKeptFromPrune", () => {
  it.each([
    [object("prune", "Disabled"), true],
    [object("prune", "disabled", "labels"), true],
    [object("reconcile", "disabled"), true],
    [object("ssa", "Ignore"), true],
    [object("ssa", "IfNotPresent"), false],
    [object("prune", "enabled"), false],
    [plain, false],
  ])("%j → %s", (live, kept) => expect(isKeptFromPrune(live)).toBe(kept));
});
