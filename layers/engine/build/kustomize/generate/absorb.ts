import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, refusal } from "../build-problem.ts";
import { idKey } from "../resource/id.ts";
import { currentId, isEmptyResource, previousIds, type Resource } from "../resource/resource.ts";
import { MAX_RESOURCES } from "../resource/resource-list.ts";
import type { Schema } from "../schema/schema.ts";
import { mergeGenerated } from "./merge-generated.ts";

/** Takes what generators make, one after the other; each costs what it holds, however much there is already. */
export type Absorber = {
  absorb(generated: readonly Resource[]): Result<undefined, BuildProblem>;
  /** All resources, what came in place of another where that was. */
  resources(): readonly Resource[];
};

/** `resources` and what is generated: new objects behind them, others merged into those that have or had their id. Source: kustomize api/resmap, AbsorbAll. */
export function createAbsorber(resources: readonly Resource[], schema: Schema): Absorber {
  const current = [...resources];
  const places = new Map<string, Set<number>>();
  const note = (resource: Resource, index: number): void => {
    for (const id of [...previousIds(resource), currentId(resource, schema)]) {
      const key = idKey(id);
      places.set(key, (places.get(key) ?? new Set()).add(index));
    }
  };
  for (const [index, resource] of current.entries()) if (!isEmptyResource(resource)) note(resource, index);
  return {
    absorb(generated) {
      for (const one of generated) {
        const matches = [...(places.get(idKey(currentId(one, schema))) ?? [])].toSorted((a, b) => a - b);
        const merged = mergeGenerated(
          matches.flatMap((index) => current[index] ?? []),
          one,
          schema,
        );
        if (!merged.ok) return merged;
        const index = matches[0] ?? current.length;
        if (index >= MAX_RESOURCES) return refusal(`more than ${MAX_RESOURCES} objects`);
        current[index] = merged.value;
        note(merged.value, index);
      }
      return ok(undefined);
    },
    resources: () => current,
  };
}

/** As `createAbsorber`, for all at once. */
export function absorb(resources: readonly Resource[], generated: readonly Resource[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  const absorber = createAbsorber(resources, schema);
  const absorbed = absorber.absorb(generated);
  return absorbed.ok ? ok(absorber.resources()) : absorbed;
}
