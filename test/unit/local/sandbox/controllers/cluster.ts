import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type EpochMs, epochMs } from "@sluice/engine/domain/time.ts";
import { createControllers } from "../../../../../lib/local/sandbox/controllers/controllers.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";
import { createKindRegistry } from "../../../../../lib/local/sandbox/kinds/registry.ts";
import { createRemove } from "../../../../../lib/local/sandbox/resources/remove.ts";
import { createViews } from "../../../../../lib/local/sandbox/resources/views.ts";
import { createWrites } from "../../../../../lib/local/sandbox/resources/write.ts";
import { createStore } from "../../../../../lib/local/sandbox/storage/cluster-store.ts";
import { createMemory } from "../../../../../lib/local/sandbox/storage/memory.ts";
import type { DeleteOptions, Resource, Store } from "../../../../../lib/local/sandbox/storage/store.ts";

type Timer = { readonly at: number; readonly run: () => void };

export type TestCluster = {
  readonly store: Store;
  /** How many batches of work were done. */
  rounds(): number;
  create(resource: Resource, object: Manifest): void;
  remove(resource: Resource, name: string, options?: DeleteOptions): void;
  get(resource: Resource, name: string): Manifest | undefined;
  list(resource: Resource): readonly Manifest[];
  /** Until nothing is left to do before `milliseconds` from now. */
  settle(milliseconds?: number): Promise<void>;
};

const START = 1_893_456_000_000; // 2030-01-01T00:00:00Z
const USER = { manager: "test" } as const;

/** The sandbox's own store under the controllers, with a clock and timers of the test's. */
export function createTestCluster(nodes: boolean): TestCluster {
  let time = START;
  let timers: Timer[] = [];
  let rounds = 0;
  const now = (): EpochMs => epochMs(time);
  const memory = createMemory();
  const registry = createKindRegistry(builtInKinds());
  const deps = { memory, registry, views: createViews(), now };
  const writes = createWrites(deps);
  const remove = createRemove(deps);
  const store = createStore({ memory, registry, writes, remove });
  store.create({ group: "", plural: "namespaces" }, { apiVersion: "v1", kind: "Namespace", metadata: { name: "n" } }, USER);
  createControllers(store, { nodes, clock: { now }, after: (delay, run) => void timers.push({ at: time + delay, run }), certificate: "CA" });
  /** Lets the microtasks run in which the store tells of changes. */
  const told = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  return {
    store,
    rounds: () => rounds,
    create: (resource, object) => {
      if (store.create(resource, object, USER) === undefined) throw new Error(`${object.kind} ${object.metadata.name} was not created`);
    },
    remove: (resource, name, options) => void store.delete(resource, "n", name, options),
    get: (resource, name) => store.get(resource, "n", name),
    list: (resource) => store.list(resource, "n"),
    settle: async (milliseconds = 5_000) => {
      const end = time + milliseconds;
      for (;;) {
        await told();
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined || next.at > end) break;
        timers = timers.filter((timer) => timer !== next);
        time = Math.max(time, next.at);
        rounds += 1;
        if (rounds > 20_000) throw new Error("the controllers do not come to rest");
        next.run();
      }
      time = end;
    },
  };
}
