import { describe, expect, it } from "vitest";
import type { SortOptions } from "../../../../../../layers/engine/build/kustomize/kustomization/kustomization.ts";
import { kindOf, nameOf, namespaceOf } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import { sortResources } from "../../../../../../layers/engine/build/kustomize/transform/sort-order.ts";
import { objects, schema } from "./objects.ts";

const LISTED = [
  "ValidatingWebhookConfiguration admissionregistration.k8s.io/v1 v",
  "MutatingWebhookConfiguration admissionregistration.k8s.io/v1 m",
  "Deployment apps/v1 b",
  "Deployment apps/v1 a",
  "Foo x.y/v1 f",
  "Bar x.y/v1 f",
  "Ingress networking.k8s.io/v1 i",
  "Service v1 s n2",
  "Service v1 s n10",
  "Service v1 s",
  "ConfigMap v1 c",
  "Namespace x.y/v1 n",
  "Namespace v1 n",
  "Pod v1 p",
];

function sorted(order: SortOptions | "legacy" | "none"): readonly string[] | string {
  const text = LISTED.map((line) => {
    const [kind, apiVersion, name, namespace] = line.split(" ");
    return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}${namespace === undefined ? "" : `, namespace: ${namespace}`}}\n`;
  }).join("---\n");
  const result = sortResources(objects(text), order, schema);
  if (!result.ok) return result.problem.message;
  return result.value.map((resource) => `${kindOf(resource)} ${nameOf(resource)} ${namespaceOf(resource)}`.trim());
}

const LEGACY = [
  "Namespace n",
  "Namespace n",
  "ConfigMap c",
  "Service s n10",
  "Service s n2",
  "Service s",
  "Deployment a",
  "Deployment b",
  "Ingress i",
  "Bar f",
  "Foo f",
  "Pod p",
  "MutatingWebhookConfiguration m",
  "ValidatingWebhookConfiguration v",
];
const FIFO = sorted("none");

describe("order", () => {
  it.each<[string, SortOptions | "legacy" | "none", readonly string[] | string]>([
    ["legacy", "legacy", LEGACY],
    ["legacy, by the kustomization", { order: "legacy", legacySortOptions: undefined }, LEGACY],
    ["as listed", { order: "fifo", legacySortOptions: undefined }, FIFO],
    [
      "kinds of one's own",
      { order: "legacy", legacySortOptions: { orderFirst: ["Pod", "Foo"], orderLast: ["Namespace", "Service"] } },
      [
        "Pod p",
        "Foo f",
        "MutatingWebhookConfiguration m",
        "ValidatingWebhookConfiguration v",
        "Deployment a",
        "Deployment b",
        "Ingress i",
        "Bar f",
        "ConfigMap c",
        "Namespace n",
        "Namespace n",
        "Service s n10",
        "Service s n2",
        "Service s",
      ],
    ],
    ["nothing", { order: "", legacySortOptions: undefined }, "the field 'sortOptions.order' must be one of [fifo, legacy]"],
    ["unknown", { order: "foo", legacySortOptions: undefined }, "the field 'sortOptions.order' must be one of [fifo, legacy]"],
    [
      "options of another",
      { order: "fifo", legacySortOptions: { orderFirst: [], orderLast: [] } },
      "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
    ],
  ])("%s", (_, order, want) => expect(sorted(order)).toEqual(want));

  it("the Namespace of Kubernetes comes first", () => {
    const text = "apiVersion: x.y/v1\nkind: Namespace\nmetadata: {name: a}\n---\napiVersion: v1\nkind: Namespace\nmetadata: {name: b}\n";
    const result = sortResources(objects(text), "legacy", schema);
    expect(result.ok && result.value.map(nameOf)).toEqual(["b", "a"]);
  });
});
