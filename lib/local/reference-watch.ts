import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseHelmRelease } from "@sluice/engine/flux/helm-release-object.ts";
import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { parseReceiver } from "@sluice/engine/flux/receiver-object.ts";
import type { Kinds } from "@sluice/engine/ports/kinds.ts";
import type { Log } from "@sluice/engine/ports/log.ts";
import type { Http } from "@sluice/platform/kubernetes/http.ts";
import { watchKind } from "@sluice/platform/kubernetes/watch.ts";

/** Only what carries this label is watched: a cluster has too many Secrets to look at all of them. Source: reference 0.3. */
const SELECTOR = "reconcile.fluxcd.io/watch=Enabled";

/** Tells of every Secret and ConfigMap with Flux's watch label that is there, appears or changes. */
export async function watchReferences(
  { http, kinds, log }: { readonly http: Http; readonly kinds: Kinds; readonly log: Log },
  signal: AbortSignal,
  onChange: (changed: Manifest) => void,
): Promise<void> {
  for (const name of ["Secret", "ConfigMap"]) {
    const kind = await kinds.find("v1", name);
    if (kind === undefined) continue;
    const versions = new Map<string, string>();
    void watchKind(http, {
      kind,
      labelSelector: SELECTOR,
      signal,
      onTrouble: (text) => log.error("watch broke off", { kind: name, error: text }),
      onEvent: ({ type, object }) => {
        const { uid = "", resourceVersion = "" } = object.metadata;
        if (type === "DELETED" || versions.get(uid) === resourceVersion) return;
        versions.set(uid, resourceVersion);
        onChange(object);
      },
    });
  }
}

/** Whether a Flux object takes values from `changed`: a Kustomization's variables, a HelmRelease's values, a Receiver's token. */
export function refersTo(object: Manifest, changed: Manifest): boolean {
  if (object.metadata.namespace !== changed.metadata.namespace) return false;
  switch (object.kind) {
    case "Kustomization": {
      const parsed = parseKustomization(object);
      if (!parsed.ok) return false;
      return (parsed.value.spec.postBuild?.substituteFrom ?? []).some(({ kind, name }) => kind === changed.kind && name === changed.metadata.name);
    }
    case "HelmRelease": {
      const parsed = parseHelmRelease(object);
      return parsed.ok && parsed.value.spec.valuesFrom.some(({ kind, name }) => kind === changed.kind && name === changed.metadata.name);
    }
    case "Receiver": {
      const parsed = parseReceiver(object);
      return parsed.ok && changed.kind === "Secret" && parsed.value.spec.secretRef === changed.metadata.name;
    }
    default:
      return false;
  }
}
