import type { Chart } from "../../build/helm/chart/chart.ts";
import type { HelmStoredRelease } from "../../domain/helm-release.ts";
import type { InventoryEntry } from "../../domain/inventory.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Kinds } from "../../ports/kinds.ts";
import { definitionsOf, entriesOf, objectsOf, storedDefinitionsOf } from "../../release/inventory.ts";
import type { HelmReleaseDeps } from "./deps.ts";
import type { Draft } from "./draft.ts";

/**
 * Notes what a release consists of, as it was stored last: its objects, and the definitions of its chart where the action is about a chart. Without the chart at hand,
 * those that are known stay. Source: reference 3.2; fluxcd/helm-controller, observeInventory.
 */
export async function noteInventory(
  deps: HelmReleaseDeps,
  draft: Draft,
  release: HelmStoredRelease,
  about: Chart | "stored chart" | "no chart",
): Promise<void> {
  const objects = objectsOf(release.manifest);
  if (!objects.ok) return buildFailed(draft, `failed to parse manifest: ${objects.problem}`);
  const kinds = await namespacedKinds(deps.kinds, objects.value);
  const entries = [...entriesOf(objects.value, release.namespace, (manifest) => kinds.get(kindOf(manifest)))];
  for (const text of about === "no chart" ? [] : about === "stored chart" ? storedDefinitionsOf(release) : definitionsOf(about)) {
    const definitions = objectsOf(text);
    if (!definitions.ok) return buildFailed(draft, `failed to parse CRD: ${definitions.problem}`);
    entries.push(...entriesOf(definitions.value, release.namespace, () => undefined));
  }
  const { status } = draft.object();
  const known = about === "stored chart" ? (status.inventory?.entries ?? []).filter(isDefinition) : [];
  draft.change({ ...status, inventory: { entries: distinct([...entries, ...known]) } });
  const unknown = objects.value.filter((manifest) => manifest.metadata.namespace === undefined && !kinds.has(kindOf(manifest)));
  if (unknown.length > 0) draft.say({ type: "Warning", reason: "NamespaceCheckSkipped", message: unknown.map(skipped).join("; "), always: true });
}

function buildFailed(draft: Draft, problem: string): void {
  const { namespace, name } = draft.object().metadata;
  draft.say({ type: "Warning", reason: "InventoryBuildFailed", message: `failed to build inventory for ${namespace}/${name}: ${problem}`, always: true });
}

const kindOf = ({ apiVersion, kind }: Manifest): string => `${apiVersion} ${kind}`;

async function namespacedKinds(kinds: Kinds, manifests: readonly Manifest[]): Promise<ReadonlyMap<string, boolean>> {
  const found = new Map<string, boolean>();
  for (const manifest of manifests) {
    if (found.has(kindOf(manifest)) || manifest.metadata.namespace !== undefined) continue;
    const facts = await kinds.find(manifest.apiVersion, manifest.kind);
    if (facts !== undefined) found.set(kindOf(manifest), facts.namespaced);
  }
  return found;
}

const skipped = ({ apiVersion, kind }: Manifest): string =>
  `failed to determine if ${kind} is namespace scoped, skipping namespace: failed to get restmapping: no matches for kind "${kind}" in version "${apiVersion}"`;

const isDefinition = ({ id }: InventoryEntry): boolean => id.endsWith("_apiextensions.k8s.io_CustomResourceDefinition");

const distinct = (entries: readonly InventoryEntry[]): InventoryEntry[] => [...new Map(entries.map((entry) => [`${entry.id} ${entry.v}`, entry])).values()];
