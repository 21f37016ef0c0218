import type { ApiServer } from "./api-server.ts";
import { SHARED_URL, SORTS } from "./workload.ts";

/** Clusters that take part in nothing but this: a push to a repository that is not theirs is announced to them, too. One server answers for all of them. */
export type Bystanders = {
  readonly names: readonly string[];
  readonly awake: ApiServer;
  /** Whoever answers for that one now. */
  serverOf(name: string): ApiServer;
  /** Requests that they were sent, all together. */
  requests(): number;
  isAskedOf(repository: string): boolean;
};

export type BystanderOptions = {
  readonly count: number;
  /** So many of them are dead once in the day, for as long as others that are, one after another all through it: nobody else would meet pushes of theirs. */
  readonly mortal: number;
  readonly day: { readonly from: number; readonly until: number };
  readonly create: (name: string) => ApiServer;
  readonly now: () => number;
};

const MINUTE = 60_000;

export function createBystanders({ count, mortal, day, create, now }: BystanderOptions): Bystanders {
  const names = Array.from({ length: count }, (_, index) => `bystander-${index}`);
  const awake = create("bystander");
  const silent = create("silent");
  silent.setDead(true);
  const isSilent = (name: string): boolean => {
    const index = names.indexOf(name);
    const begins = day.from + ((index + 0.5) / mortal) * (day.until - day.from);
    return index < mortal && now() >= begins && now() < begins + SORTS.dead.deadMinutes * MINUTE;
  };
  return {
    names,
    awake,
    serverOf: (name) => (isSilent(name) ? silent : awake),
    requests: () => awake.requests() + silent.requests(),
    isAskedOf: (repository) => repository !== SHARED_URL,
  };
}
