import { packArtifact } from "@sluice/engine/source/archive.ts";
import { parse, stringify } from "yaml";

export type Chart = { readonly name: string; readonly version: string; readonly appVersion?: string; readonly files?: { readonly [path: string]: string } };

/** Helm repositories in memory, one for each namespace: `/charts/<namespace>/index.yaml` and the archives beside it. */
export type Charts = {
  add(namespace: string, chart: Chart): void;
  /** What lies under a path; undefined when nothing does. */
  read(path: string): Uint8Array | undefined;
};

const CREATED = "2026-01-01T00:00:00Z";

export function createCharts(): Charts {
  const served = new Map<string, Uint8Array>();
  const entries = new Map<string, Map<string, readonly { readonly [key: string]: unknown }[]>>();
  const encoder = new TextEncoder();
  return {
    read: (path) => served.get(path),
    add: (namespace, { name, version, appVersion, files = {} }) => {
      const metadata = stringify({ apiVersion: "v2", name, version, ...(appVersion !== undefined && { appVersion }) });
      const all: { readonly [path: string]: string } = { "Chart.yaml": metadata, ...files };
      const tree = new Map(Object.entries(all).map(([path, text]) => [`${name}/${path}`, { bytes: encoder.encode(text), executable: false }]));
      const file = `${name}-${version}.tgz`;
      served.set(`/charts/${namespace}/${file}`, packArtifact(tree));
      const entry = { ...parse(all["Chart.yaml"] ?? ""), urls: [file], created: CREATED };
      const own = entries.get(namespace) ?? new Map();
      entries.set(namespace, own.set(name, [entry, ...(own.get(name) ?? []).filter((other: { version?: unknown }) => other.version !== entry.version)]));
      served.set(`/charts/${namespace}/index.yaml`, encoder.encode(stringify({ apiVersion: "v1", entries: Object.fromEntries(own) })));
    },
  };
}
