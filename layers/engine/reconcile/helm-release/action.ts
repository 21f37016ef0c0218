import type { Chart } from "../../build/helm/chart/chart.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import type { Json, JsonObject } from "../../domain/json.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Milliseconds } from "../../domain/time.ts";
import type { ReleaseProgress } from "../../release/progress.ts";
import type { ReleaseSecret } from "../../release/secret.ts";
import type { ReleaseSettings } from "./release-settings.ts";

/**
 * One action on a release, to be taken from wherever it stands: each call does what can be done now, and never waits. What a later call must know stands in
 * the release's Secret (Helm's own fields, and the annotation `sluice.dev/action`, which helm does not read and the last step removes).
 */
export type ReleaseAction =
  /** `integers`: JSON pointers of the values that are int64s to the chart. `stored`: `previous` as it was just read. */
  | {
      readonly kind: "install" | "upgrade";
      readonly chart: Chart;
      readonly values: JsonObject;
      readonly integers?: readonly string[];
      readonly previous: HelmStoredRelease | undefined;
      readonly stored?: ReleaseSecret;
    }
  /** To `target`, as a new revision. */
  | { readonly kind: "rollback"; readonly target: HelmStoredRelease }
  | { readonly kind: "uninstall" | "uninstall-remediation" | "test"; readonly release: HelmStoredRelease }
  /** A release that somebody else left `pending-*`. */
  | { readonly kind: "unlock"; readonly release: HelmStoredRelease }
  /** An action that a pass before this one began: what is stored says how far it came. */
  | { readonly kind: "continue"; readonly release: HelmStoredRelease; readonly progress: ReleaseProgress }
  | { readonly kind: "correct-drift"; readonly release: HelmStoredRelease; readonly drift: readonly Drift[] };

export type ActionEnd =
  /** `releases`: every revision that this call wrote, as stored, newest first. `logs`: what Helm logs, for the failure's event. */
  | { readonly kind: "succeeded"; readonly releases: readonly HelmStoredRelease[]; readonly logs: readonly string[] }
  /** `releases` is empty when nothing was stored. `message` in Helm's words. */
  | { readonly kind: "failed"; readonly message: string; readonly releases: readonly HelmStoredRelease[]; readonly logs: readonly string[] }
  | { readonly kind: "in-progress"; readonly releases: readonly HelmStoredRelease[]; readonly retryIn: Milliseconds };

export type Drift = {
  readonly desired: Manifest;
  readonly kind: "removed" | "changed" | "excluded";
  /** JSON patch operations from live to desired, for `changed`. */
  readonly operations: readonly { readonly op: "add" | "replace" | "remove"; readonly path: string; readonly value?: Json }[];
};

/** What actions need to know of the HelmRelease. */
export type { ReleaseProgress, ReleaseSettings };
