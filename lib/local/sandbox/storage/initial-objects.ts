import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Store } from "./store.ts";

const WRITER = { manager: "kube-apiserver" } as const;
const NAMESPACES = ["default", "kube-node-lease", "kube-public", "kube-system"];

const PRIORITIES: readonly { readonly name: string; readonly value: number; readonly description: string }[] = [
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description: "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
  { name: "system-node-critical", value: 2_000_001_000, description: "Used for system critical pods that must not be moved from their current node." },
];

/** What an API server makes at its first start, roles aside: its namespaces, its own Service, and the priority classes of the system. */
export function createInitialObjects(store: Pick<Store, "create">, port: number): void {
  for (const name of NAMESPACES) store.create({ group: "", plural: "namespaces" }, manifest("v1", "Namespace", { name }, {}), WRITER);
  const spec = {
    clusterIP: "10.96.0.1",
    clusterIPs: ["10.96.0.1"],
    ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
    sessionAffinity: "None",
    type: "ClusterIP",
  };
  const labels = { component: "apiserver", provider: "kubernetes" };
  store.create({ group: "", plural: "services" }, manifest("v1", "Service", { name: "kubernetes", namespace: "default", labels }, { spec }), WRITER);
  for (const { name, ...rest } of PRIORITIES) {
    const fields = { ...rest, preemptionPolicy: "PreemptLowerPriority" };
    store.create({ group: "scheduling.k8s.io", plural: "priorityclasses" }, manifest("scheduling.k8s.io/v1", "PriorityClass", { name }, fields), WRITER);
  }
}

const manifest = (apiVersion: string, kind: string, metadata: Manifest["metadata"], fields: JsonObject): Manifest => ({
  apiVersion,
  kind,
  metadata,
  ...fields,
});
