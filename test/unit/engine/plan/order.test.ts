import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { byApplyOrder, inPruneOrder, inStages, parseStageKinds, stageOf } from "@sluice/engine/plan/order.ts";
import { describe, expect, it } from "vitest";

/** `apps/v1 Deployment ns/name`, without `ns/` for cluster-scoped ones. */
function ref(text: string): ObjectRef {
  const [apiVersion = "", kind = "", id = ""] = text.split(" ");
  const [name = "", namespace] = id.split("/").toReversed();
  return { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
}
const text = ({ apiVersion, kind, namespace, name }: ObjectRef): string => `${apiVersion} ${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
const manifest = (line: string): Manifest => {
  const { apiVersion, kind, namespace, name } = ref(line);
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
};

const ORDERED = [
  "apiextensions.k8s.io/v1 CustomResourceDefinition z",
  "v1 Namespace a",
  "v1 Namespace b",
  "rbac.authorization.k8s.io/v1 ClusterRole c",
  "storage.k8s.io/v1 StorageClass s",
  "rbac.authorization.k8s.io/v1 ClusterRoleBinding c",
  "v1 ServiceAccount a/x",
  "rbac.authorization.k8s.io/v1 Role a/x",
  "v1 ConfigMap a/b",
  "v1 ConfigMap a/c",
  "v1 ConfigMap b/a",
  "v1 Secret a/a",
  "v1 Service a/a",
  "apps/v1 Deployment a/a",
  "other.example.com/v1 Deployment a/a",
  "apps/v1 StatefulSet a/a",
  "policy/v1 PodDisruptionBudget a/a",
  "v1 Pod a/a",
  "apps/v1 DaemonSet a/a",
  "autoscaling/v2 HorizontalPodAutoscaler a/a",
  "batch/v1 Job a/a",
  "zoo.example.com/v1 Ape a/a",
  "zoo.example.com/v1 Bee a/a",
  "admissionregistration.k8s.io/v1 MutatingWebhookConfiguration a",
  "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration a",
];

describe("byApplyOrder", () => {
  it("puts any order into the one of the reference", () => {
    const shuffled = ORDERED.toSorted((a, b) => ((a.length * 7 + a.charCodeAt(a.length - 1)) % 13) - ((b.length * 7 + b.charCodeAt(b.length - 1)) % 13));
    expect(shuffled).not.toEqual(ORDERED);
    expect(shuffled.map(ref).toSorted(byApplyOrder).map(text)).toEqual(ORDERED);
  });

  it("is reversed for deletion", () => {
    expect(inPruneOrder(ORDERED.map(ref)).map(text)).toEqual(ORDERED.toReversed());
  });

  it("ignores versions", () => {
    expect(byApplyOrder(ref("apps/v1 Deployment a/a"), ref("apps/v1beta1 Deployment a/a"))).toBe(0);
  });
});

describe("stages", () => {
  it.each([
    ["apiextensions.k8s.io/v1 CustomResourceDefinition a", "definitions"],
    ["other.example.com/v1 CustomResourceDefinition a", "rest"],
    ["v1 Namespace a", "definitions"],
    ["rbac.authorization.k8s.io/v1 ClusterRole a", "definitions"],
    ["rbac.authorization.k8s.io/v1 Role a/a", "rest"],
    ["storage.k8s.io/v1 StorageClass a", "classes"],
    ["zoo.example.com/v1 AnythingClass a", "classes"],
    ["zoo.example.com/v1 Bee a/a", "custom"],
    ["v1 Secret a/a", "custom"],
    ["v1 ConfigMap a/a", "rest"],
  ])("%s → %s", (line, stage) => {
    expect(stageOf(ref(line), parseStageKinds("zoo.example.com/Bee, Secret"))).toBe(stage);
  });

  it("leaves out empty ones and waits after the first two", () => {
    const stages = inStages(["v1 ConfigMap a/b", "v1 Namespace a", "storage.k8s.io/v1 StorageClass s", "v1 ConfigMap a/a"].map(manifest));
    expect(stages.map(({ name, awaited, manifests }) => `${name} ${awaited} ${manifests.map(({ metadata }) => metadata.name).join(",")}`)).toEqual([
      "definitions true a",
      "classes true s",
      "rest false a,b",
    ]);
  });

  it("makes no stage of nothing", () => expect(inStages([])).toEqual([]));
});
