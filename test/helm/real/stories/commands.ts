import { beforeAll, expect, it } from "vitest";
import { hooked } from "../support/charts.ts";
import { helmRelease, type ReleaseStatus, request, type World } from "../support/world.ts";

const NAMESPACE = "commands";
const NAME = "hooked";

/** helm works on what we installed, and the HelmRelease notices at its next look. The cases follow one another. */
export function tellOfCommands(worldOf: () => World): void {
  let chart = "";

  beforeAll(async () => {
    const world = worldOf();
    await world.namespace(NAMESPACE);
    await world.publish(NAME, "1.0.0", hooked("1.0.0"));
    chart = await world.publish(NAME, "1.1.0", hooked("1.1.0"));
    await world.apply(helmRelease(NAMESPACE, NAME, NAME, "1.0.0", { values: { colour: "blue" } }));
    await world.settled(NAMESPACE, NAME);
    await world.apply(wanted());
    await world.settled(NAMESPACE, NAME);
  });

  const wanted = (spec = {}) => helmRelease(NAMESPACE, NAME, NAME, "1.1.0", { values: { colour: "green" }, ...spec });
  const helm = (words: string): Promise<string> => worldOf().mustHelm(`${words} -n ${NAMESPACE}`);
  const noticed = async (): Promise<ReleaseStatus> => {
    await request(worldOf(), NAMESPACE, NAME);
    return worldOf().settled(NAMESPACE, NAME);
  };
  const colour = async (): Promise<unknown> => {
    const { data } = await worldOf().must({ apiVersion: "v1", kind: "ConfigMap", namespace: NAMESPACE, name: NAME });
    return (data as { readonly colour: string }).colour;
  };
  /** `2 deployed Upgrade complete`, oldest first. */
  const history = async (): Promise<readonly string[]> => {
    const rows: readonly { revision: number; status: string; description: string }[] = JSON.parse(await helm(`history ${NAME} -o json`));
    return rows.map(({ revision, status, description }) => `${revision} ${status} ${description}`);
  };
  const ready = ({ conditions = [] }: ReleaseStatus): string => conditions.find(({ type }) => type === "Ready")?.message ?? "";

  it("helm rollback: the next look upgrades again", async () => {
    await helm(`rollback ${NAME} 1 --force-conflicts --wait`);
    expect(await colour()).toBe("blue");
    expect((await history()).at(-1)).toBe("3 deployed Rollback to 1");
    expect(ready(await noticed())).toBe(`Helm upgrade succeeded for release ${NAMESPACE}/${NAME}.v4 with chart hooked@1.1.0`);
    expect(await history()).toEqual([
      "1 superseded Install complete",
      "2 superseded Upgrade complete",
      "3 superseded Rollback to 1",
      "4 deployed Upgrade complete",
    ]);
    expect(await colour()).toBe("green");
  });

  it("helm upgrade: the next look upgrades to what is in Git", async () => {
    await helm(`upgrade ${NAME} ${chart} --set colour=purple --force-conflicts --wait`);
    expect(await colour()).toBe("purple");
    expect(ready(await noticed())).toBe(`Helm upgrade succeeded for release ${NAMESPACE}/${NAME}.v6 with chart hooked@1.1.0`);
    expect([(await history()).at(-1), await colour()]).toEqual(["6 deployed Upgrade complete", "green"]);
    // Five revisions are kept.
    expect((await history()).map((row) => row.split(" ")[0])).toEqual(["2", "3", "4", "5", "6"]);
  });

  it("helm test changes nothing that the HelmRelease is about", async () => {
    expect(await helm(`test ${NAME}`)).toContain("Phase:          Succeeded");
    expect(ready(await noticed())).toBe(`Helm upgrade succeeded for release ${NAMESPACE}/${NAME}.v6 with chart hooked@1.1.0`);
    expect((await history()).at(-1)).toBe("6 deployed Upgrade complete");
  });

  it("helm upgrade without taking our fields fails: the next look upgrades", async () => {
    const { code, err } = await worldOf().helm(`upgrade ${NAME} ${chart} --set colour=purple -n ${NAMESPACE}`);
    expect([code, err]).toEqual([1, expect.stringContaining('conflict with "helm-controller"')]);
    expect((await history()).at(-1)).toMatch(/^7 failed /);
    expect(ready(await noticed())).toBe(`Helm upgrade succeeded for release ${NAMESPACE}/${NAME}.v8 with chart hooked@1.1.0`);
    expect(await colour()).toBe("green");
  });

  it("helm uninstall: the next look installs", async () => {
    await helm(`uninstall ${NAME} --wait`);
    expect(ready(await noticed())).toBe(`Helm install succeeded for release ${NAMESPACE}/${NAME}.v1 with chart hooked@1.1.0`);
    expect([await history(), await colour()]).toEqual([["1 deployed Install complete"], "green"]);
  });

  it("helm uninstall --keep-history: with replace the name is taken again", async () => {
    await helm(`uninstall ${NAME} --keep-history --wait`);
    await worldOf().apply(wanted({ install: { replace: true } }));
    expect(ready(await worldOf().settled(NAMESPACE, NAME))).toBe(`Helm install succeeded for release ${NAMESPACE}/${NAME}.v2 with chart hooked@1.1.0`);
    expect(await history()).toEqual(["1 superseded superseded by new release", "2 deployed Install complete"]);
  });

  it("with the HelmRelease the release goes", async () => {
    const world = worldOf();
    await world.remove(NAMESPACE, NAME);
    expect(JSON.parse(await helm("list -o json"))).toEqual([]);
  });
}
