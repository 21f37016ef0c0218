import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { inCorrectionOrder } from "@sluice/engine/reconcile/helm-release/actions/correct-drift.ts";
import { correctionLine, type DriftLook, detectDrift } from "@sluice/engine/reconcile/helm-release/actions/drift.ts";
import { createDriftStamps } from "@sluice/engine/reconcile/helm-release/actions/drift-stamps.ts";
import { jsonDifference } from "@sluice/engine/reconcile/helm-release/actions/json-difference.ts";
import { describe, expect, it } from "vitest";
import { configMap, createReleaseWorld } from "../../../../../support/helm-release/world.ts";

const world = createReleaseWorld();
const LABELLED = "  labels: {app: shop}\n";
const EXCLUDED = "  annotations: {helm.toolkit.fluxcd.io/driftDetection: disabled}\n";
world.chart("1.0.0", () => ({
  manifest:
    ["changed", "deleted", "ignored", "same"].map((name) => configMap(name, { one: "a", two: "b" }, LABELLED)).join("") + configMap("excluded", {}, EXCLUDED),
}));

/** The objects of this world carry no labels of origin, so that each is read. */
const look = ({ settings, namespace, deps }: Awaited<ReturnType<typeof world.space>>): DriftLook => ({
  cluster: settings.cluster,
  origin: { name: "shop", namespace },
  stamps: createDriftStamps({ remember: async () => {}, recall: async () => undefined }, deps.kinds, { uid: "u", generation: 1 }),
  isFullLook: false,
});

describe("drift", () => {
  it("as recorded: told, and put right without a new revision (drift-corrected)", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const { release } = (await space.latest()) ?? never();
    const hand = (name: string, merge: JsonObject) => world.cluster.patch(space.ref("ConfigMap", name), { body: { type: "merge", merge }, manager: "hand" });
    await hand("changed", { metadata: { labels: { app: "other", extra: "yes" } }, data: { one: "by-hand", two: null, three: "by-hand" } });
    await hand("ignored", { data: { one: "by-hand" } });
    await hand("excluded", { data: { one: "by-hand" } });
    await world.cluster.delete(space.ref("ConfigMap", "deleted"), { propagation: "Background" });
    const ignore = [{ paths: ["/data/one"], target: { kind: "ConfigMap", name: "ignored" } }];
    const from = world.sent.length;
    const found = await detectDrift(space.deps, look(space), release, ignore);
    if (found.kind === "failed") throw new Error(found.message);
    expect(world.sent.slice(from).filter((line) => line.includes("configmaps/same"))).toHaveLength(1);
    expect(
      found.drift.map(({ desired, kind, operations }) => `${desired.metadata.name} ${[kind, ...operations.map(({ op, path }) => `${op} ${path}`)].join(" ")}`),
    ).toEqual(["changed changed replace /metadata/labels/app replace /data", "deleted removed", "excluded excluded"]);
    const end = await space.once({ kind: "correct-drift", release, drift: found.drift });
    expect(end).toMatchObject({
      kind: "succeeded",
      releases: [],
      logs: [`ConfigMap/${space.namespace}/deleted created`, `ConfigMap/${space.namespace}/changed configured`],
    });
    expect(await space.get("ConfigMap", "changed")).toMatchObject({
      data: { one: "a", two: "b", three: "by-hand" },
      metadata: { labels: { app: "shop", extra: "yes" } },
    });
    expect(await detectDrift(space.deps, look(space), release, ignore)).toMatchObject({ kind: "found", drift: [{ kind: "excluded" }] });
    expect(await space.history()).toEqual(["v1 deployed: Install complete"]);
  });

  it("an object as a whole is ignored by the empty pointer", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const { release } = (await space.latest()) ?? never();
    const found = await detectDrift(space.deps, look(space), release, [{ paths: [""] }]);
    expect(found).toMatchObject({ kind: "found", drift: [1, 2, 3, 4, 5].map(() => ({ kind: "excluded" })) });
  });

  it("what is refused holds up nothing else, and is told with what went", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const { release } = (await space.latest()) ?? never();
    const desired = (name: string) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: space.namespace } });
    const end = await space.once({
      kind: "correct-drift",
      release,
      drift: [
        { desired: desired("Not_A_Name"), kind: "removed", operations: [] },
        { desired: desired("fine"), kind: "removed", operations: [] },
      ],
    });
    expect(end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(/^ConfigMap\/[^/]+\/Not_A_Name creation failure: .*\n\nSuccessful corrections:\nConfigMap\/[^/]+\/fine created$/s),
    });
  });

  it("what is missing comes before what is changed, each in the order of an apply", () => {
    const one = (kind: string, name: string, what: "removed" | "changed" | "excluded") =>
      ({ desired: { apiVersion: "v1", kind, metadata: { name, namespace: "n" } }, kind: what, operations: [] }) as const;
    const drift = [
      one("Service", "a", "changed"),
      one("Service", "b", "removed"),
      one("ConfigMap", "c", "changed"),
      one("Namespace", "d", "removed"),
      one("Secret", "e", "excluded"),
    ];
    expect(inCorrectionOrder(drift).map(correctionLine)).toEqual([
      "Namespace/n/d created",
      "Service/n/b created",
      "ConfigMap/n/c configured",
      "Service/n/a configured",
    ]);
  });
});

describe("the JSON patch between two objects", () => {
  it.each<{ name: string; source: JsonObject; target: JsonObject; want: readonly string[] }>([
    { name: "the same", source: { a: [1, { b: 2 }] }, target: { a: [1, { b: 2 }] }, want: [] },
    { name: "a long map with one change", source: { a: { b: 1, c: "a long text" } }, target: { a: { b: 2, c: "a long text" } }, want: ["replace /a/b"] },
    {
      name: "several changes that are longer than the map",
      source: { data: { one: "x", three: "y" } },
      target: { data: { one: "a", two: "b", three: "y" } },
      want: ["replace /data"],
    },
    { name: "added and removed", source: { gone: 1 }, target: { "a/b": 1 }, want: ["add /a~1b", "remove /gone"] },
    { name: "a longer list", source: { l: ["a long text to keep", 1] }, target: { l: ["a long text to keep", 1, 2] }, want: ["add /l/-"] },
    { name: "a shorter list", source: { l: [0, 1, 2] }, target: { l: [0] }, want: ["replace /l"] },
    { name: "a list that is one shorter", source: { l: [0, 1] }, target: { l: [0] }, want: ["remove /l/1"] },
    { name: "another type", source: { a: [1] }, target: { a: { b: 1 } }, want: ["replace /a"] },
  ])("$name", ({ source, target, want }) => {
    expect(jsonDifference(source, target).map(({ op, path }) => `${op} ${path}`)).toEqual(want);
  });
});

const never = (): never => {
  throw new Error("there is a release");
};
