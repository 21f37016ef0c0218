import type { HelmPostRender } from "../../build/helm/render.ts";
import type { HelmRelease } from "../../flux/helm-release-object.ts";
import type { CustomHealth } from "../../health/expressions.ts";
import type { Cluster } from "../../ports/cluster.ts";
import type { ReleaseSettings } from "./release-settings.ts";

export type SettingsParts = { readonly cluster: Cluster; readonly customHealth: CustomHealth; readonly postRender: HelmPostRender };

/** What the spec says of how actions are done. */
export function releaseSettingsOf({ metadata, spec }: HelmRelease, { cluster, customHealth, postRender }: SettingsParts): ReleaseSettings {
  const { install, upgrade, rollback, test, uninstall } = spec;
  return {
    metadata,
    cluster,
    releaseName: spec.releaseName,
    releaseNamespace: spec.releaseNamespace,
    storageNamespace: spec.storageNamespace,
    maxHistory: spec.maxHistory,
    postRender,
    waiter: spec.waitStrategy,
    customHealth,
    install: { ...install, createNamespace: install.createNamespace && spec.targetNamespace !== undefined },
    upgrade,
    rollback,
    test: { timeout: test.timeout, filters: test.filters },
    uninstall: { ...uninstall, deletionPropagation: PROPAGATION[uninstall.deletionPropagation] },
  };
}

const PROPAGATION = { background: "Background", foreground: "Foreground", orphan: "Orphan" } as const;
