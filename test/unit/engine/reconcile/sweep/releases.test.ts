import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { createReleaseWorld } from "../../../../support/helm/release-world.ts";

/** One LIST for each of Flux's kinds. */
const LISTS = 15;
/** In which everything here has a turn. */
const LONG = 120;

// One cluster for all: what a test leaves is at rest for the next.
let world: Awaited<ReturnType<typeof createReleaseWorld>>;
beforeAll(async () => {
  world = await createReleaseWorld();
  world.publish("1.0.0");
  await world.repository();
});

/** Sweeps each minute until nothing is sent any more. */
async function settle(): Promise<void> {
  for (let minute = 0; minute < 5; minute++) {
    await world.sweep();
    if ((await world.run()).length === 0) return;
    world.wait(1);
  }
}

const ready = async (name: string): Promise<string> => {
  const object = await world.releaseOf(name);
  const found = object === undefined ? undefined : conditionsOf(object).find(({ type }) => type === "Ready");
  return `${found?.status} ${found?.reason}`;
};

describe("releases where nobody watches", () => {
  it("are found by one sweep, and what follows sends itself: the repository its charts, each chart its release", async () => {
    await world.release("a");
    expect((await world.sweep()).sent).toEqual(["HelmRelease/a (new)", "HelmRepository/charts (new)"]);
    await world.run();
    expect([await ready("a"), await world.deployed("a")]).toEqual(["True InstallSucceeded", { colour: "red", version: "1.0.0" }]);
  });

  it("that are not due cost nothing but the LISTs", async () => {
    await settle();
    expect((await world.sweep(0)).report).toMatchObject({ due: 0, requests: LISTS });
  });

  it("follow a version that the repository has at its interval, with no other sweep", async () => {
    world.publish("1.1.0");
    world.wait(10);
    const { sent, writes } = await world.sweep(10);
    expect([sent.filter((line) => line.startsWith("HelmRepository")), writes]).toEqual([["HelmRepository/charts (interval)"], []]);
    expect(await world.run()).toEqual(expect.arrayContaining(["HelmChart/apps-a (source)", "HelmRelease/a (source)"]));
    expect([await ready("a"), await world.deployed("a")]).toEqual(["True UpgradeSucceeded", { colour: "red", version: "1.1.0" }]);
  });

  it("that depend on another run the moment it is ready", async () => {
    await world.release("front", { dependsOn: [{ name: "back" }] });
    await world.release("back");
    await world.sweep();
    expect(await world.run()).toContain("HelmRelease/front (dependency)");
    expect(await ready("front")).toBe("True InstallSucceeded");
  });

  it("that wait for one that is not there are left in peace until it is", async () => {
    await world.release("late", { dependsOn: [{ name: "later" }] });
    await settle();
    expect(await ready("late")).toBe("False DependencyNotReady");
    world.wait(1);
    expect((await world.sweep()).sent).toEqual([]);
    await world.release("later");
    await world.sweep();
    await world.run();
    expect(await ready("late")).toBe("True InstallSucceeded");
  });

  it("see at their turn that a Secret of their values says something else", async () => {
    const secret = (colour: string): Promise<void> =>
      world.put({
        apiVersion: "v1",
        kind: "Secret",
        metadata: { name: "values", namespace: "apps" },
        data: { "values.yaml": Buffer.from(`colour: ${colour}`).toString("base64") },
      });
    await secret("green");
    await world.release("coloured", { valuesFrom: [{ kind: "Secret", name: "values" }] });
    await settle();
    await secret("blue");
    world.wait(LONG);
    expect((await world.sweep(LONG)).sent).toEqual(["HelmRelease/coloured (interval)"]);
    await world.run();
    expect(await world.deployed("coloured")).toEqual({ colour: "blue", version: "1.1.0" });
  });

  it("at rest cost two reads of Secrets each at their turn, write nothing, send nobody and fetch nothing", async () => {
    await settle();
    world.wait(LONG);
    const { report, sent, writes, asked } = await world.sweep(LONG);
    const releases = 6;
    expect([sent, writes, asked]).toEqual([[], [], ["index if changed"]]);
    expect(report).toMatchObject({ listed: 1 + 2 * releases, due: 1 + 2 * releases, passed: 1 + 2 * releases, brokeOff: 0 });
    // And the marker, the Secret of values.
    expect(report.requests).toBeLessThanOrEqual(LISTS + 2 * releases + 2);
  });

  it("whose drift is looked for cost one LIST of each kind of their objects, and send whom it concerns", async () => {
    const names = ["watched-a", "watched-b", "watched-c", "watched-d"];
    for (const name of names) await world.release(name, { driftDetection: { mode: name === "watched-d" ? "warn" : "enabled" } });
    await settle();
    world.wait(LONG);
    const { report, sent, writes } = await world.sweep(LONG);
    expect([sent, writes]).toEqual([[], []]);
    // As in the test before, and the ConfigMaps.
    expect(report.requests).toBeLessThanOrEqual(LISTS + 2 * (6 + names.length) + 2 + 1);
    await world.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "watched-b", namespace: "apps" }, data: { colour: "by hand" } });
    await world.remove({ apiVersion: "v1", kind: "ConfigMap", namespace: "apps", name: "watched-c" });
    world.wait(LONG);
    expect((await world.sweep(LONG)).sent).toEqual(["HelmRelease/watched-b (interval)", "HelmRelease/watched-c (interval)"]);
    await world.run();
    expect([await world.deployed("watched-b"), await world.deployed("watched-c")]).toEqual([1, 2].map(() => ({ colour: "red", version: "1.1.0" })));
    world.wait(LONG);
    expect((await world.sweep(LONG)).sent).toEqual([]);
  });

  it("whose objects the server alone can tell of are sent until it has told", async () => {
    const ignore = [{ paths: ["/data/colour"], target: { kind: "ConfigMap" } }];
    await world.release("doubtful", { driftDetection: { mode: "enabled", ignore } });
    await settle();
    const byHand = (colour: string): Promise<void> =>
      world.put({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "doubtful", namespace: "apps" }, data: { colour } });
    const sentAtItsTurn = async (): Promise<readonly string[]> => {
      world.wait(LONG);
      const { sent } = await world.sweep(LONG);
      await world.run();
      return sent;
    };
    await byHand("one that is ignored");
    expect(await sentAtItsTurn()).toEqual(["HelmRelease/doubtful (interval)"]);
    expect(await world.deployed("doubtful")).toMatchObject({ colour: "one that is ignored" });
    expect(await sentAtItsTurn()).toEqual([]);
    // What was said of the object is of no use when other rules hold.
    await world.release("doubtful", { driftDetection: { mode: "enabled", ignore: [] } });
    await settle();
    expect(await world.deployed("doubtful")).toMatchObject({ colour: "red" });
  });

  it("are uninstalled when they are deleted, with their chart", async () => {
    await world.remove({ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease", namespace: "apps", name: "a" });
    expect((await world.sweep()).sent).toEqual(["HelmRelease/a (deletion)"]);
    expect(await world.run()).toContain("HelmChart/apps-a (deletion)");
    const chart = { apiVersion: "source.toolkit.fluxcd.io/v1", kind: "HelmChart", namespace: "apps", name: "apps-a" };
    expect([await world.releaseOf("a"), await world.deployed("a"), await world.find(chart)]).toEqual([undefined, undefined, undefined]);
  });
});
