import type { TSchema } from "typebox";

export type PrinterColumn = { readonly name: string; readonly type: "string" | "date"; readonly jsonPath: string; readonly priority?: number };

/** One custom resource of Flux's API, in the one version that is served. Source: reference 0.1. */
export type Kind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** The controller whose part it is: label `app.kubernetes.io/component`, source of events, owner of status. */
  readonly controller: string;
  readonly columns: readonly PrinterColumn[];
  readonly description: string;
  readonly spec: TSchema;
  /** Absent: a static object without the status subresource. */
  readonly status?: TSchema;
  /** A new object starts with `status.observedGeneration: -1`. */
  readonly startsUnobserved: boolean;
  /** The CRD tells post-build substitution to keep off. */
  readonly substitutionDisabled: boolean;
};

const READY = '.status.conditions[?(@.type=="Ready")]';

export const age: PrinterColumn = { name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" };
export const ready: PrinterColumn = { name: "Ready", type: "string", jsonPath: `${READY}.status` };
export const readyMessage: PrinterColumn = { name: "Status", type: "string", jsonPath: `${READY}.message` };
export const column = (name: string, jsonPath: string, priority?: number): PrinterColumn => ({
  name,
  type: "string",
  jsonPath,
  ...(priority !== undefined && { priority }),
});

export const SOURCE_GROUP = "source.toolkit.fluxcd.io";
export const SOURCE_EXTENSIONS_GROUP = "source.extensions.fluxcd.io";
export const KUSTOMIZE_GROUP = "kustomize.toolkit.fluxcd.io";
export const HELM_GROUP = "helm.toolkit.fluxcd.io";
export const NOTIFICATION_GROUP = "notification.toolkit.fluxcd.io";
export const IMAGE_GROUP = "image.toolkit.fluxcd.io";
