/** What is needed of one version in an index to fetch it. */
export type ChartVersion = {
  readonly name: string;
  readonly version: string;
  /** As Go writes a time; `0001-01-01T00:00:00Z` when nothing was said. */
  readonly created: string;
  readonly urls: readonly string[];
};
