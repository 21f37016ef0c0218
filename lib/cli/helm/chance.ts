import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { type Pointer, parsePointer } from "@sluice/engine/plan/json-pointer.ts";
import { jsonDifference } from "@sluice/engine/reconcile/helm-release/actions/json-difference.ts";
import { isSameObject, type Resource } from "@sluice/engine/reconcile/helm-release/actions/resources.ts";

/** The fields of an object of one rendering that have other values in another rendering of the same. */
export function chanceIn({ manifest, ref }: Resource, another: readonly Resource[]): readonly Pointer[] {
  const twin = another.find((resource) => isSameObject(resource.ref, ref));
  if (twin === undefined) return [];
  return jsonDifference(jsonOf(manifest), jsonOf(twin.manifest)).flatMap(({ path }) => {
    const pointer = parsePointer(path);
    return pointer.ok ? [asServed(manifest, pointer.value)] : [];
  });
}

/** `stringData` is for writing only. */
const asServed = ({ kind }: Manifest, [field = "", ...rest]: Pointer): Pointer => [kind === "Secret" && field === "stringData" ? "data" : field, ...rest];
