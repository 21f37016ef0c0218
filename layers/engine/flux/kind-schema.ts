import type { TSchema } from "typebox";
import type { FluxKind } from "./kinds.ts";

export type PrinterColumn = { readonly name: string; readonly type: "string" | "date"; readonly jsonPath: string; readonly priority?: number };

/** A kind with its schema: all that its CRD is made from. Source: reference 0.1. */
export type KindSchema = FluxKind & {
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
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
