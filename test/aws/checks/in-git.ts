import { entryOf } from "@sluice/engine/domain/inventory.ts";
import { type Manifest, refOf } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { checkStatus, findOrphans, ownedObjects } from "../../support/reconcile/check-status.ts";
import { secretNameOf, type Values } from "../scenario/files.ts";
import type { WorldCluster } from "../world/clusters.ts";

const NAMESPACE = "flux-system";

export type InGit = { readonly object?: string; readonly values: Values; readonly commit: string };

/** How a cluster differs from what Git has, one line each: objects, inventory, status. */
export function differencesFromGit({ spec, sandbox }: WorldCluster, { object = "app", values, commit }: InGit): readonly string[] {
  if (sandbox === undefined) throw new Error("only a sandbox can be looked into");
  const at = (group: string, plural: string): Manifest | undefined => sandbox.store.get({ group, plural }, NAMESPACE, object);
  const kustomization = at("kustomize.toolkit.fluxcd.io", "kustomizations");
  const source = at("source.toolkit.fluxcd.io", "gitrepositories");
  if (kustomization === undefined || source === undefined) return [`${spec.name}: no Flux objects`];
  const parsed = parseKustomization(kustomization);
  if (!parsed.ok) return [`${spec.name}: ${parsed.problem}`];
  const { status } = parsed.value;
  const wanted = [...Object.entries(values).map(([name, value]) => `ConfigMap/${name}=${value}`), `Secret/${secretNameOf(object)}`];
  const owned = ownedObjects(sandbox, object, NAMESPACE);
  const revision = `main@sha1:${commit}`;
  const artifact = (source.status as { readonly artifact?: { readonly revision?: string } } | undefined)?.artifact;
  return [
    ...differ("objects", owned.map(shown), wanted),
    ...differ(
      "inventory",
      (status.inventory?.entries ?? []).map(({ id }) => id),
      owned.map((one) => entryOf(refOf(one)).id),
    ),
    ...differ("orphans", findOrphans(sandbox, kustomization), []),
    ...differ("revisions", [status.lastAppliedRevision ?? "", status.lastAttemptedRevision ?? "", artifact?.revision ?? ""], [revision, revision, revision]),
    ...[source, kustomization].flatMap((one) => [...notAtRest(one), ...breaches(one)]),
  ].map((line) => `${spec.name}: ${line}`);
}

const shown = ({ kind, metadata, data }: Manifest): string =>
  kind === "ConfigMap" ? `ConfigMap/${metadata.name}=${(data as { readonly value?: string } | undefined)?.value}` : `${kind}/${metadata.name}`;

function differ(what: string, given: readonly string[], wanted: readonly string[]): readonly string[] {
  const [one, other] = [given.toSorted().join(" "), wanted.toSorted().join(" ")];
  return one === other ? [] : [`${what}: [${one}], not [${other}]`];
}

function notAtRest(object: Manifest): readonly string[] {
  const ready = conditionsOf(object).find(({ type }) => type === "Ready");
  const busy = conditionsOf(object).some(({ type }) => type === "Reconciling" || type === "Stalled");
  return ready?.status === "True" && !busy ? [] : [`${object.kind} is not at rest: ${JSON.stringify(conditionsOf(object))}`];
}

/** Times are not looked at: who wrote when is not known here. */
const breaches = (object: Manifest): readonly string[] =>
  checkStatus(object, { before: undefined, now: epochMs(0) }).filter((line) => !line.includes("lastTransitionTime"));
