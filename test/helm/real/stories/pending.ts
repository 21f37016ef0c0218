import { spawn } from "node:child_process";
import { beforeAll, describe, expect, it } from "vitest";
import { hooked, shop } from "../support/charts.ts";
import { editStored } from "../support/stored.ts";
import { helmRelease, type ReleaseStatus, request, type World } from "../support/world.ts";

/** Releases that a helm which was killed left in the middle of something. */
export function tellOfPending(worldOf: () => World): void {
  const ready = ({ conditions = [] }: ReleaseStatus): string => conditions.find(({ type }) => type === "Ready")?.message ?? "";
  const history = async (namespace: string): Promise<readonly string[]> => {
    const rows: readonly { revision: number; status: string; description: string }[] = JSON.parse(
      await worldOf().mustHelm(`history shop -n ${namespace} -o json`),
    );
    return rows.map(({ revision, status, description }) => `${revision} ${status} ${description}`);
  };
  const leave = (namespace: string, version: number, status: string): Promise<void> =>
    editStored(worldOf(), [namespace, "shop", version], (json) => json.replace(/"status":"[a-z-]+"/, `"status":"${status}"`), { status });
  const wanted = (namespace: string, spec = {}) => helmRelease(namespace, "shop", "shop", "1.0.0", { values: { colour: "blue" }, ...spec });

  let chart = "";
  beforeAll(async () => {
    chart = await worldOf().publish("shop", "1.0.0", shop("1.0.0"));
  });

  it.each(["pending-install", "pending-upgrade", "pending-rollback"])("%s, not ours: it is unlocked, and upgraded", async (status) => {
    const world = worldOf();
    const namespace = `left-${status}`;
    await world.namespace(namespace);
    await world.mustHelm(`install shop ${chart} -n ${namespace}`);
    await leave(namespace, 1, status);
    expect((await world.helm(`upgrade shop ${chart} -n ${namespace}`)).err).toContain("another operation (install/upgrade/rollback) is in progress");
    await world.apply(wanted(namespace));
    expect(ready(await world.settled(namespace, "shop"))).toBe(`Helm upgrade succeeded for release ${namespace}/shop.v2 with chart shop@1.0.0`);
    expect(await history(namespace)).toEqual([`1 superseded Release unlocked from stale '${status}' state`, "2 deployed Upgrade complete"]);
    expect(await events(namespace)).toContainEqual(`Normal PendingRelease Unlocked Helm release ${namespace}/shop.v1 with chart shop@1.0.0 in ${status} state`);
  });

  it.each(["pending-upgrade", "pending-rollback"])("%s over a release of ours: it is unlocked, and upgraded", async (status) => {
    const world = worldOf();
    const namespace = `ours-${status}`;
    await world.namespace(namespace);
    await world.apply(wanted(namespace));
    await world.settled(namespace, "shop");
    await world.mustHelm(`upgrade shop ${chart} -n ${namespace} --set colour=red --force-conflicts`);
    await leave(namespace, 1, "deployed");
    await leave(namespace, 2, status);
    await request(world, namespace, "shop");
    expect(ready(await world.settled(namespace, "shop"))).toBe(`Helm upgrade succeeded for release ${namespace}/shop.v3 with chart shop@1.0.0`);
    expect((await history(namespace)).slice(1)).toEqual([`2 failed Release unlocked from stale '${status}' state`, "3 deployed Upgrade complete"]);
  });

  it("uninstalling: the upgrade fails as helm's does, and after helm has ended it the release is installed", async () => {
    const world = worldOf();
    await world.namespace("uninstalling");
    await world.mustHelm(`install shop ${chart} -n uninstalling`);
    await leave("uninstalling", 1, "uninstalling");
    const { err } = await world.helm(`upgrade shop ${chart} -n uninstalling`);
    expect(err).toContain('"shop" has no deployed releases');
    await world.apply(wanted("uninstalling"));
    await world.failed("uninstalling", "shop", 'Helm upgrade failed for release uninstalling/shop with chart shop@1.0.0: "shop" has no deployed releases');
    await world.mustHelm("uninstall shop -n uninstalling --wait");
    await request(world, "uninstalling", "shop");
    expect(ready(await world.settled("uninstalling", "shop"))).toBe("Helm install succeeded for release uninstalling/shop.v1 with chart shop@1.0.0");
  });

  describe("a helm that is killed behind its hook", () => {
    it("leaves what is unlocked and upgraded", async () => {
      const world = worldOf();
      const stuck = await world.publish("hooked", "1.0.0", hooked("1.0.0"));
      await world.namespace("killed");
      // Nobody plays the node of a Pod that has to wait.
      const child = spawn(world.helmPath, ["upgrade", "--install", "shop", stuck, "-n", "killed", "--set", "hookWaits=true"], {
        env: world.env,
        stdio: "ignore",
      });
      const over = new Promise((done) => child.on("close", done));
      await world.until("the release is pending", async () => {
        const { out } = await world.helm("history shop -n killed -o json");
        return out.includes("pending-install") ? true : undefined;
      });
      child.kill("SIGKILL");
      await over;
      await world.apply(helmRelease("killed", "shop", "hooked", "1.0.0", { values: { colour: "blue" } }));
      expect(ready(await world.settled("killed", "shop"))).toBe("Helm upgrade succeeded for release killed/shop.v2 with chart hooked@1.0.0");
      expect(await history("killed")).toEqual(["1 superseded Release unlocked from stale 'pending-install' state", "2 deployed Upgrade complete"]);
    });
  });

  async function events(namespace: string): Promise<readonly string[]> {
    const answer = await worldOf().cluster.list({ apiVersion: "v1", kind: "Event", namespace });
    if (answer.kind === "refused") throw new Error(answer.message);
    return answer.items.map(({ type, reason, message }) => `${String(type)} ${String(reason)} ${String(message)}`);
  }
}
