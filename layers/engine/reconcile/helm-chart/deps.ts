import type { Milliseconds } from "../../domain/time.ts";
import type { HelmRepositoryDeps } from "../helm-repository/deps.ts";

export type HelmChartDeps = Omit<HelmRepositoryDeps, "settings"> & {
  readonly settings: HelmRepositoryDeps["settings"] & {
    /** How soon to look again for a source without an artifact. Flux: `--requeue-dependency`, 30 s. */
    readonly requeueDependency?: Milliseconds;
  };
};

export const CRD = "helmcharts.source.toolkit.fluxcd.io";
