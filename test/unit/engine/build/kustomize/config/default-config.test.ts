import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { FieldSpec } from "../../../../../../layers/engine/build/kustomize/config/config.ts";
import { defaultConfig, emptyConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { mergeConfigs } from "../../../../../../layers/engine/build/kustomize/config/merge-configs.ts";

const row = ({ group, version, kind, path, create }: FieldSpec): string => `${kind}.${version}.${group} ${path}${create ? " create" : ""}`;
const digestOf = (rows: readonly string[]): string => createHash("sha256").update(rows.join("\n")).digest("hex").slice(0, 16);

describe("the built-in field specs in kustomize's order", () => {
  it.each<["namespace" | "replicas" | "commonAnnotations", readonly string[]]>([
    [
      "namespace",
      [
        "Namespace.. metadata/name create",
        "CustomResourceDefinition..apiextensions.k8s.io spec/conversion/webhook/clientConfig/service/namespace",
        "APIService..apiregistration.k8s.io spec/service/namespace create",
      ],
    ],
    [
      "replicas",
      [
        "Deployment.. spec/replicas create",
        "StatefulSet.. spec/replicas create",
        "ReplicaSet.. spec/replicas create",
        "ReplicationController.. spec/replicas create",
      ],
    ],
    [
      "commonAnnotations",
      [
        "Deployment.. spec/template/metadata/annotations create",
        "StatefulSet.. spec/template/metadata/annotations create",
        "CronJob..batch spec/jobTemplate/metadata/annotations create",
        "CronJob..batch spec/jobTemplate/spec/template/metadata/annotations create",
        "Job..batch spec/template/metadata/annotations create",
        "ReplicationController.v1. spec/template/metadata/annotations create",
        "DaemonSet.. spec/template/metadata/annotations create",
        "ReplicaSet.. spec/template/metadata/annotations create",
        ".. metadata/annotations create",
      ],
    ],
  ])("%s", (field, want) => expect(defaultConfig()[field].map(row)).toEqual(want));

  // Digests over all rows of what kustomize 0.21.1 answers (builtinconfig.MakeDefaultConfig), in its order.
  it.each([
    ["images", 6, "40ca8145d3d15368"],
    ["commonLabels", 32, "a89bdee4732efd6b"],
    ["templateLabels", 10, "8955b023996efef9"],
    ["varReference", 72, "73fdcdade4daca95"],
  ] as const)("%s: %i rows", (field, count, want) => {
    expect(defaultConfig()[field]).toHaveLength(count);
    expect(digestOf(defaultConfig()[field].map(row))).toBe(want);
  });

  it("name references", () => {
    const rows = defaultConfig().nameReference.flatMap(({ group, version, kind, fieldSpecs }) => [
      `${kind}.${version}.${group}`,
      ...fieldSpecs.map((fieldSpec) => `  ${row(fieldSpec)}`),
    ]);
    expect(rows).toHaveLength(183);
    expect(digestOf(rows)).toBe("f6e5c00efd4d19c0");
  });

  it("names have one field, labels none", () => {
    expect(defaultConfig().namePrefix.map(row)).toEqual([".. metadata/name"]);
    expect(defaultConfig().nameSuffix.map(row)).toEqual([".. metadata/name"]);
    expect(defaultConfig().labels).toEqual([]);
  });

  it("stay what they are when they are merged with nothing", () => {
    const merged = mergeConfigs(emptyConfig, defaultConfig());
    expect(merged.ok && merged.value).toEqual(defaultConfig());
  });
});
