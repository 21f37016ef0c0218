import type { JsonObject } from "./json.ts";

/**
 * A release as Helm stores it, under Helm's own field names: what we write, helm reads, and the other way round. Fields that are not named here
 * survive being read and written. Times are RFC 3339. Source: Helm 4, pkg/release/v1; its JSON is in the Secret `sh.helm.release.v1.<name>.v<version>`.
 */
export type HelmStoredRelease = {
  readonly name: string;
  readonly namespace: string;
  readonly version: number;
  readonly info: HelmReleaseInfo;
  /** The chart without its dependencies: `metadata`, `lock`, `templates`, `values`, `schema`, `files`. */
  readonly chart: JsonObject;
  /** What the user gave, not coalesced with the chart's own values. */
  readonly config?: JsonObject;
  /** The objects without hooks, each under `---` and `# Source: <chart>/templates/<file>`. */
  readonly manifest: string;
  readonly hooks?: readonly HelmHook[];
  /** Server-side or client-side apply; absent: it was made by Helm 3. */
  readonly apply_method?: "ssa" | "csa";
};

export type HelmReleaseInfo = {
  readonly first_deployed?: string;
  readonly last_deployed?: string;
  readonly deleted?: string;
  readonly description?: string;
  readonly status: HelmReleaseStatus;
  readonly notes?: string;
};

export type HelmReleaseStatus =
  | "unknown"
  | "deployed"
  | "uninstalled"
  | "superseded"
  | "failed"
  | "uninstalling"
  | "pending-install"
  | "pending-upgrade"
  | "pending-rollback";

export type HelmHook = {
  readonly name: string;
  readonly kind: string;
  /** `<chart>/templates/<file>`. */
  readonly path: string;
  readonly manifest: string;
  readonly events: readonly HelmHookEvent[];
  readonly last_run: HelmHookRun;
  readonly weight?: number;
  readonly delete_policies?: readonly string[];
  readonly output_log_policies?: readonly string[];
};

export type HelmHookEvent =
  | "pre-install"
  | "post-install"
  | "pre-delete"
  | "post-delete"
  | "pre-upgrade"
  | "post-upgrade"
  | "pre-rollback"
  | "post-rollback"
  | "test";

export type HelmHookRun = { readonly started_at?: string; readonly completed_at?: string; readonly phase: "" | "Unknown" | "Running" | "Succeeded" | "Failed" };
