import { describe, expect, it } from "vitest";
import { configMap, createReleaseWorld, deployment, hook, pod, RUNNING } from "../../../../../support/helm-release/world.ts";

const world = createReleaseWorld();

describe("install", () => {
  it("objects with what tells whose they are, the release at rest", async () => {
    world.chart("1.0.0", () => ({ manifest: configMap("main", { colour: "blue" }), notes: "Enjoy." }));
    const space = await world.space();
    const end = await space.drive(await space.install("1.0.0", { colour: "blue" }));
    expect(end.kind).toBe("succeeded");
    expect(await space.history()).toEqual(["v1 deployed: Install complete"]);
    expect((await space.latest())?.release).toMatchObject({ config: { colour: "blue" }, apply_method: "ssa", info: { notes: "Enjoy." } });
    expect(await space.get("ConfigMap", "main")).toMatchObject({
      data: { colour: "blue" },
      metadata: {
        labels: { "app.kubernetes.io/managed-by": "Helm" },
        annotations: { "meta.helm.sh/release-name": "shop", "meta.helm.sh/release-namespace": space.namespace },
        managedFields: [{ manager: "helm-controller", operation: "Apply" }],
      },
    });
  });

  it("hooks by weight, those that succeeded go where they are to", async () => {
    world.chart("1.1.0", () => ({
      manifest: configMap("main"),
      hooks: [
        hook("late", ["pre-install"], { kind: "ConfigMap", weight: 5 }),
        hook("early", ["pre-install"], { kind: "ConfigMap", weight: -5 }),
        hook("gone", ["post-install"], { kind: "ConfigMap", policies: ["hook-succeeded"] }),
        hook("never", ["post-delete"], { kind: "ConfigMap" }),
      ],
    }));
    const space = await world.space();
    const from = world.created.length;
    expect((await space.drive(await space.install("1.1.0"))).kind).toBe("succeeded");
    expect(world.created.slice(from)).toEqual(["secrets", "early", "late", "main", "gone"]);
    expect(await space.get("ConfigMap", "gone")).toBeUndefined();
    expect(((await space.latest())?.release.hooks ?? []).map(({ name, last_run, delete_policies }) => [name, last_run.phase, delete_policies])).toEqual([
      ["late", "Succeeded", ["before-hook-creation"]],
      ["early", "Succeeded", ["before-hook-creation"]],
      ["gone", "Succeeded", ["hook-succeeded"]],
      ["never", "", undefined],
    ]);
  });

  it("waits for a Pod, from call to call, and is ready when it is", async () => {
    world.chart("1.2.1", () => ({ manifest: pod("web") }));
    const space = await world.space();
    const end = await space.drive(await space.install("1.2.1"), {
      between: async (count) => {
        expect(await space.history()).toEqual(["v1 pending-install: Initial install underway (in progress)"]);
        if (count === 3) await space.status("Pod", "web", RUNNING);
      },
    });
    expect(end.kind).toBe("succeeded");
    expect(await space.history()).toEqual(["v1 deployed: Install complete"]);
  });

  it.each([
    { waiter: "poller" as const, message: "timeout waiting for: [Deployment/NS/web status: 'InProgress']" },
    { waiter: "legacy" as const, message: "context deadline exceeded" },
  ])("what never becomes ready fails in time ($waiter)", async ({ waiter, message }) => {
    world.chart("1.2.0", () => ({ manifest: deployment("web") }));
    const space = await world.space({ waiter });
    const end = await space.drive(await space.install("1.2.0"));
    expect(end).toMatchObject({ kind: "failed", message: message.replace("NS", space.namespace) });
    expect(await space.history()).toEqual([`v1 failed: Release "shop" failed: ${message}`]);
  });

  it("what the server refuses is told in Helm's words, and all else is there", async () => {
    world.chart("1.3.0", () => ({ manifest: configMap("Not_A_Name") + configMap("main") }));
    const space = await world.space();
    const end = await space.drive(await space.install("1.3.0"));
    expect(end).toMatchObject({
      kind: "failed",
      message: expect.stringMatching(
        new RegExp(
          `^server-side apply failed for object ${space.namespace}/Not_A_Name /v1, Kind=ConfigMap: ConfigMap "Not_A_Name" is invalid: metadata.name: Invalid value`,
        ),
      ),
    });
    expect(await space.history()).toEqual([expect.stringMatching(/^v1 failed: Release "shop" failed: server-side apply failed/)]);
    expect(await space.get("ConfigMap", "main")).toBeDefined();
  });

  it.each([
    {
      name: "a template that fails",
      rendered: { fails: "execution error at (shop/templates/a.yaml:1:2): no" },
      message: "execution error at (shop/templates/a.yaml:1:2): no",
    },
    {
      name: "a kind that is not served",
      rendered: { manifest: "---\napiVersion: example.com/v1\nkind: Thing\nmetadata: {name: one}\n" },
      message:
        'unable to build kubernetes objects from release manifest: resource mapping not found for name: "one" namespace: "" from "": no matches for kind "Thing" in version "example.com/v1"\nensure CRDs are installed first',
    },
    {
      name: "a look-up that never ends",
      rendered: (input: { readonly lookups: ReadonlyMap<string, unknown> }) => ({ lookUp: { kind: "ConfigMap", name: `n${input.lookups.size}` } }),
      message: expect.stringContaining("after 5 rounds"),
    },
  ])("$name stores nothing", async ({ rendered, message }) => {
    world.chart("1.4.0", (input) => (typeof rendered === "function" ? rendered(input) : rendered));
    const space = await world.space();
    expect(await space.drive(await space.install("1.4.0"))).toEqual({ kind: "failed", message, releases: [], logs: [] });
    expect(await space.history()).toEqual([]);
  });

  it("a look-up is answered, and what is not there is empty", async () => {
    world.chart("1.5.0", ({ lookups }) => ({
      lookUp: { kind: "ConfigMap", name: "there" },
      manifest: configMap("main", { found: JSON.stringify(lookups.get("ConfigMap/there") ?? null).slice(0, 2) }),
    }));
    const space = await world.space();
    await space.drive(await space.install("1.5.0"));
    expect((await space.get("ConfigMap", "main"))?.data).toEqual({ found: "{}" });
  });

  it.each([
    {
      disableTakeOwnership: true,
      message:
        'unable to continue with install: ConfigMap "main" in namespace "NS" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app.kubernetes.io/managed-by": must be set to "Helm"; annotation validation error: missing key "meta.helm.sh/release-name": must be set to "shop"; annotation validation error: missing key "meta.helm.sh/release-namespace": must be set to "NS"',
    },
    { disableTakeOwnership: false, message: undefined },
  ])("what somebody else has: disableTakeOwnership $disableTakeOwnership", async ({ disableTakeOwnership, message }) => {
    world.chart("1.0.0", () => ({ manifest: configMap("main", { colour: "blue" }) }));
    const space = await world.space({ install: { disableTakeOwnership } });
    await world.cluster.apply(
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "main", namespace: space.namespace }, data: { colour: "hand" } },
      { manager: "hand", force: false, dryRun: false },
    );
    const end = await space.drive(await space.install("1.0.0"));
    if (message === undefined) expect((await space.get("ConfigMap", "main"))?.data).toEqual({ colour: "blue" });
    else expect(end).toMatchObject({ kind: "failed", message: message.replaceAll("NS", space.namespace), releases: [] });
  });

  it("CRDs come first, labelled, also over those that are there; what is no CRD is passed over", async () => {
    const crd = (description: string): string =>
      `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: as.example.com}\nspec:\n  group: example.com\n  names: {kind: A, listKind: AList, plural: as, singular: a}\n  scope: Namespaced\n  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, description: ${description}}}}]\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: stray}\n`;
    const made = (version: string, description: string): void =>
      world.chart(version, () => ({ manifest: "---\napiVersion: example.com/v1\nkind: A\nmetadata: {name: one}\n" }), [crd(description)]);
    made("1.6.0", "first");
    made("1.6.1", "second");
    const space = await world.space();
    expect(await space.drive(await space.install("1.6.0"))).toMatchObject({ kind: "succeeded" });
    expect(await space.get("ConfigMap", "stray")).toBeUndefined();
    expect(await space.drive(await space.upgrade("1.6.1"))).toMatchObject({ kind: "succeeded" });
    const found = await world.cluster.get({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "as.example.com" });
    expect(found).toMatchObject({
      object: { metadata: { labels: { "helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": space.namespace } } },
    });
    expect(JSON.stringify(found)).toContain("second");
    await space.drive({ kind: "uninstall", release: (await space.latest())?.release ?? never() });
    expect((await world.cluster.get({ apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "as.example.com" })).kind).toBe("found");
  });

  it("the namespace is made where that is asked for", async () => {
    world.chart("1.0.0", () => ({ manifest: configMap("main", { colour: "blue" }) }));
    const space = await world.space({ releaseNamespace: "made-by-install", install: { createNamespace: true } });
    expect(await space.drive(await space.install("1.0.0"))).toMatchObject({ kind: "succeeded" });
    expect(await world.cluster.get({ apiVersion: "v1", kind: "Namespace", name: "made-by-install" })).toMatchObject({
      object: { metadata: { labels: { name: "made-by-install" } } },
    });
  });

  it("client-side: created, and patched by three-way merges ever after", async () => {
    world.chart("1.0.0", () => ({ manifest: configMap("main", { colour: "red", old: "1" }) }));
    world.chart("1.0.1", () => ({ manifest: configMap("main", { colour: "blue" }) }));
    const space = await world.space({ install: { serverSideApply: false } });
    await space.drive(await space.install("1.0.0"));
    await world.cluster.patch(space.ref("ConfigMap", "main"), { body: { type: "merge", merge: { data: { extra: "by-hand" } } }, manager: "hand" });
    await space.drive(await space.upgrade("1.0.1"));
    const object = await space.get("ConfigMap", "main");
    expect(object?.data).toEqual({ colour: "blue", extra: "by-hand" });
    expect(object?.metadata.managedFields?.map(({ manager, operation }) => `${manager} ${operation}`).toSorted()).toEqual([
      "hand Update",
      "helm-controller Update",
    ]);
    expect((await space.latest())?.release.apply_method).toBe("csa");
  });
});

const never = (): never => {
  throw new Error("there is a release");
};
