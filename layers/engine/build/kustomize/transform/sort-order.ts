import { ok, type Result } from "../../../domain/result.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { type BuildProblem, problemBelow } from "../build-problem.ts";
import type { SortOptions } from "../kustomization/kustomization.ts";
import { sortText } from "../order/gvk-order.ts";
import { kindRanks, ORDER_FIRST, ORDER_LAST } from "../order/kind-order.ts";
import { sortAsGo } from "../order/sort-as-go.ts";
import { type ResourceId, showGvk } from "../resource/id.ts";
import { currentId, type Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

type LegacyOptions = NonNullable<SortOptions["legacySortOptions"]>;

/** "legacy" and "none" are what a command line may ask for; what a kustomization says counts more. Source: kustomize SortOrderTransformer. */
export function sortResources(
  resources: readonly Resource[],
  order: SortOptions | "legacy" | "none",
  schema: Schema,
): Result<readonly Resource[], BuildProblem> {
  if (order === "none") return ok(resources);
  if (order === "legacy") return ok(sortByKind(resources, undefined, schema));
  const { legacySortOptions } = order;
  if (order.order === "legacy") return ok(sortByKind(resources, legacySortOptions, schema));
  if (order.order !== "fifo") return problemBelow(["sortOptions", "order"], "the field 'sortOptions.order' must be one of [fifo, legacy]");
  if (legacySortOptions === undefined) return ok(resources);
  return problemBelow(
    ["sortOptions", "legacySortOptions"],
    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'",
  );
}

type Placed = { readonly resource: Resource; readonly rank: number; readonly kind: string; readonly group: string; readonly gvk: string; readonly id: string };

function sortByKind(resources: readonly Resource[], options: LegacyOptions | undefined, schema: Schema): readonly Resource[] {
  const rankOf = kindRanks(options?.orderFirst ?? ORDER_FIRST, options?.orderLast ?? ORDER_LAST);
  const placed = resources.map((resource): Placed => {
    const id = currentId(resource, schema);
    return { resource, rank: rankOf(id.kind), kind: id.kind, group: id.group, gvk: sortText(id), id: idText(id) };
  });
  return sortAsGo(placed, isBefore).map(({ resource }) => resource);
}

function isBefore(a: Placed, b: Placed): boolean {
  if (a.gvk === b.gvk) return byBytes(a.id, b.id) < 0;
  if (a.rank !== b.rank) return a.rank < b.rank;
  const order = byBytes(a.gvk, b.gvk);
  // The Namespace of Kubernetes itself comes before those of other groups.
  return isNamespacePair(a, b) ? order > 0 : order < 0;
}

const isNamespacePair = (a: Placed, b: Placed): boolean => a.kind === "Namespace" && b.kind === "Namespace" && (a.group === "" || b.group === "");

const idText = (id: ResourceId): string => [showGvk(id), id.namespace || "~X", id.name || "~N"].join("|");
