import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, type Place, refusal } from "../build-problem.ts";
import type { Schema } from "../schema/schema.ts";
import { idKey, showId } from "./id.ts";
import { currentId, type Resource } from "./resource.ts";

/** Objects that are put behind each other; no two may have the same id. Source: kustomize api/resmap, AppendAll. */
export type ResourceList = {
  /** Takes `more` behind what there is; what is wrong with one of them leaves those before it in the list. */
  append(more: readonly Resource[]): Result<undefined, BuildProblem>;
  resources(): readonly Resource[];
};

/** Objects of one build, wherever they come from; what is built may hold no more. Bases that are listed again and again would multiply them. */
export const MAX_RESOURCES = 20_000;

export function createResourceList(start: readonly Resource[], schema: Schema): ResourceList {
  const resources = [...start];
  const taken = new Map(start.map((resource) => [idKey(currentId(resource, schema)), resource]));
  return {
    append(more) {
      for (const resource of more) {
        if (resources.length >= MAX_RESOURCES) return refusal(`more than ${MAX_RESOURCES} objects`);
        const id = currentId(resource, schema);
        const key = idKey(id);
        const same = taken.get(key);
        if (same !== undefined) return buildProblem(`may not add resource with an already registered id: ${showId(id)}`, placeOfSecond(same, resource));
        taken.set(key, resource);
        resources.push(resource);
      }
      return ok(undefined);
    },
    resources: () => resources,
  };
}

/** What is listed twice is right where it stands. */
function placeOfSecond({ from: first }: Resource, { from }: Resource): Place | undefined {
  const isSame = first?.file === from?.file && first?.document === from?.document && String(first?.path) === String(from?.path);
  return isSame ? undefined : from;
}

/** As `createResourceList`, for all at once. */
export function appendAll(resources: readonly Resource[], more: readonly Resource[], schema: Schema): Result<readonly Resource[], BuildProblem> {
  const list = createResourceList(resources, schema);
  const appended = list.append(more);
  return appended.ok ? ok(list.resources()) : appended;
}
