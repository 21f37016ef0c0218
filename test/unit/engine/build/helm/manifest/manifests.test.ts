import { hookOf } from "@sluice/engine/build/helm/hooks/hook-of.ts";
import { INSTALL_ORDER, sortByKind, UNINSTALL_ORDER } from "@sluice/engine/build/helm/manifest/kind-order.ts";
import { splitManifests } from "@sluice/engine/build/helm/manifest/split-manifests.ts";
import { describe, expect, it } from "vitest";

describe("splitManifests", () => {
  it.each<{ text: string; want: readonly string[] }>([
    { text: "", want: [] },
    { text: "a: 1\n", want: ["a: 1\n"] },
    { text: "\n\n---\na: 1\n---\nb: 2\n", want: ["a: 1", "b: 2\n"] },
    { text: "---\n---\na: 1", want: ["---\na: 1"] },
    { text: "a: 1 \t\r\n\f\n---   \n\nb: 2---\nc: 3", want: ["a: 1", "b: 2---\nc: 3"] },
    { text: "a: 1\n---b: 2\n--- # c\nd: 3", want: ["a: 1", "b: 2", "# c\nd: 3"] },
    { text: "a: |\n  ---\n  b\n", want: ["a: |\n  ---\n  b\n"] },
  ])("$text", ({ text, want }) => expect(splitManifests(text)).toEqual(want));

  it("takes no square of time for blank lines", () => {
    expect(splitManifests(`a: 1${"\n".repeat(2_000_000)}b: 2`)).toHaveLength(1);
  });
});

describe("orders", () => {
  it("have every kind in both", () => expect([...UNINSTALL_ORDER].sort()).toEqual([...INSTALL_ORDER].sort()));

  it("put kinds that they do not know last, by name, and leave equal ones where they are", () => {
    const items = ["Zoo/1", "Pod/1", "Ant/1", "Namespace/1", "Zoo/0", "Pod/0"].map((name) => ({ name, kind: name.split("/")[0] ?? "" }));
    expect(sortByKind(items, INSTALL_ORDER).map(({ name }) => name)).toEqual(["Namespace/1", "Pod/1", "Pod/0", "Ant/1", "Zoo/1", "Zoo/0"]);
    expect(sortByKind(items, UNINSTALL_ORDER).map(({ name }) => name)).toEqual(["Pod/1", "Pod/0", "Namespace/1", "Ant/1", "Zoo/1", "Zoo/0"]);
  });
});

describe("hookOf", () => {
  const hook = (annotations: { readonly [key: string]: string }) =>
    hookOf({ kind: "Job", name: "j", annotations: new Map(Object.entries(annotations)) }, "shop/templates/a.yaml", "text");

  it.each<{ annotations: { readonly [key: string]: string }; want: object | string }>([
    { annotations: { other: "x" }, want: "none" },
    { annotations: { "helm.sh/hook": "pre-install,pre-nothing" }, want: "unknown" },
    { annotations: { "helm.sh/hook": "" }, want: "unknown" },
    { annotations: { "helm.sh/hook": " Pre-Install , test-success" }, want: { events: ["pre-install", "test"] } },
    { annotations: { "helm.sh/hook": "test", "helm.sh/hook-weight": "+7" }, want: { events: ["test"], weight: 7 } },
    { annotations: { "helm.sh/hook": "test", "helm.sh/hook-weight": "1.5" }, want: { events: ["test"] } },
    { annotations: { "helm.sh/hook": "test", "helm.sh/hook-weight": "99999999999999999999" }, want: { events: ["test"] } },
    {
      annotations: { "helm.sh/hook": "test", "helm.sh/hook-delete-policy": "Hook-Succeeded, hook-failed", "helm.sh/hook-output-log-policy": "hook-failed" },
      want: { events: ["test"], delete_policies: ["hook-succeeded", "hook-failed"], output_log_policies: ["hook-failed"] },
    },
  ])("$annotations", ({ annotations, want }) => {
    const common = { name: "j", kind: "Job", path: "shop/templates/a.yaml", manifest: "text", last_run: { phase: "" } };
    expect(hook(annotations)).toEqual(typeof want === "string" ? want : { ...common, ...want });
  });
});
