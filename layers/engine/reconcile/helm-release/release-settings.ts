import type { HelmPostRender } from "../../build/helm/render.ts";
import type { HelmReleaseActions } from "../../flux/helm-release-actions.ts";
import type { ObjectMeta } from "../../flux/object.ts";
import type { CustomHealth } from "../../health/expressions.ts";
import type { Cluster } from "../../ports/cluster.ts";

/** What the spec of a HelmRelease says of how actions are done, with Flux's defaults in it. Source: reference 3.1. */
export type ReleaseSettings = {
  /** The HelmRelease itself: labels of origin, events. */
  readonly metadata: ObjectMeta;
  /** As the identity that counts for the release, its storage included. */
  readonly cluster: Cluster;
  readonly releaseName: string;
  readonly releaseNamespace: string;
  readonly storageNamespace: string;
  /** 0: unlimited. */
  readonly maxHistory: number;
  readonly postRender: HelmPostRender;
  readonly waiter: "poller" | "legacy";
  readonly customHealth: CustomHealth;
  readonly install: Omit<HelmReleaseActions["install"], AfterFailure>;
  readonly upgrade: Omit<HelmReleaseActions["upgrade"], AfterFailure | "chartNameChangeStrategy">;
  readonly rollback: HelmReleaseActions["rollback"];
  readonly test: Pick<HelmReleaseActions["test"], "timeout" | "filters">;
  readonly uninstall: Omit<HelmReleaseActions["uninstall"], "deletionPropagation"> & {
    readonly deletionPropagation: "Background" | "Foreground" | "Orphan";
  };
};

/** What comes after an action that failed is no part of it. */
type AfterFailure = "strategy" | "remediation";
