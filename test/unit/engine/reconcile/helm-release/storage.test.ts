import type { HelmReleaseStatus, HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import { leastRecent } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { describe, expect, it } from "vitest";
import { createReleaseWorld } from "../../../../support/helm-release/world.ts";

const world = createReleaseWorld();
const revision = (version: number, status: HelmReleaseStatus = "superseded"): HelmStoredRelease => ({
  name: "shop",
  namespace: "n",
  version,
  info: { status },
  chart: {},
  manifest: "",
});

describe("Helm's storage", () => {
  it("what was written is read, with the labels by which helm finds it", async () => {
    const { storage, get } = await world.space();
    expect(await storage.create({ release: revision(1, "deployed"), labels: { team: "web" } })).toMatchObject({ kind: "stored" });
    expect(await get("Secret", "sh.helm.release.v1.shop.v1")).toMatchObject({
      type: "helm.sh/release.v1",
      metadata: { labels: { name: "shop", owner: "helm", status: "deployed", version: "1", team: "web", createdAt: expect.stringMatching(/^\d+$/) } },
    });
    await storage.update({ release: revision(1), labels: { team: "web" } });
    expect(await storage.read(1)).toMatchObject({ kind: "found", secret: { release: { info: { status: "superseded" } }, labels: { team: "web" } } });
    expect((await get("Secret", "sh.helm.release.v1.shop.v1"))?.metadata.labels).not.toHaveProperty("createdAt");
  });

  it("the newest is found from one that is known, without a list; and by a list where that one is gone", async () => {
    const { storage } = await world.space();
    for (const version of [1, 2, 3]) await storage.create({ release: revision(version), labels: {} });
    const from = world.sent.length;
    expect(await storage.latest(2)).toMatchObject({ secret: { release: { version: 3 } } });
    expect(world.sent.slice(from).map((line) => line.split("/").at(-1))).toEqual([2, 3, 4].map((version) => `sh.helm.release.v1.shop.v${version}`));
    expect(await storage.latest(9)).toMatchObject({ secret: { release: { version: 3 } } });
    expect(await storage.latest()).toMatchObject({ secret: { release: { version: 3 } } });
    expect(await (await world.space()).storage.latest()).toEqual({ kind: "absent" });
  });

  it("a revision is made once; a repeat of the same is no other's", async () => {
    const { storage } = await world.space();
    await storage.create({ release: revision(1), labels: {} });
    expect(await storage.create({ release: revision(1), labels: {} })).toMatchObject({ kind: "stored" });
    expect(await storage.create({ release: revision(1, "failed"), labels: {} })).toEqual({ kind: "exists", message: "release: already exists" });
  });

  it("what is gone is told, and can be removed again", async () => {
    const { storage } = await world.space();
    expect(await storage.read(1)).toEqual({ kind: "absent", message: expect.any(String) });
    expect(await storage.update({ release: revision(1), labels: {} })).toMatchObject({ kind: "absent" });
    expect(await storage.remove(1)).toEqual({ kind: "removed" });
  });

  it("a Secret that is none of Helm's is passed over in a list, and told when it is asked for", async () => {
    const { storage, namespace } = await world.space();
    const labels = { name: "shop", owner: "helm", status: "deployed", version: "1" };
    await world.cluster.create(
      { apiVersion: "v1", kind: "Secret", metadata: { name: "sh.helm.release.v1.shop.v1", namespace, labels }, data: { release: "eA==" } },
      { manager: "hand" },
    );
    expect(await storage.list()).toEqual({ kind: "listed", secrets: [] });
    expect(await storage.read(1)).toEqual({ kind: "failed", message: expect.stringMatching(/^get: failed to decode data "sh.helm.release.v1.shop.v1": /) });
  });
});

describe("how many revisions stay", () => {
  it.each<{ statuses: readonly HelmReleaseStatus[]; most: number; want: readonly number[] }>([
    { statuses: ["superseded", "superseded", "deployed"], most: 5, want: [] },
    { statuses: ["superseded", "superseded", "deployed"], most: 3, want: [1] },
    { statuses: ["superseded", "superseded", "deployed"], most: 1, want: [1, 2] },
    { statuses: ["deployed", "failed", "failed"], most: 3, want: [2] },
    { statuses: ["deployed", "failed", "failed"], most: 2, want: [2, 3] },
    { statuses: ["superseded", "superseded", "deployed"], most: 0, want: [] },
  ])("$statuses of at most $most: $want go", ({ statuses, most, want }) => {
    expect(
      leastRecent(
        statuses.map((status, index) => revision(index + 1, status)),
        most,
      ),
    ).toEqual(want);
  });
});
