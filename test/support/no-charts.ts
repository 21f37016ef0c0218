import type { ChartFailure, ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";

const failed = async (): Promise<ChartFailure> => ({ kind: "failed", message: "no charts here" });

/** Where no repository of charts is, and no registry. */
export const NO_CHARTS: ChartRepositories = { index: failed, chart: failed, tags: failed, pull: failed };
