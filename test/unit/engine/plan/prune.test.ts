import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ownerLabels, ownerSelector } from "@sluice/engine/domain/owner.ts";
import { deletionVerdict, leftInventory, mergedInventory, pruneRefs, pruneVerdict } from "@sluice/engine/plan/prune.ts";
import { describe, expect, it } from "vitest";

const owner = { name: "apps", namespace: "flux-system" };
const live = (labels: Manifest["metadata"]["labels"], annotations: Manifest["metadata"]["annotations"] = {}): Manifest => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "a", ...(labels !== undefined && { labels }), annotations },
});
const entry = (id: string, v = "v1") => ({ id, v });

describe("pruneVerdict", () => {
  it.each<{ name: string; object: Manifest | undefined; want: string }>([
    { name: "gone", object: undefined, want: "gone" },
    { name: "ours", object: live(ownerLabels(owner)), want: "delete" },
    { name: "no labels", object: live(undefined), want: "skip not-ours" },
    { name: "another name", object: live({ ...ownerLabels(owner), "kustomize.toolkit.fluxcd.io/name": "other" }), want: "skip not-ours" },
    { name: "another namespace", object: live({ ...ownerLabels(owner), "kustomize.toolkit.fluxcd.io/namespace": "other" }), want: "skip not-ours" },
    { name: "kept", object: live(ownerLabels(owner), { "kustomize.toolkit.fluxcd.io/prune": "disabled" }), want: "skip kept" },
  ])("$name → $want", ({ object, want }) => {
    const verdict = pruneVerdict(object, owner);
    expect(verdict.kind === "skip" ? `skip ${verdict.why}` : verdict.kind).toBe(want);
  });
});

describe("inventories", () => {
  it("finds what left by id alone", () =>
    expect(
      leftInventory(
        [entry("a_x__ConfigMap"), entry("a_y_apps_Deployment", "v1beta1"), entry("a_z__Secret")],
        [entry("a_y_apps_Deployment"), entry("a_z__Secret")],
      ),
    ).toEqual([entry("a_x__ConfigMap")]));

  it("deletes from the end of the apply order, leaving out ids that name nothing", () =>
    expect(
      pruneRefs([entry("a_x__ConfigMap"), entry("nonsense"), entry("a_y__ConfigMap"), entry("a_d_apps_Deployment"), entry("_a__Namespace")]).map(
        ({ kind, name }) => `${kind}/${name}`,
      ),
    ).toEqual(["Deployment/d", "ConfigMap/y", "ConfigMap/x", "Namespace/a"]));

  it("takes back what could not be deleted, once", () =>
    expect(mergedInventory([entry("a"), entry("b")], [entry("b", "v2"), entry("c")])).toEqual([entry("a"), entry("b"), entry("c")]));

  it("selects by both labels", () =>
    expect(ownerSelector(owner)).toBe("kustomize.toolkit.fluxcd.io/name=apps,kustomize.toolkit.fluxcd.io/namespace=flux-system"));
});

describe("deletionVerdict", () => {
  it.each<{ spec: Parameters<typeof deletionVerdict>[0]; want: string }>([
    { spec: { prune: true }, want: "delete" },
    { spec: { prune: false }, want: "leave" },
    { spec: { prune: false, deletionPolicy: "Delete" }, want: "delete" },
    { spec: { prune: true, deletionPolicy: "Orphan" }, want: "leave" },
    { spec: { prune: false, deletionPolicy: "WaitForTermination" }, want: "delete-and-wait" },
    { spec: { prune: true, deletionPolicy: "Delete", suspend: true }, want: "leave" },
    { spec: { prune: true, deletionPolicy: "MirrorPrune", suspend: false }, want: "delete" },
  ])("$spec → $want", ({ spec, want }) => expect(deletionVerdict(spec)).toBe(want));
});
