import { setMetadata } from "@sluice/engine/build/metadata.ts";
import { collectManifests, resourceName } from "@sluice/engine/build/parse.ts";
import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";

const configMap = (name: Json): Json => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name } });
const names = (documents: readonly Json[]): unknown => {
  const read = collectManifests(documents);
  return read.ok ? read.value.map(({ kind, metadata }) => `${kind}/${metadata.name}`) : read.problem;
};

describe("collectManifests", () => {
  it.each<[string, readonly Json[], unknown]>([
    ["objects in order", [configMap("b"), configMap("a")], ["ConfigMap/b", "ConfigMap/a"]],
    ["empty documents", [null, configMap("a"), {}], ["ConfigMap/a"]],
    ["lists", [{ apiVersion: "v1", kind: "ConfigMapList", items: [configMap("a"), configMap("b")] }], ["ConfigMap/a", "ConfigMap/b"]],
    [
      "kustomizations of kustomize, not of Flux",
      [
        { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", metadata: { name: "a" } },
        { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", metadata: { name: "b" } },
      ],
      ["Kustomization/b"],
    ],
    ["an object whose name became empty or a number", [configMap(""), configMap(null), configMap(5)], []],
    ["what is no object", ["text", [configMap("a")], 5], []],
    ["too many", Array.from({ length: 20_001 }, () => configMap("a")), "more than 20000 objects"],
  ])("%s", (_, documents, want) => expect(names(documents)).toEqual(want));
});

describe("resourceName", () => {
  it.each([
    [{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" } }, "ConfigMap.v1.[noGrp]/a"],
    [{ apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } }, "Deployment.v1.apps/web"],
  ])("%j", (object, want) => expect(resourceName(object)).toBe(want));
});

const OWNER = { "kustomize.toolkit.fluxcd.io/name": "app", "kustomize.toolkit.fluxcd.io/namespace": "ns" };

describe("setMetadata", () => {
  const manifest = (metadata: object): Manifest => JSON.parse(JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a", ...metadata } }));

  it.each<[string, object, { labels?: Record<string, string>; annotations?: Record<string, string> } | undefined, object]>([
    ["owner labels", {}, undefined, { labels: OWNER }],
    ["over the manifest's own", { labels: { x: "1", "kustomize.toolkit.fluxcd.io/name": "other" } }, undefined, { labels: { ...OWNER, x: "1" } }],
    [
      "common metadata wins",
      { labels: { x: "1" }, annotations: { a: "1", b: "1" } },
      { labels: { x: "2", "kustomize.toolkit.fluxcd.io/name": "mine" }, annotations: { a: "2" } },
      { labels: { ...OWNER, "kustomize.toolkit.fluxcd.io/name": "mine", x: "2" }, annotations: { a: "2", b: "1" } },
    ],
    ["one label that is no text loses all", { labels: { x: "1", y: true } }, undefined, { labels: OWNER }],
    ["annotations are left when there are no common ones", { annotations: { a: true } }, { labels: {} }, { labels: OWNER, annotations: { a: true } }],
  ])("%s", (_, metadata, common, want) =>
    expect(setMetadata([manifest(metadata)], { name: "app", namespace: "ns" }, common)[0]?.metadata).toEqual({ name: "a", ...want }));
});
