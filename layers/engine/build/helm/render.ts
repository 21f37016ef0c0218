import type { HelmHook } from "../../domain/helm-release.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { Chart } from "./chart/chart.ts";

/** What a chart is rendered with. Chance and time are values: the same input renders the same text. */
export type HelmRenderInput = {
  readonly chart: Chart;
  /** What the user gives; the chart's own values are coalesced below them here. */
  readonly values: JsonObject;
  /** JSON pointers of the numbers in `values` that are int64s to Go, as `--set` makes them; all others are float64s. */
  readonly integers?: readonly string[];
  readonly release: { readonly name: string; readonly namespace: string; readonly revision: number; readonly isUpgrade: boolean };
  readonly capabilities: HelmCapabilities;
  /** Answers to look-ups by the key of `HelmLookup`; what is not in it is empty, and is told as wanted. */
  readonly lookups: ReadonlyMap<string, Json>;
  /** 32 bytes from which all that is random is drawn. */
  readonly seed: Uint8Array;
  readonly now: EpochMs;
  readonly skipSchemaValidation: boolean;
  /** How the objects are changed before they are stored; absent: not at all (`helm template`). */
  readonly postRender?: HelmPostRender;
};

export type HelmCapabilities = {
  /** `v1.35.4`, `1`, `35`, as the API server's /version says it. */
  readonly kubeVersion: { readonly version: string; readonly major: string; readonly minor: string };
  /** `apps/v1` and `apps/v1/Deployment`. */
  readonly apiVersions: readonly string[];
};

/** `lookup "v1" "Secret" "apps" "token"`; with an empty name a list. `key` names it in `lookups`. */
export type HelmLookup = { readonly key: string; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string };

/**
 * Source: reference 3.9, "Post-render order" and `postRenderStrategy`. `run` gets the objects as one stream of YAML documents, in the order of their
 * files, and answers them changed, or what is wrong.
 */
export type HelmPostRender = {
  readonly strategy: "nohooks" | "combined" | "separate";
  run(stream: string): { readonly ok: true; readonly value: string } | { readonly ok: false; readonly problem: string };
};

export type HelmRenderAnswer =
  | {
      readonly kind: "rendered";
      /** As Helm stores it. */
      readonly manifest: string;
      readonly hooks: readonly HelmHook[];
      readonly notes: string;
      /** Those of `crds/`, the chart's own before those of its dependencies, in Helm's order. */
      readonly crds: readonly HelmCrdFile[];
      /** The chart as Helm stores it in the release: without the dependencies that are off, under their aliases, with imported values. */
      readonly chart: Chart;
      /** Look-ups whose answers were not known: render again with them. */
      readonly wanted: readonly HelmLookup[];
    }
  /** `message` in Helm's words, as it stands behind `Helm install failed for release … with chart …: `. */
  | { readonly kind: "failed"; readonly message: string; readonly wanted: readonly HelmLookup[] };

/** `filename` is `<chart>/crds/<file>`. */
export type HelmCrdFile = { readonly filename: string; readonly data: string };
