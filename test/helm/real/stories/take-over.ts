import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { shop } from "../support/charts.ts";
import { editStored, storedJson } from "../support/stored.ts";
import { helmRelease, request, type World } from "../support/world.ts";

const OBJECTS = [
  ["v1", "ConfigMap"],
  ["v1", "Service"],
  ["apps/v1", "Deployment"],
] as const;

type Case = {
  readonly about: string;
  readonly flags: string;
  readonly helm3: boolean;
  readonly upgrade: "auto" | "enabled" | "disabled";
  readonly method: string;
};

const CASES: readonly Case[] = [
  { about: "helm 4, server-side", flags: "", helm3: false, upgrade: "auto", method: "ssa" },
  { about: "helm 4, client-side", flags: "--server-side=false", helm3: false, upgrade: "auto", method: "csa" },
  { about: "Helm 3", flags: "--server-side=false", helm3: true, upgrade: "auto", method: "csa" },
  { about: "Helm 3, to server-side", flags: "--server-side=false", helm3: true, upgrade: "enabled", method: "ssa" },
  { about: "helm 4, to client-side", flags: "", helm3: false, upgrade: "disabled", method: "csa" },
];

/** A HelmRelease takes over what helm installed; beside it helm itself does what Flux has it do, after somebody by another name installed. */
export function tellOfTakingOver(worldOf: () => World): void {
  describe.each(CASES)("$about", ({ flags, helm3, upgrade, method }) => {
    const id = `${flags === "" ? "s" : "c"}${helm3 ? 3 : 4}-${upgrade}`;
    const [ours, theirs] = [`ours-${id}`, `helm-${id}`];
    const before = new Map<string, Manifest>();

    const read = (namespace: string, [apiVersion, kind]: (typeof OBJECTS)[number]): Promise<Manifest> =>
      worldOf().must({ apiVersion, kind, namespace, name: "shop" });

    beforeAll(async () => {
      const world = worldOf();
      const chart = await world.publish("shop", "1.0.0", shop("1.0.0"));
      const values = await world.file(JSON.stringify({ colour: "blue" }));
      for (const namespace of [ours, theirs]) {
        await world.namespace(namespace);
        await world.mustHelm(`install shop ${chart} -n ${namespace} -f ${values} --wait ${flags}`);
        if (helm3) await editStored(world, [namespace, "shop", 1], asHelm3);
      }
      for (const object of OBJECTS) await rename(world, await read(theirs, object));
      for (const object of OBJECTS) before.set(object[1], await read(ours, object));
      await world.apply(helmRelease(ours, "shop", "shop", "1.0.0", { values: { colour: "blue" }, upgrade: { serverSideApply: upgrade } }));
      await world.settled(ours, "shop");
      const labels = { "helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": theirs };
      const more = await world.file(JSON.stringify({ colour: "blue", origin: labels }));
      const mode = { auto: "auto", enabled: "true", disabled: "false" }[upgrade];
      const force = method === "ssa" ? "--force-conflicts" : "";
      await world.mustHelm(`upgrade shop ${chart} -n ${theirs} -f ${more} --take-ownership --server-side=${mode} ${force} --wait`);
    });

    it("history goes on", async () => {
      const world = worldOf();
      const { conditions = [], history = [] } = await world.settled(ours, "shop");
      expect(conditions.find(({ type }) => type === "Ready")?.message).toBe(`Helm upgrade succeeded for release ${ours}/shop.v2 with chart shop@1.0.0`);
      expect(history[0]).toMatchObject({ version: 2, status: "deployed", chartVersion: "1.0.0" });
      const rows: readonly { revision: number; status: string }[] = JSON.parse(await world.mustHelm(`history shop -n ${ours} -o json`));
      expect(rows.map(({ revision, status }) => `${revision} ${status}`)).toEqual(["1 superseded", "2 deployed"]);
      const [our, their] = await Promise.all([ours, theirs].map(async (namespace) => JSON.parse(await storedJson(world, namespace, "shop", 2)).apply_method));
      expect([our, their]).toEqual([method, method]);
    });

    it.each(OBJECTS)("%s %s: only its labels are new, and fields are owned as helm has them", async (apiVersion, kind) => {
      const [after, beside] = [
        await read(ours, [apiVersion, kind] as (typeof OBJECTS)[number]),
        await read(theirs, [apiVersion, kind] as (typeof OBJECTS)[number]),
      ];
      const was = before.get(kind);
      expect(after.metadata.generation).toBe(was?.metadata.generation);
      expect([after.spec, after.data]).toEqual([was?.spec, was?.data]);
      expect(after.metadata.labels).toEqual({ ...was?.metadata.labels, "helm.toolkit.fluxcd.io/name": "shop", "helm.toolkit.fluxcd.io/namespace": ours });
      expect(owners(after, NAMES_OURS)).toEqual(owners(beside, NAMES_THEIRS));
    });

    it("another look writes nothing, and an upgrade by force touches no object", async () => {
      const world = worldOf();
      const versions = async () => Promise.all(OBJECTS.map(async (object) => (await read(ours, object)).metadata.resourceVersion));
      const first = await versions();
      await request(world, ours, "shop");
      await world.settled(ours, "shop");
      expect(await versions()).toEqual(first);
      expect(JSON.parse(await world.mustHelm(`history shop -n ${ours} -o json`))).toHaveLength(2);
      await request(world, ours, "shop", ["forceAt"]);
      await world.settled(ours, "shop");
      expect(JSON.parse(await world.mustHelm(`history shop -n ${ours} -o json`))).toHaveLength(3);
      expect(await versions()).toEqual(first);
    });
  });
}

/** As Helm 3 stored it: no way to apply, times of files unknown, a time that is none as an empty text. */
function asHelm3(json: string): string {
  const { apply_method: _, info, chart, ...release } = JSON.parse(json);
  const { schemamodtime: __, modtime: ___, ...rest } = chart;
  const files = (list: readonly { readonly name: string; readonly data: string }[]): unknown => list.map(({ name, data }) => ({ name, data }));
  return JSON.stringify({
    ...release,
    info: { ...info, deleted: "" },
    chart: { ...rest, templates: files(rest.templates), files: files(rest.files) },
  });
}

/** helm owns fields under one name only: whoever installed gets another. */
async function rename(world: World, { apiVersion, kind, metadata }: Manifest): Promise<void> {
  const { name = "", namespace = "", managedFields = [] } = metadata;
  const value = managedFields.map((entry) => ({ ...entry, ...(entry.manager === "helm" && { manager: INSTALLER }) }) as Json); // no field of an entry is undefined
  const operations = [{ op: "replace", path: "/metadata/managedFields", value } as const];
  const answer = await world.cluster.patch({ apiVersion, kind, name, namespace }, { body: { type: "json", operations }, manager: "somebody" });
  if (answer.kind !== "patched") throw new Error(`the fields of ${kind} were not renamed: ${answer.kind}`);
}

const INSTALLER = "installer";
const NAMES_OURS = new Map([
  ["helm", "who installed"],
  ["helm-controller", "who upgraded"],
]);
const NAMES_THEIRS = new Map([
  [INSTALLER, "who installed"],
  ["helm", "who upgraded"],
]);

/** Who owns what, without times and without the controllers' parts. */
const owners = ({ metadata: { managedFields = [] } }: Manifest, names: ReadonlyMap<string, string>): readonly string[] =>
  managedFields
    .filter(({ subresource }) => subresource === undefined)
    .map(({ manager = "", operation, fieldsV1 = {} }) => `${names.get(manager) ?? manager} ${operation} ${JSON.stringify(sortedKeys(fieldsV1))}`)
    .toSorted();

const sortedKeys = (value: Json): Json =>
  isObject(value)
    ? Object.fromEntries(
        Object.entries(value)
          .toSorted()
          .map(([key, item]) => [key, sortedKeys(item)]),
      )
    : value;
