import { typedFieldsOf } from "@sluice/engine/plan/typed-kinds.ts";
import { describe, expect, it } from "vitest";

/** `Deployment spec.template.spec.containers[].resources` → how Go writes it, on one line. */
function line(apiVersion: string, kind: string, path: string): string {
  let field = typedFieldsOf(apiVersion, kind);
  for (const step of path.split(".")) field = step === "[]" || step === "{}" ? field?.element : field?.fields.get(step);
  return field === undefined ? "unknown" : `${field.pointer ? "*" : ""}${field.shape} ${field.written}`;
}

describe("typedFieldsOf", () => {
  it.each([
    ["apps/v1", "Deployment", "spec.strategy", "struct always"],
    ["apps/v1", "Deployment", "spec.strategy.rollingUpdate", "*struct when-set"],
    ["apps/v1", "Deployment", "spec.selector", "*struct always"],
    ["apps/v1", "Deployment", "spec.replicas", "*integer when-set"],
    ["apps/v1", "Deployment", "spec.minReadySeconds", "integer when-not-empty"],
    ["apps/v1", "Deployment", "spec.template.metadata.creationTimestamp", "time when-not-empty"],
    ["apps/v1", "Deployment", "spec.template.spec.containers", "list always"],
    ["apps/v1", "Deployment", "spec.template.spec.containers.[].resources", "struct always"],
    ["apps/v1", "Deployment", "spec.template.spec.containers.[].resources.limits.{}", "quantity always"],
    ["apps/v1", "Deployment", "spec.template.spec.containers.[].livenessProbe.httpGet.port", "int-or-string always"],
    ["apps/v1", "Deployment", "spec.template.spec.volumes.[].configMap.name", "string when-not-empty"],
    ["apps/v1", "Deployment", "spec.template.spec.volumes.[].emptyDir.sizeLimit", "*quantity when-set"],
    ["v1", "Service", "spec.ports.[].targetPort", "int-or-string always"],
    ["v1", "Secret", "data.{}", "bytes always"],
    ["v1", "Secret", "immutable", "*boolean when-set"],
    ["rbac.authorization.k8s.io/v1", "Role", "rules", "list always"],
    [
      "apiextensions.k8s.io/v1",
      "CustomResourceDefinition",
      "spec.versions.[].schema.openAPIV3Schema.properties.{}.properties.{}.type",
      "string when-not-empty",
    ],
    ["apps/v1", "Deployment", "spec.sparkle", "unknown"],
    ["apps/v1beta1", "Deployment", "spec", "unknown"],
    ["v1", "constructor", "spec", "unknown"],
  ])("%s %s %s", (apiVersion, kind, path, want) => expect(line(apiVersion, kind, path)).toBe(want));
});
