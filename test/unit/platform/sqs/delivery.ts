import type { Delivery } from "@sluice/engine/domain/delivery.ts";

/** One with all that a delivery can have before its first attempt. */
export const DELIVERY: Delivery = {
  cluster: "prod",
  event: {
    id: "0db9",
    involvedObject: {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      namespace: "flux-system",
      name: "apps",
      uid: "0c3f9f0e-5b1d-4c5e-9d0e-2f4d7f8a1b2c",
      resourceVersion: "17",
    },
    severity: "error",
    timestamp: "2030-01-01T00:00:30Z",
    message: "no such file",
    reason: "BuildFailed",
    metadata: { revision: "main@sha1:0", summary: "production" },
    reportingController: "kustomize-controller",
    reportingInstance: "kustomize-controller",
  },
  target: { kind: "provider", alert: { namespace: "flux-system", name: "on-call", uid: "a-1" }, provider: "slack" },
  attempt: 0,
  done: 0,
};
