import { describe, expect, it } from "vitest";
import { builtInKinds, definitionOf, kubernetesVersion } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import type { Schema } from "../../../../../lib/local/sandbox/schema/schema.ts";

const find = (group: string, version: string, kind: string) =>
  builtInKinds().find((row) => row.group === group && row.version === version && row.kind === kind);

function at(schema: Schema | undefined, path: string): Schema | undefined {
  let here = schema;
  for (const step of path.split(".")) {
    const values = here?.additionalProperties;
    here = step === "[]" ? here?.items : step === "{}" ? (typeof values === "object" ? values : undefined) : here?.properties?.[step];
  }
  return here;
}

describe("builtInKinds", () => {
  it("tells of a Deployment what discovery does", () => {
    const { schema: _schema, columns, ...facts } = find("apps", "v1", "Deployment") ?? expect.fail("no Deployment");
    expect(facts).toMatchObject({
      listKind: "DeploymentList",
      plural: "deployments",
      singular: "deployment",
      shortNames: ["deploy"],
      categories: ["all"],
      namespaced: true,
      hasStatus: true,
      custom: false,
    });
    expect(facts.verbs).toEqual(["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]);
    expect(columns.filter(({ priority }) => priority === 0).map(({ name }) => name)).toEqual(["Name", "Ready", "Up-to-date", "Available", "Age"]);
  });
  it.each([
    [
      "apps",
      "v1",
      "Deployment",
      "spec.template.spec.containers",
      { type: "array", listType: "map", listMapKeys: ["name"], patchStrategy: "merge", patchMergeKey: "name" },
    ],
    ["apps", "v1", "Deployment", "spec.template.spec.containers.[].ports", { listType: "map", listMapKeys: ["containerPort", "protocol"] }],
    ["apps", "v1", "Deployment", "spec.template.spec.containers.[].ports.[].protocol", { type: "string", default: "TCP" }],
    ["apps", "v1", "Deployment", "spec.selector", { mapType: "atomic" }],
    ["apps", "v1", "Deployment", "spec.strategy", { type: "object", patchStrategy: "retainKeys" }],
    ["apps", "v1", "Deployment", "metadata.finalizers", { listType: "set" }],
    ["", "v1", "Service", "spec.ports.[].targetPort", { intOrString: true }],
    ["", "v1", "Secret", "data.{}", { type: "string", format: "byte" }],
    [
      "apiextensions.k8s.io",
      "v1",
      "CustomResourceDefinition",
      "spec.versions.[].schema.openAPIV3Schema.properties.{}.properties.{}.pattern",
      { type: "string" },
    ],
  ])("%s/%s %s %s", (group, version, kind, path, want) => expect(at(find(group, version, kind)?.schema, path)).toMatchObject(want));
  it("names definitions, shares them, and survives cycles", () => {
    const props = at(find("apiextensions.k8s.io", "v1", "CustomResourceDefinition")?.schema, "spec.versions.[].schema.openAPIV3Schema");
    expect(props && definitionOf(props)).toBe("io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps");
    expect(at(props, "not.properties")).toBe(at(props, "not.not.properties"));
  });
  it("says which Kubernetes it is", () => expect(kubernetesVersion()).toMatch(/^v1\.35\./));
});
