/** What a server may send. Source: source-controller, `--helm-index-max-size`, `--helm-chart-max-size`. */
export type ChartLimits = { readonly indexBytes: number; readonly chartBytes: number };

export const DEFAULT_LIMITS: ChartLimits = { indexBytes: 50 * 1024 * 1024, chartBytes: 10 * 1024 * 1024 };

export const tooLargeChart = (name: string, { chartBytes }: ChartLimits): string => `size of chart '${name}' exceeds '${chartBytes}' bytes limit`;
