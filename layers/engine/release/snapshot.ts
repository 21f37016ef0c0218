import type { HelmStoredRelease } from "../domain/helm-release.ts";
import { isObject, type Json, type JsonObject } from "../domain/json.ts";
import { formatTime, parseTime } from "../domain/time.ts";
import type { Snapshot } from "../flux/helm-release-object.ts";
import { isTest, releaseDigest } from "./observation.ts";

/** Go's zero time. */
const NEVER = "0001-01-01T00:00:00Z";

export type SnapshotOptions = {
  /** Of the values: `build/helm/values` knows how. */
  readonly configDigest: (values: JsonObject) => string;
  /** What has written it; absent: an action that was about another revision. */
  readonly action?: string;
  readonly ociDigest?: string;
  readonly testHooks?: Snapshot["testHooks"];
};

/** What `status.history` says of a release. Source: reference 3.2; fluxcd/helm-controller, internal/release ObservedToSnapshot. */
export function snapshotOf(release: HelmStoredRelease, { configDigest, action, ociDigest = "", testHooks }: SnapshotOptions): Snapshot {
  const { name, namespace, version, info, chart } = release;
  const metadata = isObject(chart.metadata) ? chart.metadata : {};
  const appVersion = textOf(metadata.appVersion);
  const deleted = timeOf(info.deleted);
  return {
    apiVersion: "v2",
    digest: releaseDigest(release, ociDigest),
    name,
    namespace,
    version,
    status: info.status,
    ...(action !== undefined && { action }),
    chartName: textOf(metadata.name),
    chartVersion: textOf(metadata.version),
    ...(appVersion !== "" && { appVersion }),
    configDigest: configDigest(release.config ?? {}),
    firstDeployed: timeOf(info.first_deployed) ?? NEVER,
    lastDeployed: timeOf(info.last_deployed) ?? NEVER,
    ...(deleted !== undefined && { deleted }),
    ...(testHooks !== undefined && { testHooks }),
    ...(ociDigest !== "" && { ociDigest }),
  };
}

/** How the tests of a release ended, under their names; `{}` for one that did not run. Source: fluxcd/helm-controller, internal/release TestHooksFromRelease. */
export function testHooksOf({ hooks = [] }: HelmStoredRelease): NonNullable<Snapshot["testHooks"]> {
  return Object.fromEntries(
    hooks.filter(isTest).map(({ name, last_run }) => {
      const [lastStarted, lastCompleted] = [timeOf(last_run.started_at), timeOf(last_run.completed_at)];
      return [
        name,
        {
          ...(lastStarted !== undefined && { lastStarted }),
          ...(lastCompleted !== undefined && { lastCompleted }),
          ...(last_run.phase !== "" && { phase: last_run.phase }),
        },
      ];
    }),
  );
}

/** It is of that revision of that release. */
export const isOf = (snapshot: Snapshot, { name, namespace, version }: Pick<HelmStoredRelease, "name" | "namespace" | "version">): boolean =>
  snapshot.name === name && snapshot.namespace === namespace && snapshot.version === version;

/** `apps/shop.v3`. */
export const releaseText = ({ namespace, name, version }: { readonly namespace: string; readonly name: string; readonly version: number }): string =>
  `${namespace}/${name}.v${version}`;

/** `shop@1.0.0`. */
export const chartText = ({ chartName, chartVersion }: Pick<Snapshot, "chartName" | "chartVersion">): string => `${chartName}@${chartVersion}`;

export const hasFailedTest = ({ testHooks = {} }: Snapshot): boolean => Object.values(testHooks).some(({ phase }) => phase === "Failed");

const textOf = (value: Json | undefined): string => (typeof value === "string" ? value : "");

function timeOf(text: string | undefined): string | undefined {
  const moment = parseTime(text);
  return moment === undefined || text?.startsWith("0001-") === true ? undefined : formatTime(moment);
}
