import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import { jsonOf, objectAt, valueAt } from "../validation/fields.ts";
import { selects } from "../validation/selectors.ts";
import { conditionsOf, setCondition } from "./conditions.ts";
import { isActive, isReady } from "./pods.ts";
import { type Context, isDeleting, keyOf, type Reconciler, STATUS } from "./reconciler.ts";
import { BUDGETS, isSame, PODS } from "./resources.ts";
import { amountOf } from "./rollout.ts";

/** How many Pods may be evicted. Pods are counted as they are, not as their owners want them. Source: kube-controller-manager, controller/disruption. */
export function createBudgets(context: Context): Reconciler {
  const selected = (budget: Manifest, pod: Manifest): boolean => selects(valueAt(objectAt(jsonOf(budget), "spec"), "selector"), pod.metadata.labels ?? {});
  return {
    resource: BUDGETS,
    reconcile: (object) => {
      if (isDeleting(object)) return;
      const spec = objectAt(jsonOf(object), "spec");
      const pods = context.store.list(PODS, object.metadata.namespace).filter((pod) => isActive(pod) && selected(object, pod));
      const expected = pods.length;
      const healthy = pods.filter(isReady).length;
      const missing = amountOf(spec.maxUnavailable, expected, Math.ceil, 0);
      const desired = spec.maxUnavailable === undefined ? amountOf(spec.minAvailable, expected, Math.ceil, 1) : Math.max(0, expected - missing);
      const allowed = expected === 0 ? 0 : Math.max(0, healthy - desired);
      const condition =
        allowed > 0
          ? ({ type: "DisruptionAllowed", status: "True", reason: "SufficientPods", message: "" } as const)
          : ({ type: "DisruptionAllowed", status: "False", reason: "InsufficientPods", message: "" } as const);
      const observedGeneration = object.metadata.generation ?? 0;
      const old = conditionsOf(objectAt(jsonOf(object), "status"));
      const conditions = setCondition(old, condition, formatTime(context.now()), []).map((one) => ({ ...objectAt({ one }, "one"), observedGeneration }));
      const status = { conditions, currentHealthy: healthy, desiredHealthy: desired, disruptionsAllowed: allowed, expectedPods: expected, observedGeneration };
      context.store.update(BUDGETS, { ...object, status }, STATUS);
    },
    related: ({ resource, object }) =>
      isSame(resource, PODS)
        ? context.store
            .list(BUDGETS, object.metadata.namespace)
            .filter((budget) => selected(budget, object))
            .map(keyOf)
        : [],
  };
}
