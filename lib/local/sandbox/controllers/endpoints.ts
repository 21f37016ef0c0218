import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import { jsonOf, listAt, numberAt, objectAt, textAt } from "../validation/fields.ts";
import { controlledBy } from "./owners.ts";
import { isReady } from "./pods.ts";
import { type Context, isDeleting, keyOf, MANAGER, type Reconciler } from "./reconciler.ts";
import { ENDPOINT_SLICES, isSame, PODS, SERVICES } from "./resources.ts";

/** One EndpointSlice for each Service with a selector. The older Endpoints are not made. Source: kube-controller-manager, endpointslice. */
export function createEndpoints(context: Context): Reconciler {
  return {
    resource: SERVICES,
    reconcile: (object) => {
      const selector = objectAt(objectAt(jsonOf(object), "spec"), "selector");
      if (isDeleting(object) || Object.keys(selector).length === 0) return;
      const pods = context.store.list(PODS, object.metadata.namespace).filter((pod) => isSelected(pod, selector) && addressOf(pod) !== "");
      const [slice] = context.owners.controlled(object, ENDPOINT_SLICES);
      const made = sliceOf(object, pods);
      if (slice === undefined) {
        const annotations = { "endpoints.kubernetes.io/last-change-trigger-time": formatTime(context.now()) };
        context.store.create(ENDPOINT_SLICES, { ...made, metadata: { ...made.metadata, annotations } }, MANAGER);
      } else if (!isEqual(jsonOf(slice).endpoints ?? null, jsonOf(made).endpoints ?? null) || !isEqual(jsonOf(slice).ports ?? null, jsonOf(made).ports ?? null))
        context.store.update(ENDPOINT_SLICES, { ...made, metadata: slice.metadata }, MANAGER);
    },
    related: ({ resource, object }) => {
      if (!isSame(resource, PODS)) return [];
      return context.store
        .list(SERVICES, object.metadata.namespace)
        .filter((service) => isSelected(object, objectAt(objectAt(jsonOf(service), "spec"), "selector")))
        .map(keyOf);
    },
  };
}

const isSelected = (pod: Manifest, selector: JsonObject): boolean => {
  const entries = Object.entries(selector);
  return entries.length > 0 && entries.every(([key, value]) => pod.metadata.labels?.[key] === value);
};

const addressOf = (pod: Manifest): string => textAt(objectAt(jsonOf(pod), "status"), "podIP");

function sliceOf(service: Manifest, pods: readonly Manifest[]): Manifest {
  const name = service.metadata.name ?? "";
  const endpoints: readonly Json[] = pods.map((pod) => ({
    addresses: [addressOf(pod)],
    conditions: { ready: isReady(pod), serving: isReady(pod), terminating: isDeleting(pod) },
    nodeName: textAt(objectAt(jsonOf(pod), "spec"), "nodeName"),
    targetRef: { kind: "Pod", name: pod.metadata.name ?? "", namespace: pod.metadata.namespace ?? "", uid: pod.metadata.uid ?? "" },
  }));
  const ports: readonly Json[] = listAt(objectAt(jsonOf(service), "spec"), "ports").map((port) => ({
    name: textAt(port, "name"),
    port: numberAt(port, "targetPort") ?? numberAt(port, "port") ?? 0,
    protocol: textAt(port, "protocol") || "TCP",
  }));
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace: service.metadata.namespace ?? "",
      labels: { "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io", "kubernetes.io/service-name": name },
      ownerReferences: [controlledBy(service)],
    },
    addressType: "IPv4",
    endpoints: pods.length === 0 ? null : endpoints,
    ports: pods.length === 0 ? null : ports,
  };
}
