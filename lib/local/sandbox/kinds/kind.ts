import type { Schema } from "../schema/schema.ts";

/** A column of `kubectl get`, with the JSONPath that fills it where a path can. */
export type TableColumn = {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
  /** As in a CRD's additionalPrinterColumns; absent where only the server's code knows how the cell is made. */
  readonly jsonPath?: string;
};

/** Everything the sandbox knows about one kind in one version, built in or from a CRD. */
export type ResourceKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly hasStatus: boolean;
  readonly scale?: { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string };
  /** Of the whole object, apiVersion, kind and metadata included. */
  readonly schema: Schema;
  readonly columns: readonly TableColumn[];
  /** Custom resources are pruned, defaulted and validated by their schema alone; built-in kinds by code of their own, too. */
  readonly custom: boolean;
};
