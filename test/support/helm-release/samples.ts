import type { HelmStoredRelease } from "@sluice/engine/domain/helm-release.ts";
import type { JsonObject } from "@sluice/engine/domain/json.ts";
import { type HelmRelease, type HelmReleaseStatus, parseHelmRelease, type Snapshot } from "@sluice/engine/flux/helm-release-object.ts";
import { snapshotOf } from "@sluice/engine/release/snapshot.ts";

/** A HelmRelease `apps/shop` in its second generation. */
export function helmRelease(spec: JsonObject = {}, status: HelmReleaseStatus = {}, annotations: { readonly [key: string]: string } = {}): HelmRelease {
  const parsed = parseHelmRelease({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "shop", namespace: "apps", uid: "u", generation: 2, annotations },
    spec: { interval: "10m", chartRef: { kind: "HelmChart", name: "shop" }, ...spec },
    status: JSON.parse(JSON.stringify(status)),
  });
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

export const stored = (version: number, status: HelmStoredRelease["info"]["status"], changes: Partial<HelmStoredRelease> = {}): HelmStoredRelease => ({
  name: "shop",
  namespace: "apps",
  version,
  info: { status, first_deployed: "2030-01-01T00:00:00Z", last_deployed: "2030-01-01T00:00:00Z" },
  chart: { metadata: { name: "shop", version: "1.0.0" } },
  manifest: "",
  ...changes,
});

/** Of values a sample knows no more than that they are there. */
export const sampleDigest = (values: JsonObject): string => `digest of ${JSON.stringify(values)}`;

export const snapshot = (release: HelmStoredRelease, more: Partial<Snapshot> = {}): Snapshot => ({
  ...snapshotOf(release, { configDigest: sampleDigest }),
  ...more,
});
