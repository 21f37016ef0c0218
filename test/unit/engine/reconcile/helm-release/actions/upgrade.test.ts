import { describe, expect, it } from "vitest";
import { configMap, createReleaseWorld, hook, pod, type Space } from "../../../../../support/helm-release/world.ts";

const world = createReleaseWorld();
world.chart("1.0.0", () => ({
  manifest: configMap("main", { colour: "blue" }) + configMap("old") + configMap("kept", {}, "  annotations: {helm.sh/resource-policy: keep}\n"),
}));
world.chart("2.0.0", () => ({ manifest: configMap("main", { colour: "green" }) + configMap("new") }));
world.chart("2.1.0", () => ({ manifest: configMap("main", { colour: "red" }) + configMap("Not_A_Name") + configMap("zz-behind") }));
world.chart("2.2.0", () => ({ manifest: configMap("main", { colour: "red" }) + pod("web") }));
world.chart("2.3.0", () => ({ fails: "execution error at (shop/templates/a.yaml:1:1): no" }));

const latest = async (space: Space) => {
  const found = await space.latest();
  if (found === undefined) throw new Error("no release");
  return found.release;
};

describe("upgrade", () => {
  it("what the new revision lacks goes, unless it says that it stays", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    expect(await space.drive(await space.upgrade("2.0.0"))).toMatchObject({ kind: "succeeded", releases: [{ version: 2 }, { version: 1 }] });
    expect(await space.get("ConfigMap", "old")).toBeUndefined();
    expect(await space.get("ConfigMap", "kept")).toBeDefined();
    expect(await space.get("ConfigMap", "new")).toBeDefined();
    expect(await space.history()).toEqual(["v1 superseded: Install complete", "v2 deployed: Upgrade complete"]);
  });

  it("what cannot be created ends it: nothing behind it is applied, nothing is deleted", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const end = await space.drive(await space.upgrade("2.1.0"));
    expect(end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(
        new RegExp(`^failed to create resource: server-side apply failed for object ${space.namespace}/Not_A_Name /v1, Kind=ConfigMap: `),
      ),
      releases: [{ version: 2 }, { version: 1 }],
    });
    expect(await space.get("ConfigMap", "zz-behind")).toBeUndefined();
    expect(await space.get("ConfigMap", "old")).toBeDefined();
    expect(await space.history()).toEqual([
      "v1 deployed: Install complete",
      expect.stringMatching(/^v2 failed: Upgrade "shop" failed: failed to create resource: /),
    ]);
  });

  it("a template that fails stores nothing, and has lines of a log", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const end = await space.drive(await space.upgrade("2.3.0"));
    expect(end).toMatchObject({ kind: "failed", releases: [] });
    expect(end.logs.length).toBeGreaterThan(0);
  });

  it("what is not ready in time fails, and cleanupOnFail takes it away again", async () => {
    const space = await world.space({ upgrade: { cleanupOnFail: true } });
    await space.drive(await space.install("1.0.0"));
    expect(await space.drive(await space.upgrade("2.2.0"))).toMatchObject({
      kind: "failed",
      message: `timeout waiting for: [Pod/${space.namespace}/web status: 'InProgress']`,
    });
    expect(await space.get("Pod", "web")).toBeUndefined();
    expect((await space.get("ConfigMap", "main"))?.data).toEqual({ colour: "red" });
  });

  it("disableWait: nothing is waited for", async () => {
    const space = await world.space({ upgrade: { disableWait: true } });
    await space.drive(await space.install("1.0.0"));
    expect(await space.once(await space.upgrade("2.2.0"))).toMatchObject({ kind: "succeeded" });
  });

  it("somebody else is in the middle of something", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const secret = await space.latest();
    if (secret !== undefined)
      await space.storage.create({ ...secret, release: { ...secret.release, version: 2, info: { ...secret.release.info, status: "pending-upgrade" } } });
    expect(await space.once({ ...(await space.upgrade("2.0.0")) })).toMatchObject({
      kind: "failed",
      message: "another operation (install/upgrade/rollback) is in progress",
    });
  });

  it("from client-side to server-side: updates of ours become applies, so that fields can go", async () => {
    world.chart("1.1.0", () => ({ manifest: configMap("main", { colour: "blue", old: "1" }) }));
    world.chart("1.2.0", () => ({ manifest: configMap("main", { colour: "green" }) }));
    const space = await world.space({ install: { serverSideApply: false }, upgrade: { serverSideApply: "enabled" } });
    await space.drive(await space.install("1.1.0"));
    await space.drive(await space.upgrade("1.2.0"));
    const object = await space.get("ConfigMap", "main");
    expect(object?.data).toEqual({ colour: "green" });
    expect(object?.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`)).toEqual(["helm-controller Apply"]);
  });

  it("force replaces objects, client-side", async () => {
    const space = await world.space({ install: { serverSideApply: false }, upgrade: { force: true } });
    await space.drive(await space.install("1.0.0"));
    await world.cluster.patch(space.ref("ConfigMap", "main"), { body: { type: "merge", merge: { data: { extra: "by-hand" } } }, manager: "hand" });
    expect(await space.drive(await space.upgrade("2.0.0"))).toMatchObject({ kind: "succeeded" });
    expect((await space.get("ConfigMap", "main"))?.data).toEqual({ colour: "green" });
  });

  it("preserveValues: the values of before under those of now", async () => {
    const space = await world.space({ upgrade: { preserveValues: true } });
    await space.drive(await space.install("1.0.0", { colour: "blue", size: 1 }));
    await space.drive(await space.upgrade("2.0.0", { size: 2 }));
    expect((await latest(space)).config).toEqual({ colour: "blue", size: 2 });
  });

  it("no more requests than are needed: one for each object, four for the release", async () => {
    const space = await world.space();
    await space.drive(await space.install("2.0.0"));
    const from = world.sent.length;
    await space.once(await space.upgrade("2.0.0"));
    expect(world.sent.slice(from).map((line) => line.replace(space.namespace, "NS").replace(/\?.*/, ""))).toEqual([
      expect.stringContaining("GET /api/v1/namespaces/NS/secrets"), // of the test: which is the latest
      "GET /api/v1/namespaces/NS/secrets/sh.helm.release.v1.shop.v1",
      "POST /api/v1/namespaces/NS/secrets",
      "PATCH /api/v1/namespaces/NS/configmaps/main",
      "PATCH /api/v1/namespaces/NS/configmaps/new",
      "PUT /api/v1/namespaces/NS/secrets/sh.helm.release.v1.shop.v1",
      "PUT /api/v1/namespaces/NS/secrets/sh.helm.release.v1.shop.v2",
    ]);
  });
});

describe("rollback", () => {
  it("is a new revision out of the old one; all that was deployed is superseded", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const first = await latest(space);
    await space.drive(await space.upgrade("2.0.0"));
    expect(await space.drive({ kind: "rollback", target: first })).toMatchObject({ kind: "succeeded" });
    expect(await space.history()).toEqual(["v1 superseded: Install complete", "v2 superseded: Upgrade complete", "v3 deployed: Rollback to 1"]);
    expect(await space.get("ConfigMap", "new")).toBeUndefined();
    expect((await space.get("ConfigMap", "main"))?.data).toEqual({ colour: "blue" });
  });

  it("to one that is gone", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    expect(await space.once({ kind: "rollback", target: { ...(await latest(space)), version: 7 } })).toMatchObject({
      kind: "failed",
      message: "release has no 7 version",
    });
  });
});

describe("uninstall", () => {
  it("objects, history and all; what is to be kept stays", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    expect(await space.drive({ kind: "uninstall", release: await latest(space) })).toMatchObject({
      kind: "succeeded",
      releases: [{ info: { status: "uninstalling" } }],
    });
    expect(await space.get("ConfigMap", "main")).toBeUndefined();
    expect(await space.get("ConfigMap", "kept")).toBeDefined();
    expect(await space.history()).toEqual([]);
    expect(await space.once({ kind: "uninstall", release: { ...NONE, namespace: space.namespace } })).toMatchObject({
      kind: "failed",
      message: "uninstall: Release not loaded: shop: release: not found",
    });
  });

  it("another one than was meant goes, and is told", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const meant = await latest(space);
    await space.drive(await space.upgrade("2.0.0"));
    expect(await space.drive({ kind: "uninstall", release: meant })).toMatchObject({
      kind: "failed",
      message: `release mismatch: uninstalled release ${space.namespace}/shop.v2 != current release ${space.namespace}/shop.v1`,
    });
    expect(await space.history()).toEqual([]);
  });

  it("what does not go in time is told, and the release is gone all the same", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    await world.cluster.patch(space.ref("ConfigMap", "main"), {
      body: { type: "merge", merge: { metadata: { finalizers: ["example.com/never"] } } },
      manager: "hand",
    });
    expect(await space.drive({ kind: "uninstall", release: await latest(space) })).toMatchObject({
      kind: "failed",
      message: `uninstallation completed with 1 error(s): ConfigMap/${space.namespace}/main termination timeout: context deadline exceeded`,
    });
    expect(await space.history()).toEqual([]);
  });

  it("kept history: the name can be had again only with replace", async () => {
    const space = await world.space({ uninstall: { keepHistory: true } });
    await space.drive(await space.install("1.0.0"));
    await space.drive({ kind: "uninstall", release: await latest(space) });
    expect(await space.drive(await space.install("2.0.0"))).toMatchObject({
      kind: "failed",
      message: "release name check failed: cannot reuse a name that is still in use",
      releases: [],
    });
    expect(await space.once({ kind: "uninstall", release: await latest(space) })).toMatchObject({
      kind: "failed",
      message: 'the release named "shop" is already deleted',
    });
  });
});

describe("test", () => {
  it("filters leave out, and stand first in the stored release", async () => {
    world.chart("3.0.0", () => ({ hooks: [hook("one", ["test"], { kind: "ConfigMap" }), hook("two", ["test"], { kind: "ConfigMap" })] }));
    const space = await world.space({ test: { filters: [{ name: "two", exclude: true }] } });
    await space.drive(await space.install("3.0.0"));
    expect(await space.drive({ kind: "test", release: await latest(space) })).toMatchObject({ kind: "succeeded" });
    expect((await latest(space)).hooks?.map(({ name, last_run }) => `${name} ${last_run.phase}`)).toEqual(["two ", "one Succeeded"]);
  });

  it("without tests nothing is written", async () => {
    const space = await world.space();
    await space.drive(await space.install("1.0.0"));
    const from = world.sent.length;
    expect(await space.once({ kind: "test", release: await latest(space) })).toMatchObject({ kind: "succeeded", releases: [{ version: 1 }] });
    expect(world.sent.slice(from).filter((line) => !line.startsWith("GET"))).toEqual([]);
  });
});

const NONE = { name: "shop", namespace: "", version: 1, info: { status: "deployed" }, chart: {}, manifest: "" } as const;
