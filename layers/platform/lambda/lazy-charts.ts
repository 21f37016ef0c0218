import type { ChartRepositories } from "@sluice/engine/ports/chart-repositories.ts";

/** Repositories of charts whose code is loaded when the first is asked: a function that meets none does not wait for it at its start. */
export function createLazyCharts(load: () => Promise<ChartRepositories>): ChartRepositories {
  let loading: Promise<ChartRepositories> | undefined;
  const loaded = (): Promise<ChartRepositories> => {
    loading ??= load();
    return loading;
  };
  return {
    index: async (...given) => (await loaded()).index(...given),
    chart: async (...given) => (await loaded()).chart(...given),
    tags: async (...given) => (await loaded()).tags(...given),
    pull: async (...given) => (await loaded()).pull(...given),
  };
}
