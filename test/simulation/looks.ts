import { AsyncLocalStorage } from "node:async_hooks";
import { keyText } from "@sluice/engine/domain/object-key.ts";
import { type ClusterItem, isSwept, type WorkItem } from "@sluice/engine/domain/work-item.ts";
import type { DueCause } from "@sluice/engine/plan/due.ts";

/** When each object was looked at: by a run over it, or by a sweep that did its interval pass. */
const RETRY = "retry" satisfies DueCause;

export type Swept = { readonly looked: number; readonly sent: number; readonly idle: number };

export type Looks = {
  /** Runs `act` as the run of `item`: what it asks belongs to that. */
  during<Value>(item: WorkItem, act: () => Promise<Value>): Promise<Value>;
  /** The render, or what was confirmed of it, of the object that is run over; or, in a sweep, of whichever object of the cluster it is. */
  onRender(inputs: string): void;
  onRemote(url: string): void;
  /** A source that is expected to be looked at when its repository is asked. */
  addSource(cluster: string, url: string, object: string): void;
  /** Object → the moments of its looks, in order. */
  all(): ReadonlyMap<string, readonly number[]>;
  /** Looks of sweeps, objects that they sent, and those whose run then wrote nothing in the cluster. */
  swept(): Swept;
};

/**
 * A sweep says of an object that it is at rest by saying nothing. What it cannot do without is asked of ports: the render of the object, which lies under a
 * name of its own, and the head of the repository. So those tell which object was looked at.
 */
export function createLooks(now: () => number, versionOf: (cluster: string) => string): Looks {
  const running = new AsyncLocalStorage<WorkItem>();
  const looks = new Map<string, number[]>();
  const renders = new Map<string, string>();
  const sources = new Map<string, string>();
  /** Object → the window of its last look by a sweep, which asks for it more than once. */
  const windows = new Map<string, number>();
  const swept = { looked: 0, sent: 0, idle: 0 };

  const seen = (object: string): void => {
    const moments = looks.get(object) ?? [];
    if (moments.at(-1) !== now()) moments.push(now());
    looks.set(object, moments);
  };

  const seenBySweep = (object: string, { until }: ClusterItem): void => {
    if (windows.get(object) !== until) swept.looked++;
    windows.set(object, until);
    seen(object);
  };

  return {
    during: (item, act) =>
      running.run(item, async () => {
        if (item.kind !== "object") return act();
        seen(keyText(item.key));
        const before = versionOf(item.key.cluster);
        const value = await act();
        // What failed is run again at its retryInterval: a sweep cannot see whether it still would.
        if (isSwept(item) && item.cause !== RETRY) {
          swept.sent++;
          // One invocation works on one object at a time here, but for `source`, whose runs may hide one another's idleness.
          if (versionOf(item.key.cluster) === before) swept.idle++;
        }
        return value;
      }),
    onRender: (inputs) => {
      const item = running.getStore();
      if (item?.kind === "object") renders.set(`${item.key.cluster} ${inputs}`, keyText(item.key));
      if (item?.kind !== "cluster") return;
      const object = renders.get(`${item.cluster} ${inputs}`);
      if (object !== undefined) seenBySweep(object, item);
    },
    onRemote: (url) => {
      const item = running.getStore();
      if (item?.kind !== "cluster") return;
      const object = sources.get(`${item.cluster} ${url}`);
      if (object !== undefined) seenBySweep(object, item);
    },
    addSource: (cluster, url, object) => void sources.set(`${cluster} ${url}`, object),
    all: () => looks,
    swept: () => ({ ...swept }),
  };
}
