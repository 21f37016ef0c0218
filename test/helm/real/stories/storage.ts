import { loadAll } from "js-yaml";
import { describe, expect, it } from "vitest";
import { shop, whole } from "../support/charts.ts";
import { storedJson } from "../support/stored.ts";
import { helmRelease, secretRef, type World } from "../support/world.ts";

const VALUES = { colour: "blue", nested: { z: 1, a: { deep: [1, 2.5, true, null, "x<y"] } }, piece: { size: 4 }, zero: 0, none: null };
const CHANGED = { ...VALUES, colour: "green" };
const CHARTS = { shop, whole };

/** What we store beside what helm stores of the same chart and values, under the same name in another namespace. */
export function tellOfStorage(worldOf: () => World): void {
  describe.each(["shop", "whole"] as const)("%s", (chart) => {
    const [ours, theirs] = [`ours-${chart}`, `helm-${chart}`];
    const both = <T>(read: (namespace: string) => Promise<T>): Promise<readonly [T, T]> => Promise.all([read(ours), read(theirs)]);

    it("is installed and upgraded by both", async () => {
      const world = worldOf();
      const paths = [await world.publish(chart, "1.0.0", CHARTS[chart]("1.0.0")), await world.publish(chart, "1.1.0", CHARTS[chart]("1.1.0"))];
      const values = [await world.file(JSON.stringify(VALUES)), await world.file(JSON.stringify(CHANGED))];
      await world.namespace(ours);
      await world.namespace(theirs);
      await world.mustHelm(`install ${chart} ${paths[0]} -n ${theirs} -f ${values[0]} --wait`);
      await world.mustHelm(`upgrade ${chart} ${paths[1]} -n ${theirs} -f ${values[1]} --wait`);
      await world.apply(helmRelease(ours, chart, chart, "1.0.0", { values: VALUES }));
      await world.settled(ours, chart);
      await world.apply(helmRelease(ours, chart, chart, "1.1.0", { values: CHANGED }));
      const { history = [] } = await world.settled(ours, chart);
      expect(history.map(({ version, status }) => `${version} ${status}`)).toEqual(["2 deployed", "1 superseded"]);
    });

    it.each([1, 2])("revision %d: the same fields in the same order", async (version) => {
      const [our, their] = await both((namespace) => storedJson(worldOf(), namespace, chart, version));
      expect(comparable(our)).toBe(comparable(their));
    });

    it.each([1, 2])("revision %d: the same labels on a Secret of the same type", async (version) => {
      const [our, their] = await both(async (namespace) => {
        const { metadata, type, data, immutable } = await worldOf().must(secretRef(namespace, chart, version));
        const { createdAt = "", modifiedAt = "", ...labels } = metadata.labels ?? {};
        const times = [createdAt, modifiedAt].map((time) => time.replace(/^\d{10}$/, "TIME"));
        return { labels, times, annotations: metadata.annotations, type, immutable, keys: Object.keys(data as object) };
      });
      expect(our).toEqual(their);
    });

    // What is stored of the other is compared as it is: what helm makes of it costs a process each time.
    if (chart !== "whole") return;

    it.each([`status ${chart}`, `status ${chart} --revision 1`])("helm %s", async (line) => {
      const [our, their] = await both(async (namespace) => byKind(plain(await worldOf().mustHelm(`${line} -n ${namespace}`))));
      expect(our).toEqual(their);
    });

    it.each([
      `history ${chart}`,
      `get values ${chart}`,
      `get values ${chart} --all`,
      `get values ${chart} --revision 1 -o json`,
      `get notes ${chart}`,
      `get metadata ${chart}`,
      `get metadata ${chart} -o json`,
      `list`,
      `list -o json`,
    ])("helm %s", async (line) => {
      const [our, their] = await both(async (namespace) => plain(await worldOf().mustHelm(`${line} -n ${namespace}`)));
      expect(our).toBe(their);
    });

    it.each([`get manifest ${chart}`, `get hooks ${chart}`, `get manifest ${chart} --revision 1`])("helm %s", async (line) => {
      const [our, their] = await both(async (namespace) => documents(plain(await worldOf().mustHelm(`${line} -n ${namespace}`))));
      expect(our).toEqual(their);
    });

    it(`helm get all ${chart}`, async () => {
      expect(await worldOf().mustHelm(`get all ${chart} -n ${ours}`)).toContain(`${chart} is green, revision 2`);
    });
  });
}

/** Without what has to differ: times, namespaces, and how the text of a manifest is written behind a post-renderer. */
function comparable(json: string): string {
  const {
    manifest = "",
    hooks = [],
    ...release
  } = JSON.parse(plain(json)) as { readonly manifest?: string; readonly hooks?: readonly { readonly manifest: string }[] };
  const keys = Object.keys(JSON.parse(json) as object).join(" ");
  return JSON.stringify(
    { keys, ...release, manifest: documents(manifest), hooks: hooks.map((hook) => ({ ...hook, manifest: documents(hook.manifest) })) },
    undefined,
    1,
  );
}

const plain = (text: string): string =>
  text
    .replaceAll(/(ours|helm)-(shop|whole)\b/g, "NAMESPACE")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g, (time) => (/^(2024|1970|0001)/.test(time) ? time : "TIME"))
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+ [+-]\d{4} \S+)?/g, "TIME")
    .replaceAll(/(modifiedAt"?[=:]"?)\d{10}/g, "$1TIME")
    .replaceAll(/\b\d+s$/gm, "AGE")
    .replaceAll(/\b10\.\d+\.\d+\.\d+ */g, "ADDRESS ")
    .replaceAll(/ +\t/g, "\t")
    .replaceAll(/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, "TIME");

/** The blocks of objects in `helm status` come in an order of chance. */
const byKind = (text: string): readonly string[] =>
  text
    .split(/^(?===> |NOTES:|TEST SUITE:)/m)
    .map((block) => block.trim())
    .toSorted();

/** Each with the file that it is from, and without the labels of its HelmRelease. */
function documents(manifest: string): readonly unknown[] {
  const sources = [...manifest.matchAll(/^# Source: (.*)$/gm)].map(([, source]) => source);
  const objects = loadAll(manifest).map((object) => sorted(withoutOrigin(object)));
  return [sources, ...objects];
}

function withoutOrigin(object: unknown): unknown {
  if (typeof object !== "object" || object === null || !("metadata" in object)) return object;
  const { labels = {}, ...metadata } = object.metadata as { readonly labels?: { readonly [key: string]: string } };
  const rest = Object.entries(labels).filter(([key]) => !key.startsWith("helm.toolkit.fluxcd.io/"));
  return { ...object, metadata: { ...metadata, ...(rest.length > 0 && { labels: Object.fromEntries(rest) }) } };
}

const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted()
      .map(([key, item]) => [key, sorted(item)]),
  );
};
