import type { JsonObject } from "../../../domain/json.ts";

/** A chart with its dependencies, as its files say it. Source: Helm 4, pkg/chart/v2. */
export type Chart = {
  readonly metadata: ChartMetadata;
  /** Chart.lock (or requirements.lock). */
  readonly lock?: JsonObject;
  readonly templates: readonly ChartFile[];
  readonly values: JsonObject;
  /** The text of values.yaml, as it stands. */
  readonly valuesText: string;
  /** values.schema.json. */
  readonly schema?: Uint8Array;
  /** Whatever is none of the others, files of `crds/` included. */
  readonly files: readonly ChartFile[];
  readonly dependencies: readonly Chart[];
  /** When Chart.yaml was last changed. */
  readonly modtime?: string;
  readonly schemamodtime?: string;
};

/** `name` is relative to the chart: `templates/service.yaml`. `modtime`, RFC 3339: when it was last changed, where it comes out of an archive. */
export type ChartFile = { readonly name: string; readonly data: Uint8Array; readonly modtime?: string };

/** Chart.yaml; what is not named here survives. */
export type ChartMetadata = {
  readonly apiVersion: string;
  readonly name: string;
  readonly version: string;
  readonly appVersion?: string;
  readonly kubeVersion?: string;
  readonly type?: string;
  readonly deprecated?: boolean;
  readonly dependencies?: readonly ChartDependency[];
  readonly [more: string]: unknown;
};

export type ChartDependency = {
  readonly name: string;
  readonly version?: string;
  readonly repository?: string;
  readonly condition?: string;
  readonly tags?: readonly string[];
  readonly enabled?: boolean;
  readonly alias?: string;
  readonly "import-values"?: readonly unknown[];
};
