import { METADATA } from "../../build/helm/chart/metadata.ts";
import { anyMap, bool, type Decoded, embedded, pointers, type Shape, struct, text, textMap, texts, written } from "../../build/kustomize/decode/shape.ts";

/** One version of a chart in an index. What is deprecated must be known all the same: a strict reader refuses what it does not know. Source: Helm 4, pkg/repo/v1. */
export const CHART_VERSION = struct("repo.ChartVersion", {
  ...embedded(METADATA),
  urls: written(texts),
  created: written(text),
  removed: bool,
  digest: text,
  checksum: text,
  engine: text,
  tillerVersion: text,
  url: text,
});

export type ChartVersionEntry = Decoded<typeof CHART_VERSION>;

const versions: Shape<readonly ChartVersionEntry[]> = { ...pointers(CHART_VERSION), type: "repo.ChartVersions" };
const entries: Shape<ReadonlyMap<string, readonly ChartVersionEntry[]>> = { kind: "map", type: "map[string]repo.ChartVersions", items: versions };

/** index.yaml in the order in which Helm writes it as JSON. */
export const INDEX_FILE = struct("repo.IndexFile", {
  serverInfo: anyMap,
  apiVersion: written(text),
  generated: written(text),
  entries: written(entries),
  publicKeys: texts,
  annotations: textMap,
});

export type IndexFile = Decoded<typeof INDEX_FILE>;
