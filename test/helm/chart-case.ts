import type { JsonObject } from "@sluice/engine/domain/json.ts";

/** A chart and what it is rendered with: what `helm template` is asked, and we. */
export type ChartCase = {
  readonly about: string;
  /** By paths below the chart's folder. Chart.yaml may be left out: then it is `shop` 1.0.0. A file `charts/x.tgz` is packed from the folder `packed/x.tgz/`. */
  readonly files: { readonly [path: string]: string };
  readonly values?: JsonObject;
  readonly release?: string;
  readonly namespace?: string;
  readonly upgrade?: boolean;
  /** `--kube-version`. */
  readonly kubeVersion?: string;
  /** `--api-versions`, besides the ones that helm knows. */
  readonly apiVersions?: readonly string[];
  /** Whether CRDs of crds/ are shown. */
  readonly crds?: boolean;
};

/** What a chart is rendered with. */
export type RenderedWith = Omit<ChartCase, "about" | "files">;

export const DEFAULT_CHART = "apiVersion: v2\nname: shop\nversion: 1.0.0\n";

export const filesOf = ({ files }: ChartCase): ReadonlyMap<string, string> => new Map(Object.entries({ "Chart.yaml": DEFAULT_CHART, ...files }));
