import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { type DependentsDeps, sendDependents, sendUsers } from "@sluice/engine/reconcile/dependents.ts";
import { describe, expect, it } from "vitest";

const NOW = 1_900_000_000_000;
const READY = { type: "Ready", reason: "R", message: "", observedGeneration: 1, lastTransitionTime: "2030-01-01T00:00:00Z" };
const condition = (status: string) => [{ ...READY, status }];

const object = (kind: string, name: string, spec: JsonObject = {}, status: JsonObject = {}): Manifest => ({
  apiVersion:
    kind === "HelmRelease" ? "helm.toolkit.fluxcd.io/v2" : kind === "Kustomization" ? "kustomize.toolkit.fluxcd.io/v1" : "source.toolkit.fluxcd.io/v1",
  kind,
  metadata: { name, namespace: "apps", generation: 1 },
  spec,
  status,
});
const from = (kind: string, name = "app", namespace?: string): JsonObject => ({ sourceRef: { kind, name, ...(namespace !== undefined && { namespace }) } });
const template = (namespace?: string): JsonObject => ({ chart: { spec: { chart: "web", ...from("HelmRepository", "app", namespace) } } });

/** Who is sent, as `Kind/name`, with how long later; `lists`: how many LISTs it took. */
async function sent(objects: readonly Manifest[], act: (deps: DependentsDeps) => Promise<void>, watched?: DependentsDeps["watched"]) {
  const items: string[] = [];
  const listed: string[] = [];
  const cluster: Pick<Cluster, "list"> = {
    list: async ({ kind }) => {
      listed.push(kind);
      return { kind: "listed", items: objects.filter((one) => one.kind === kind), resourceVersion: "1" };
    },
  };
  const send = async (item: WorkItem, { notBefore }: { readonly notBefore?: number } = {}): Promise<void> => {
    if (item.kind === "object") items.push(`${item.key.kind}/${item.key.name}${notBefore === undefined ? "" : ` in ${(notBefore - NOW) / 1000}s`}`);
  };
  await act({
    cluster: cluster as Cluster,
    queue: { send },
    clock: { now: () => epochMs(NOW) },
    clusterName: "test",
    ...(watched !== undefined && { watched }),
  });
  return { items: items.toSorted(), listed: listed.toSorted() };
}

describe("news of a source", () => {
  const RELEASE = object("HelmRelease", "web", template());
  it.each<{ name: string; source: Manifest; objects: readonly Manifest[]; want: readonly string[]; lists: readonly string[] }>([
    {
      name: "of Git concern those that apply from it, and charts that lie in it",
      source: object("GitRepository", "app"),
      objects: [
        object("Kustomization", "k", from("GitRepository")),
        object("HelmChart", "c", from("GitRepository")),
        object("HelmChart", "other", from("HelmRepository")),
      ],
      want: ["HelmChart/c", "Kustomization/k"],
      lists: ["HelmChart", "Kustomization"],
    },
    {
      name: "of a Helm repository concern its charts",
      source: object("HelmRepository", "app"),
      objects: [
        object("HelmChart", "c", from("HelmRepository")),
        object("HelmChart", "at-it", from("HelmRepository"), { observedSourceArtifactRevision: "2", conditions: condition("True") }),
        object("HelmChart", "failed-at-it", from("HelmRepository"), { observedSourceArtifactRevision: "2", conditions: condition("False") }),
        object("HelmChart", "of-git", from("GitRepository")),
        object("HelmChart", "suspended", { ...from("HelmRepository"), suspend: true }),
      ],
      want: ["HelmChart/c", "HelmChart/failed-at-it"],
      lists: ["HelmChart"],
    },
    {
      name: "of a chart concerns the release that it was made for",
      source: object("HelmChart", "apps-web"),
      objects: [RELEASE, object("HelmRelease", "other", template()), object("HelmRelease", "web-elsewhere", template("charts"))],
      want: ["HelmRelease/web"],
      lists: ["HelmRelease"],
    },
    {
      name: "and those that name it",
      source: object("HelmChart", "shared"),
      objects: [
        RELEASE,
        object("HelmRelease", "one", { chartRef: { kind: "HelmChart", name: "shared" } }),
        object("HelmRelease", "two", { chartRef: { kind: "HelmChart", name: "shared", namespace: "apps" }, dependsOn: [{ name: "one" }] }),
        object("HelmRelease", "done", { chartRef: { kind: "HelmChart", name: "shared" } }, { lastAttemptedRevision: "2", conditions: condition("True") }),
        object("HelmRelease", "elsewhere", { chartRef: { kind: "HelmChart", name: "shared", namespace: "charts" } }),
        object("HelmRelease", "image", { chartRef: { kind: "OCIRepository", name: "shared" } }),
      ],
      want: ["HelmRelease/one", "HelmRelease/two in 5s"],
      lists: ["HelmRelease"],
    },
    { name: "that nobody can use concern nobody", source: object("Receiver", "app"), objects: [RELEASE], want: [], lists: [] },
  ])("$name", async ({ source, objects, want, lists }) =>
    expect(await sent(objects, (deps) => sendUsers(deps, source, "2"))).toEqual({ items: want, listed: lists }));

  it("a host that watches is not made to list", async () => {
    const watched = [object("HelmChart", "c", from("HelmRepository"))];
    const known: DependentsDeps["watched"] = ({ kind }) => (kind === "HelmChart" ? watched : undefined);
    expect(await sent([], (deps) => sendUsers(deps, object("HelmRepository", "app"), "2"), known)).toEqual({ items: ["HelmChart/c"], listed: [] });
  });
});

describe("a release that has become ready", () => {
  it("wakes those that depend on it and have not gone through their own generation", async () => {
    const waits = (name: string, spec: JsonObject, status: JsonObject = {}) => object("HelmRelease", name, { dependsOn: [{ name: "db" }], ...spec }, status);
    const objects = [
      waits("waiting", {}, { conditions: condition("False") }),
      waits("new", {}),
      waits("done", {}, { observedGeneration: 1, conditions: condition("True") }),
      waits("changed", {}, { observedGeneration: 0, conditions: condition("True") }),
      waits("suspended", { suspend: true }),
      waits("elsewhere", { dependsOn: [{ name: "db", namespace: "other" }] }),
      object("Kustomization", "of-another-kind", { dependsOn: [{ name: "db" }] }),
    ];
    const found = await sent(objects, (deps) => sendDependents(deps, object("HelmRelease", "db"), "1.0.0"));
    expect(found.items).toEqual(["HelmRelease/changed", "HelmRelease/new", "HelmRelease/waiting"]);
  });
});
