import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { idKey, type ResourceId, showId } from "../resource/id.ts";
import { currentId, nameOf, previousIds, type Resource } from "../resource/resource.ts";
import { appendAll } from "../resource/resource-list.ts";
import type { Schema } from "../schema/schema.ts";

/** The resources of a step while its patches are applied one after the other; deleted ones are left out of `all`. */
export type ResourceIndex = {
  /** The one resource with this id, now or at any time before. Source: kustomize api/resmap, GetById. */
  find(id: ResourceId): Result<number, BuildProblem>;
  at(index: number): Resource | undefined;
  /** Undefined deletes. */
  put(index: number, resource: Resource | undefined): void;
  all(): readonly Resource[];
  /** The first resource, in their order, whose id another one before it has. Source: kustomize api/resmap, Append. */
  conflict(): BuildProblem | undefined;
};

/** Every change costs what one resource costs, however many there are; what is asked once is looked for without an index. */
export function createResourceIndex(resources: readonly Resource[], schema: Schema): ResourceIndex {
  const present: (Resource | undefined)[] = [...resources];
  const all = (): readonly Resource[] => present.filter((resource) => resource !== undefined);
  let entries: Entries | undefined;
  const indexed = (): Entries => {
    entries ??= enterAll(present, schema);
    return entries;
  };
  let searches = 0;

  return {
    find: (id) => {
      searches += 1;
      const [first, second] = searches === 1 ? scan(present, id, schema) : indexed().having(idKey(id));
      if (first !== undefined && second === undefined) return ok(first);
      const found = first === undefined ? "no matches" : "multiple matches";
      return buildProblem(`${found} for Id ${showId(id)}; failed to find unique target for patch ${showId(id)}`);
    },
    at: (index) => present[index],
    put: (index, resource) => {
      const before = present[index];
      if (before === resource) return;
      if (before !== undefined) entries?.leave(index, before);
      present[index] = resource;
      if (resource !== undefined) entries?.enter(index, resource);
    },
    all,
    conflict: () => (indexed().hasConflict() ? conflictIn(all(), schema) : undefined),
  };
}

/** The positions of all resources with an id: the names are compared first, since hardly one is the right one. */
function scan(present: readonly (Resource | undefined)[], id: ResourceId, schema: Schema): readonly number[] {
  const key = idKey(id);
  const found: number[] = [];
  for (const [index, resource] of present.entries()) {
    if (resource === undefined || (nameOf(resource) !== id.name && !resource.previous.some(({ name }) => name === id.name))) continue;
    if (keysOf(resource, schema).has(key)) found.push(index);
  }
  return found;
}

const currentKey = (resource: Resource, schema: Schema): string => idKey(currentId(resource, schema));
const keysOf = (resource: Resource, schema: Schema): ReadonlySet<string> => new Set([...previousIds(resource).map(idKey), currentKey(resource, schema)]);

type Entries = {
  enter(index: number, resource: Resource): void;
  leave(index: number, resource: Resource): void;
  having(key: string): Iterable<number>;
  hasConflict(): boolean;
};

function enterAll(present: readonly (Resource | undefined)[], schema: Schema): Entries {
  const byAnyId = new Map<string, Set<number>>();
  const counts = new Map<string, number>();
  let conflicts = 0;

  function enter(index: number, resource: Resource): void {
    for (const key of keysOf(resource, schema)) {
      const having = byAnyId.get(key);
      if (having === undefined) byAnyId.set(key, new Set([index]));
      else having.add(index);
    }
    const key = currentKey(resource, schema);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > 1) conflicts += 1;
  }

  function leave(index: number, resource: Resource): void {
    for (const key of keysOf(resource, schema)) byAnyId.get(key)?.delete(index);
    const key = currentKey(resource, schema);
    const count = counts.get(key) ?? 1;
    counts.set(key, count - 1);
    if (count > 1) conflicts -= 1;
  }

  for (const [index, resource] of present.entries()) if (resource !== undefined) enter(index, resource);
  return { enter, leave, having: (key) => byAnyId.get(key) ?? [], hasConflict: () => conflicts > 0 };
}

function conflictIn(resources: readonly Resource[], schema: Schema): BuildProblem | undefined {
  const joined = appendAll([], resources, schema);
  return joined.ok ? undefined : joined.problem;
}
