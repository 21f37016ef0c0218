import type { Manifest, Metadata } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import type { WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { ApplyOptions, Cluster } from "@sluice/engine/ports/cluster.ts";
import type { PassDeps } from "@sluice/engine/reconcile/passes/pass.ts";
import { sendingWritten } from "@sluice/engine/reconcile/passes/sending-written.ts";
import { describe, expect, it } from "vitest";

const APPLY: ApplyOptions = { manager: "m", force: true, dryRun: false };
const NOW = epochMs(1_900_000_000_000);

/** As the server has it; `seen`: the generation that its Ready speaks of. */
const flux = (apiVersion: string, kind: string, name: string, seen?: number, metadata: Partial<Metadata> = {}): Manifest => ({
  apiVersion,
  kind,
  metadata: { name, namespace: "apps", uid: name, generation: 2, resourceVersion: "7", ...metadata },
  spec: { interval: "10m" },
  status: seen === undefined ? {} : { conditions: [{ type: "Ready", status: "True", reason: "R", message: "", observedGeneration: seen }] },
});
const release = (name: string, seen?: number, metadata?: Partial<Metadata>): Manifest => flux("helm.toolkit.fluxcd.io/v2", "HelmRelease", name, seen, metadata);

const answering: Pick<Cluster, "apply" | "create" | "delete"> = {
  apply: async (object) =>
    object.metadata.name === "refused"
      ? { kind: "refused", why: "invalid", code: 422, reason: "Invalid", message: "no" }
      : { kind: object.metadata.generation === 1 ? "created" : "configured", object },
  create: async (object) => (object.metadata.name === "there" ? { kind: "exists", message: "" } : { kind: "created", object }),
  delete: async ({ name }) => (name === "gone" ? { kind: "absent" } : { kind: "deleted" }),
};

/** Who is sent for what `act` writes, and whether before its end. */
async function sent(act: (deps: PassDeps) => Promise<unknown>, given: Partial<PassDeps> = {}): Promise<readonly string[]> {
  const items: string[] = [];
  const cluster = answering as Cluster;
  const deps = {
    cluster,
    as: () => cluster,
    clock: { now: () => NOW },
    clusterName: "test",
    queue: {
      send: async (item: WorkItem) => {
        if (item.kind === "object")
          items.push(`${item.key.group.split(".")[0]} ${item.key.kind}/${item.key.namespace}/${item.key.name} ${item.cause}, ${item.look}`);
      },
    },
    ...given,
  } as PassDeps;
  await sendingWritten(deps, async (sending) => {
    await act(sending);
    expect(items).toEqual([]);
  });
  return items;
}

describe("what a pass has written of Flux's kinds is sent when it is over", () => {
  it.each<{ name: string; object: Manifest; want: readonly string[] }>([
    { name: "a new release", object: release("a"), want: ["helm HelmRelease/apps/a new, new 7"] },
    { name: "a changed release", object: release("a", 1), want: ["helm HelmRelease/apps/a generation, generation 7"] },
    { name: "no release that has been seen as it is", object: release("a", 2), want: [] },
    {
      name: "a request that stands in Git",
      object: release("a", 2, { annotations: { "reconcile.fluxcd.io/requestedAt": "now" } }),
      want: ["helm HelmRelease/apps/a request, request 7"],
    },
    {
      name: "a new Kustomization",
      object: flux("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "k"),
      want: ["kustomize Kustomization/apps/k new, new 7"],
    },
    {
      name: "a source in a version of long ago",
      object: flux("source.toolkit.fluxcd.io/v1beta2", "HelmRepository", "r"),
      want: ["source HelmRepository/apps/r new, new 7"],
    },
    {
      name: "a Provider, which gets a finalizer",
      object: flux("notification.toolkit.fluxcd.io/v1beta3", "Provider", "p"),
      want: ["notification Provider/apps/p new, new 7"],
    },
    { name: "no Alert, about which nothing is to be done", object: flux("notification.toolkit.fluxcd.io/v1beta3", "Alert", "p"), want: [] },
    { name: "nothing of other groups", object: flux("example.com/v1", "HelmRelease", "a"), want: [] },
    { name: "nothing that was refused", object: release("refused"), want: [] },
  ])("$name", async ({ object, want }) => {
    expect(await sent(({ cluster }) => cluster.apply(object, APPLY))).toEqual(want);
  });

  it.each<{ name: string; act: (deps: PassDeps) => Promise<unknown>; want: readonly string[] }>([
    { name: "nothing that was only asked about", act: ({ cluster }) => cluster.apply(release("a"), { ...APPLY, dryRun: true }), want: [] },
    { name: "in another's name, too", act: ({ as }) => as("somebody").apply(release("a"), APPLY), want: ["helm HelmRelease/apps/a new, new 7"] },
    { name: "what was created", act: ({ cluster }) => cluster.create(release("a"), { manager: "m" }), want: ["helm HelmRelease/apps/a new, new 7"] },
    { name: "nothing that was there", act: ({ cluster }) => cluster.create(release("there"), { manager: "m" }), want: [] },
    {
      name: "what was deleted",
      act: ({ cluster }) =>
        cluster.delete({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "apps", name: "a" }, { propagation: "Background" }),
      want: [`helm HelmRelease/apps/a deletion, deletion ${NOW}`],
    },
    {
      name: "nothing that was gone",
      act: ({ cluster }) =>
        cluster.delete({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "apps", name: "gone" }, { propagation: "Background" }),
      want: [],
    },
    {
      name: "each once, as it was in the end",
      act: async ({ cluster }) => {
        await cluster.apply(release("a"), APPLY);
        await cluster.apply(release("a", 1), APPLY);
      },
      want: ["helm HelmRelease/apps/a generation, generation 7"],
    },
  ])("$name", async ({ act, want }) => {
    expect(await sent(act)).toEqual(want);
  });

  it("also by a pass that broke off", async () => {
    const items: string[] = [];
    const queue = { send: async (item: WorkItem) => void items.push(item.kind) };
    const broken = sent(
      async ({ cluster }) => {
        await cluster.apply(release("a"), APPLY);
        throw new Error("no answer");
      },
      { queue },
    );
    await expect(broken).rejects.toThrow("no answer");
    expect(items).toEqual(["object"]);
  });

  it("not by a host that watches: it has heard of it", async () => {
    expect(await sent(({ cluster }) => cluster.apply(release("a"), APPLY), { watched: () => undefined })).toEqual([]);
  });
});
