import { ok, type Result } from "../../../domain/result.ts";
import { isMap } from "../../node/node.ts";
import { asPrinted } from "../../yaml/as-printed.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { addHashes } from "../generate/add-hashes.ts";
import type { Kustomization } from "../kustomization/kustomization.ts";
import { finishAnnotations } from "../metadata/origin.ts";
import { fixNameReferences } from "../references/fix-name-references.ts";
import { dropLocal } from "../resource/drop-local.ts";
import type { Resource } from "../resource/resource.ts";
import { createLabelsTransformer } from "../transform/labels.ts";
import { sortResources } from "../transform/sort-order.ts";
import { resolveVars } from "../vars/resolve-vars.ts";
import type { Accumulated } from "./accumulated.ts";
import type { Accumulation } from "./accumulation.ts";

export type Finish = { readonly order: "legacy" | "none"; readonly version: string };

const MANAGED_BY = "app.kubernetes.io/managed-by";

/** What is done once, when everything is gathered: hashes, references, vars, order, notes. Source: kustomize api/krusty, Run; api/internal/target, makeCustomizedResMap. */
export function finish(
  { resources, config, vars }: Accumulated,
  { sortOptions }: Kustomization,
  { order, version }: Finish,
  { schema, buildMetadata, warnings }: Accumulation,
): Result<readonly Resource[], BuildProblem> {
  const hashed = addHashes(resources, schema);
  if (!hashed.ok) return hashed;
  const referred = fixNameReferences(hashed.value, config?.nameReference ?? [], schema);
  if (!referred.ok) return referred;
  const resolved = resolveVars(referred.value, vars, config?.varReference ?? [], schema);
  if (!resolved.ok) return resolved;
  warnings.push(...resolved.value.warnings);
  const left = dropLocal(resolved.value.resources, schema);
  if (!left.ok) return left;
  const sorted = sortResources(left.value, sortOptions ?? order, schema);
  if (!sorted.ok) return sorted;
  const labelled = buildMetadata.has("managedByLabel") ? managedBy(version)(sorted.value, schema) : sorted;
  return labelled.ok ? printable(labelled.value.map((resource) => finishAnnotations(resource, buildMetadata))) : labelled;
}

/** The objects as they are once they have been printed. */
function printable(resources: readonly Resource[]): Result<readonly Resource[], BuildProblem> {
  const printed: Resource[] = [];
  for (const resource of resources) {
    const node = asPrinted(resource.node);
    if (!node.ok) return buildProblem(node.problem, resource.from);
    printed.push(node.value === resource.node || !isMap(node.value) ? resource : { ...resource, node: node.value });
  }
  return ok(printed);
}

const managedBy = (version: string): ReturnType<typeof createLabelsTransformer> =>
  createLabelsTransformer({
    labels: new Map([[MANAGED_BY, `kustomize-${version}`]]),
    fieldSpecs: [{ group: "", version: "", kind: "", path: "metadata/labels", create: true }],
  });
