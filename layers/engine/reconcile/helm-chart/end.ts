import type { Artifact, Revision } from "../../domain/artifact.ts";
import type { News, SourceFailure } from "../source/source-conditions.ts";

/** A chart that was chosen, and built or found to be there. Source: source-controller, chart.Build. */
export type Build = {
  readonly name: string;
  readonly version: string;
  /** Made anew here, not taken as it comes. */
  readonly packaged: boolean;
  /** Those that were merged into its values. */
  readonly valuesFiles: readonly string[];
  /** Dependencies that were fetched for it. */
  readonly resolved: number;
};

/** What the spec's fields of it were when it was built, as status keeps them. */
export type Observed = { readonly observedChartName: string; readonly observedValuesFiles?: readonly string[] };

/** What a pass knew when it ended. `source`: the revision that it worked from. */
export type ChartProgress = { readonly lost: boolean; readonly source?: Revision; readonly news?: News };

/** How one pass over a HelmChart ended; `summarise` turns it into conditions, events and the outcome. */
export type End =
  /** Nothing is different since the chart was built: status says all there is to say. */
  | { readonly kind: "at-rest"; readonly artifact: Artifact }
  | { readonly kind: "unchanged"; readonly build: Build; readonly artifact: Artifact; readonly progress: ChartProgress }
  | {
      readonly kind: "stored";
      readonly build: Build;
      readonly artifact: Artifact;
      readonly url: string;
      readonly observed: Observed;
      readonly progress: ChartProgress;
    }
  | ({ readonly kind: "failed"; readonly progress: ChartProgress } & SourceFailure)
  /** For its source. `source`: it has an artifact in its status which is not in the store; or nobody has looked at it yet, and whoever does sends its charts. */
  | ({ readonly kind: "waiting"; readonly progress: ChartProgress; readonly source: "lost" | "unseen" | "without" } & SourceFailure)
  | ({ readonly kind: "stalled"; readonly progress: ChartProgress } & SourceFailure);

export type Ended = { readonly kind: "end"; readonly end: End };

/** What one rung of the ladder hands to the next, or the end of the pass. */
export type Step<Value> = { readonly kind: "next"; readonly value: Value } | Ended;

export const next = <Value>(value: Value): Step<Value> => ({ kind: "next", value });
export const ended = (end: End): Ended => ({ kind: "end", end });

/** `pulled 'shop' chart with version '1.0.0'`. Source: source-controller, Build.Summary. */
export function summaryOf({ name, version, packaged, valuesFiles }: Build): string {
  const merged = valuesFiles.length === 0 ? "" : ` and merged values files [${valuesFiles.join(" ")}]`;
  return `${packaged ? "packaged" : "pulled"} '${name}' chart with version '${version}'${merged}`;
}

/** What is said while it is not there yet. */
export const newsOf = ({ name, version }: Build): News => ({ reason: "NewChart", message: `new '${name}' chart with version '${version}'` });

export const reasonOf = ({ packaged }: Build): string => (packaged ? "ChartPackageSucceeded" : "ChartPullSucceeded");
