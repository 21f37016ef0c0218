import type { HelmPostRender } from "../../build/helm/render.ts";
import type { Milliseconds } from "../../domain/time.ts";
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
  readonly install: ApplyingSettings & { readonly replace: boolean; readonly createNamespace: boolean; readonly serverSideApply: boolean };
  readonly upgrade: ApplyingSettings & {
    readonly force: boolean;
    readonly preserveValues: boolean;
    readonly cleanupOnFail: boolean;
    readonly serverSideApply: "enabled" | "disabled" | "auto";
  };
  readonly rollback: ActionSettings & { readonly cleanupOnFail: boolean; readonly force: boolean; readonly serverSideApply: "enabled" | "disabled" | "auto" };
  readonly test: { readonly timeout: Milliseconds; readonly filters: readonly { readonly name: string; readonly exclude: boolean }[] };
  readonly uninstall: {
    readonly timeout: Milliseconds;
    readonly disableHooks: boolean;
    readonly disableWait: boolean;
    readonly keepHistory: boolean;
    readonly deletionPropagation: "Background" | "Foreground" | "Orphan";
  };
};

type ActionSettings = {
  readonly timeout: Milliseconds;
  readonly disableHooks: boolean;
  readonly disableWait: boolean;
  readonly disableWaitForJobs: boolean;
};

type ApplyingSettings = ActionSettings & {
  readonly disableOpenApiValidation: boolean;
  readonly disableSchemaValidation: boolean;
  readonly disableTakeOwnership: boolean;
  readonly crds: "Skip" | "Create" | "CreateReplace";
};
