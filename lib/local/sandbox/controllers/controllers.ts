import { type Milliseconds, ms } from "@sluice/engine/domain/time.ts";
import type { Clock } from "@sluice/engine/ports/clock.ts";
import type { Change, Resource, Store } from "../storage/store.ts";
import { createAutoscalers } from "./autoscalers.ts";
import { createBudgets } from "./budgets.ts";
import { createClaims } from "./claims.ts";
import { createDaemonSets } from "./daemon-sets.ts";
import { createDeployments } from "./deployments.ts";
import { createEndpoints } from "./endpoints.ts";
import { createGarbageCollector } from "./garbage.ts";
import { createJobs } from "./jobs.ts";
import { createKubelet, createNode } from "./kubelet.ts";
import { createLoadBalancers } from "./load-balancers.ts";
import { createNamespaces } from "./namespaces.ts";
import { createOwners } from "./owners.ts";
import { createQuotas } from "./quotas.ts";
import type { Context, Key, Reconciler } from "./reconciler.ts";
import { createReplicaSets } from "./replica-sets.ts";
import { isSame, resourceText } from "./resources.ts";
import { createStatefulSets } from "./stateful-sets.ts";
import { createVolumes } from "./volumes.ts";

export type ControllerOptions = {
  /** Whether what nodes, storage and cloud do is simulated, too. Without them Pods stay Pending, as on a cluster without nodes. */
  readonly nodes: boolean;
  readonly clock: Clock;
  /** Runs `run` once, `delay` later. The host stops what is under way with `stop`. */
  readonly after: (delay: Milliseconds, run: () => void) => void;
  /** The cluster's CA, PEM: every namespace has it in kube-root-ca.crt. */
  readonly certificate?: string;
  readonly version?: string;
};

/** How many objects are looked at before requests get their turn. */
const BATCH = 200;

/** The simulated controllers over a store: they look at what is there, and then at what changes. Source: docs/sandbox.md. */
export function createControllers(store: Store, options: ControllerOptions): { stop(): void } {
  const { nodes, clock, after, certificate = "", version = "v1.35.4" } = options;
  let stopped = false;
  const guarded: Context["after"] = (delay, run) => after(delay, () => !stopped && run());
  const owners = createOwners();
  const context: Context = { store, owners, now: () => clock.now(), after: guarded, nodes };
  const reconcilers = [...withoutNodes(context, certificate), ...(nodes ? [createKubelet(context), createLoadBalancers(context)] : [])];
  const garbage = createGarbageCollector(context);
  const queue = createQueue(context, reconcilers);

  for (const resource of resourcesOf(store))
    for (const object of store.list(resource)) {
      owners.learn({ type: "created", resource, object });
      queue.add({ type: "created", resource, object });
    }
  const unwatch = store.watch((change) => {
    if (stopped) return;
    owners.learn(change);
    queue.add(change);
    garbage.learn(change);
  });
  if (nodes) createNode(context, version);
  return {
    stop: () => {
      stopped = true;
      unwatch();
    },
  };
}

const withoutNodes = (context: Context, certificate: string): readonly Reconciler[] => [
  createNamespaces(context, certificate),
  createDeployments(context),
  createReplicaSets(context),
  createStatefulSets(context),
  createDaemonSets(context),
  createJobs(context),
  createEndpoints(context),
  createBudgets(context),
  createAutoscalers(context),
  createQuotas(context),
  createClaims(context),
  createVolumes(context),
];

function resourcesOf(store: Store): readonly Resource[] {
  const found = new Map(store.kinds().map(({ group, plural }) => [resourceText({ group, plural }), { group, plural }]));
  return [...found.values()];
}

type Work = { readonly reconciler: Reconciler; readonly key: Key };

/** Each object once, however often it changed in the meantime; in the order in which they came. */
function createQueue(context: Context, reconcilers: readonly Reconciler[]): { add(change: Change): void } {
  let waiting = new Map<string, Work>();
  let scheduled = false;
  const schedule = (): void => {
    if (scheduled || waiting.size === 0) return;
    scheduled = true;
    context.after(ms(0), drain);
  };
  const drain = (): void => {
    scheduled = false;
    const work = [...waiting];
    waiting = new Map(work.slice(BATCH));
    for (const [, { reconciler, key }] of work.slice(0, BATCH)) {
      const object = context.store.get(reconciler.resource, key.namespace, key.name);
      if (object !== undefined) reconciler.reconcile(object);
    }
    schedule();
  };
  const put = (index: number, reconciler: Reconciler, key: Key): void => void waiting.set(`${index}/${key.namespace}/${key.name}`, { reconciler, key });
  return {
    add: (change) => {
      const { metadata } = change.object;
      for (const [index, reconciler] of reconcilers.entries()) {
        if (isSame(reconciler.resource, change.resource)) put(index, reconciler, { namespace: metadata.namespace ?? "", name: metadata.name ?? "" });
        for (const key of reconciler.related?.(change) ?? []) put(index, reconciler, key);
      }
      schedule();
    },
  };
}
