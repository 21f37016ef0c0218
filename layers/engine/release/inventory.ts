import type { Chart } from "../build/helm/chart/chart.ts";
import { collectManifests } from "../build/parse.ts";
import { readYaml } from "../build/yaml/read.ts";
import type { HelmStoredRelease } from "../domain/helm-release.ts";
import { entryOf, type InventoryEntry } from "../domain/inventory.ts";
import { isArray, isObject, type JsonObject } from "../domain/json.ts";
import { annotationOf, type Manifest, refOf } from "../domain/manifest.ts";
import { ok, type Result } from "../domain/result.ts";

const HOOK = "helm.sh/hook";

/** The objects of a release's manifest: no hooks. */
export function objectsOf(text: string): Result<readonly Manifest[]> {
  const documents = readYaml(text, "last wins");
  const found = documents.ok ? collectManifests(documents.value) : documents;
  return found.ok ? ok(found.value.filter((manifest) => annotationOf(manifest, HOOK) === undefined)) : found;
}

/** Their lines in `status.inventory`; `isNamespaced` undefined: nobody knows, and the namespace stays as it is. Source: fluxcd/helm-controller, internal/inventory. */
export const entriesOf = (
  manifests: readonly Manifest[],
  namespace: string,
  isNamespaced: (manifest: Manifest) => boolean | undefined,
): readonly InventoryEntry[] =>
  manifests.map((manifest) => {
    const ref = refOf(manifest);
    return entryOf(ref.namespace === undefined && isNamespaced(manifest) === true ? { ...ref, namespace } : ref);
  });

/** What the folder `crds` has, of the chart and of all in it: also what a policy leaves alone. Source: Helm 4, Chart.CRDObjects. */
export const definitionsOf = (chart: Chart): readonly string[] => [
  ...chart.files.filter(({ name }) => isDefinition(name)).map(({ data }) => new TextDecoder().decode(data)),
  ...chart.dependencies.flatMap(definitionsOf),
];

/** The same of a chart as a release stores it, which is without its dependencies. */
export function storedDefinitionsOf({ chart }: HelmStoredRelease): readonly string[] {
  const files = isArray(chart.files) ? chart.files : [];
  return files
    .filter(isObject)
    .filter(hasDefinition)
    .map((file) => (typeof file.data === "string" ? Buffer.from(file.data, "base64").toString() : ""));
}

const hasDefinition = ({ name }: JsonObject): boolean => typeof name === "string" && isDefinition(name);
const isDefinition = (name: string): boolean => name.startsWith("crds/") && /\.(?:ya?ml|json)$/i.test(name);
