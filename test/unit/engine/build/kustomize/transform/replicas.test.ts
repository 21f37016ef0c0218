import { describe, expect, it } from "vitest";
import { defaultConfig } from "../../../../../../layers/engine/build/kustomize/config/default-config.ts";
import { createPrefixTransformer } from "../../../../../../layers/engine/build/kustomize/transform/prefix.ts";
import { createReplicaTransformer } from "../../../../../../layers/engine/build/kustomize/transform/replicas.ts";
import { fieldAfter, objects, schema } from "./objects.ts";

const scale = createReplicaTransformer({ replica: { name: "a", count: 5n }, fieldSpecs: defaultConfig().replicas });
const object = (kind: string, spec: string, apiVersion = "apps/v1"): string => `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`;
const UNMATCHED =
  "resource with name a does not match a config with the following GVK [Deployment.[noVer].[noGrp] StatefulSet.[noVer].[noGrp] ReplicaSet.[noVer].[noGrp] ReplicationController.[noVer].[noGrp]]";

describe("replicas", () => {
  it.each<[string, string, string, string]>([
    ["are set", "Deployment", "{replicas: 1}", '{"replicas":5}'],
    ["are made", "StatefulSet", "{}", '{"replicas":5}'],
    ["are made with what they stand in", "ReplicaSet", "null", '{"replicas":5}'],
    ["stay between quotes", "Deployment", '{replicas: "1"}', '{"replicas":"5"}'],
    ["of another kind", "DaemonSet", "{}", UNMATCHED],
    [
      "that are a map",
      "Deployment",
      "{replicas: {a: b}}",
      "considering field 'spec/replicas' of object Deployment.v1.apps/a.[noNs]: wrong node kind: expected ScalarNode but got MappingNode: node contents:\na: b\n",
    ],
  ])("%s", (_, kind, spec, want) => expect(fieldAfter(scale, object(kind, spec), "spec")).toBe(want));

  it("of a name that the object once had", () => {
    const renamed = createPrefixTransformer({ prefix: "p-", fieldSpecs: defaultConfig().namePrefix })(objects(object("Deployment", "{}")), schema);
    const scaled = renamed.ok ? scale(renamed.value, schema) : renamed;
    expect(scaled.ok && scaled.value[0]?.node.spec).toEqual({ replicas: 5 });
  });

  it("of any version and group", () => expect(fieldAfter(scale, object("Deployment", "{}", "x.y/v9"), "spec")).toBe('{"replicas":5}'));
});
