import type { ApiRequest } from "../world/api-requests.ts";

/** A write as often as it changed something, and as often as it changed nothing. `what` is the write's content: what is to be there in one revision. */
export type Writes = { readonly target: string; readonly what: string; readonly changed: number; readonly idle: number };

const FLUX = /\.toolkit\.fluxcd\.io$/;
const EVENTS = /^(?:events\.k8s\.io\/)?events\//;
const isWrite = ({ verb, dryRun }: ApiRequest): boolean => ["apply", "patch", "create", "update", "delete", "deletecollection"].includes(verb) && !dryRun;
const isOurs = ({ by }: ApiRequest): boolean => by !== "admin";

/**
 * Writes to objects of users, each content of each object counted apart: the same content twice is a revision that was written twice. When an administrator
 * changes an object in between, what is written then is drift put right, and counts anew. Not among them: objects of Flux (`fluxWrites`), and Events.
 */
export function countWrites(requests: readonly ApiRequest[]): readonly Writes[] {
  const epochs = new Map<string, number>();
  const counted = new Map<string, Writes>();
  for (const request of requests.filter(isWrite)) {
    const { target, verb, content, changed, code } = request;
    if (FLUX.test(request.group) || EVENTS.test(target)) continue;
    if (!isOurs(request)) {
      if (changed) epochs.set(target, (epochs.get(target) ?? 0) + 1);
      continue;
    }
    const what = `${verb} ${content}, ${epochs.get(target) ?? 0}`;
    const before = counted.get(`${target} ${what}`) ?? { target, what, changed: 0, idle: 0 };
    const isIdle = !changed && code < 300;
    counted.set(`${target} ${what}`, { ...before, changed: before.changed + (changed ? 1 : 0), idle: before.idle + (isIdle ? 1 : 0) });
  }
  return [...counted.values()];
}

/** What breaks "one changing write for each object and revision, plus one for each kill"; and writes that change nothing need one, too. */
export function writesTooMany(requests: readonly ApiRequest[], kills = 0): readonly string[] {
  return countWrites(requests).flatMap(({ target, what, changed, idle }) => [
    ...(changed > 1 + kills ? [`${target} (${what}): ${changed} changing writes, with ${kills} kills`] : []),
    ...(idle > kills ? [`${target} (${what}): ${idle} writes that changed nothing, with ${kills} kills`] : []),
  ]);
}

/** Writes to objects of Flux by our functions: of their status, and of the rest (finalizers). */
export function fluxWrites(requests: readonly ApiRequest[]): Readonly<Record<string, { readonly status: number; readonly other: number }>> {
  const counted: Record<string, { status: number; other: number }> = {};
  for (const request of requests.filter((one) => isWrite(one) && isOurs(one) && FLUX.test(one.group) && one.changed)) {
    const name = request.target.replace(/\/status$/, "");
    const count = counted[name] ?? { status: 0, other: 0 };
    counted[name] = count;
    if (request.subresource === "status") count.status += 1;
    else count.other += 1;
  }
  return counted;
}
