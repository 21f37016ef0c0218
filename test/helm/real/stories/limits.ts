import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { big, hooked, shop, whole } from "../support/charts.ts";
import { jsonOf } from "../support/stored.ts";
import { helmRelease, type ReleaseStatus, request, secretRef, type World } from "../support/world.ts";

/** What fits into a Secret and what does not, long names, many revisions, tests, CRDs. */
export function tellOfLimits(worldOf: () => World): void {
  const ready = ({ conditions = [] }: ReleaseStatus): string => conditions.find(({ type }) => type === "Ready")?.message ?? "";
  const revisions = async (namespace: string, name: string): Promise<readonly string[]> => {
    const rows: readonly { revision: number; status: string }[] = JSON.parse(await worldOf().mustHelm(`history ${name} -n ${namespace} -o json`));
    return rows.map(({ revision, status }) => `${revision} ${status}`);
  };

  describe("a release near the limit of a Secret", () => {
    const noise = randomBytes(3_000_000).toString("base64");

    it("is installed below it, no larger than helm's", async () => {
      const world = worldOf();
      const chart = await world.publish("big", "0.9.0", big("0.9.0", 820_000, noise));
      for (const { version, bytes } of TOO_BIG) await world.publish("big", version, big(version, bytes, noise));
      await world.namespace("below");
      await world.namespace("helm-below");
      await world.mustHelm(`install big ${chart} -n helm-below`);
      await world.apply(helmRelease("below", "big", "big", "0.9.0"));
      expect(ready(await world.settled("below", "big"))).toBe("Helm install succeeded for release below/big.v1 with chart big@0.9.0");
      const sizes = ["below", "helm-below"].map(async (namespace) => {
        const { data } = await world.must(secretRef(namespace, "big", 1));
        return Buffer.from((data as { readonly release: string }).release, "base64").length;
      });
      const [our = 0, their = 0] = await Promise.all(sizes);
      expect(their).toBeGreaterThan(900_000);
      expect(our).toBeLessThan(their * 1.002);
      expect(await world.mustHelm("status big -n below")).toContain("STATUS: deployed");
    });

    it.each(TOO_BIG)("is refused above it, in helm's words: $bytes bytes", async ({ version, bytes }) => {
      const world = worldOf();
      const chart = await world.publish("big", version, big(version, bytes, noise));
      const [ours, theirs] = [`above-${bytes}`, `helm-above-${bytes}`];
      await world.namespace(ours);
      await world.namespace(theirs);
      const { code, err } = await world.helm(`install big ${chart} -n ${theirs}`);
      expect([code, err]).toEqual([1, expect.stringContaining("INSTALLATION FAILED: create: failed to create: ")]);
      await world.apply(helmRelease(ours, "big", "big", version));
      const cause = err.slice(err.indexOf("create: failed")).trim();
      const status = await world.failed(ours, "big", `Helm install failed for release ${ours}/big with chart big@${version}: ${cause}`);
      expect(await world.get({ apiVersion: "v1", kind: "ConfigMap", namespace: ours, name: "big" })).toBeUndefined();
      expect(status.history ?? []).toEqual([]);
      await world.remove(ours, "big");
    });

    it("an upgrade above it leaves the revision before deployed", async () => {
      const world = worldOf();
      await world.apply(helmRelease("below", "big", "big", "1.1.0"));
      const cause = 'create: failed to create: Secret "sh.helm.release.v1.big.v2" is invalid: data: Too long: may not be more than 1048576 bytes';
      await world.failed("below", "big", `Helm upgrade failed for release below/big with chart big@1.1.0: ${cause}`);
      expect(await revisions("below", "big")).toEqual(["1 deployed"]);
      await world.remove("below", "big");
    });
  });

  it("a name of 53 characters, and one that has to be made so long", async () => {
    const world = worldOf();
    const name = "n".repeat(53);
    const long = "a-name-that-is-longer-than-helm-would-have-it-by-a-few";
    await world.namespace("names");
    await world.publish("shop", "1.0.0", shop("1.0.0"));
    await world.apply(helmRelease("names", name, "shop", "1.0.0"));
    await world.apply(helmRelease("names", long, "shop", "1.0.0"));
    await world.settled("names", name);
    const { history = [] } = await world.settled("names", long);
    const listed: readonly { readonly name: string; readonly status: string }[] = JSON.parse(await world.mustHelm("list -n names -o json"));
    expect(listed.map((release) => `${release.name} ${release.status}`)).toEqual([`${history[0]?.name} deployed`, `${name} deployed`]);
    expect(history[0]?.name).toMatch(/^a-name-that-is-longer-than-helm-would-ha-[0-9a-f]{12}$/);
    expect(await world.mustHelm(`upgrade ${name} ${await world.publish("shop", "1.0.0", shop("1.0.0"))} -n names --force-conflicts`)).toContain("REVISION: 2");
  });

  it("of many revisions as many are kept as helm keeps", async () => {
    const world = worldOf();
    const [ours, theirs] = ["revisions", "helm-revisions"];
    const chart = await world.publish("shop", "1.0.0", shop("1.0.0"));
    await world.namespace(ours);
    await world.namespace(theirs);
    const wanted = (colour: string) => helmRelease(ours, "shop", "shop", "1.0.0", { maxHistory: 3, values: { colour } });
    await world.mustHelm(`install shop ${chart} -n ${theirs} --set colour=c0`);
    await world.apply(wanted("c0"));
    await world.settled(ours, "shop");
    for (const colour of ["c1", "c2", "c3", "c4"]) {
      await world.mustHelm(`upgrade shop ${chart} -n ${theirs} --set colour=${colour} --history-max 3`);
      await world.apply(wanted(colour));
      await world.settled(ours, "shop");
    }
    expect(await revisions(ours, "shop")).toEqual(["3 superseded", "4 superseded", "5 deployed"]);
    expect(await revisions(ours, "shop")).toEqual(await revisions(theirs, "shop"));
    expect(await world.mustHelm(`get values shop -n ${ours} --revision 3`)).toBe(await world.mustHelm(`get values shop -n ${theirs} --revision 3`));
  });

  it("tests are stored as helm test stores them", async () => {
    const world = worldOf();
    const [ours, theirs] = ["tested", "helm-tested"];
    const chart = await world.publish("hooked", "1.0.0", hooked("1.0.0"));
    await world.namespace(ours);
    await world.namespace(theirs);
    await world.mustHelm(`install hooked ${chart} -n ${theirs} --wait`);
    await world.mustHelm(`test hooked -n ${theirs}`);
    await world.apply(helmRelease(ours, "hooked", "hooked", "1.0.0", { test: { enable: true } }));
    expect(ready(await world.settled(ours, "hooked"))).toBe(
      `Helm test succeeded for release ${ours}/hooked.v1 with chart hooked@1.0.0: 1 test hook completed successfully`,
    );
    const runs = async (namespace: string): Promise<unknown> => {
      const { hooks } = JSON.parse(jsonOf(await world.must(secretRef(namespace, "hooked", 1)))) as {
        readonly hooks: readonly { name: string; last_run: Run }[];
      };
      return hooks.map(({ name, last_run: { started_at, completed_at, phase } }) => [name, phase, typeof started_at, typeof completed_at]);
    };
    expect(await runs(ours)).toEqual(await runs(theirs));
    expect(await world.mustHelm(`status hooked -n ${ours}`)).toContain("TEST SUITE:     hooked-ping");
    const { code, out } = await world.helm(`test hooked -n ${ours}`);
    expect([code, out]).toEqual([0, expect.stringContaining("Phase:          Succeeded")]);
    await request(world, ours, "hooked");
    await world.settled(ours, "hooked");
    expect(await revisions(ours, "hooked")).toEqual(["1 deployed"]);
  });

  it("a CRD stays when helm uninstalls, and when the HelmRelease goes", async () => {
    const world = worldOf();
    const crd = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", name: "carts.shop.example" };
    await world.namespace("crds");
    await world.publish("whole", "1.0.0", whole("1.0.0"));
    await world.apply(helmRelease("crds", "whole", "whole", "1.0.0"));
    await world.settled("crds", "whole");
    await world.mustHelm("uninstall whole -n crds --wait");
    const { uid } = (await world.must(crd)).metadata;
    await request(world, "crds", "whole");
    expect(ready(await world.settled("crds", "whole"))).toBe("Helm install succeeded for release crds/whole.v1 with chart whole@1.0.0");
    expect((await world.must(crd)).metadata.uid).toBe(uid);
    expect(await world.mustHelm("get manifest whole -n crds")).toContain("kind: Cart");
  });
}

/** More than a Secret may hold, and more than the API server hears. */
const TOO_BIG = [
  { version: "1.1.0", bytes: 1_100_000 },
  { version: "3.5.0", bytes: 3_500_000 },
];

type Run = { readonly started_at?: string; readonly completed_at?: string; readonly phase: string };
