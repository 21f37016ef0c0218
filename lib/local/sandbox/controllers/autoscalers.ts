import type { Json } from "@sluice/engine/domain/json.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import { jsonOf, listAt, numberAt, objectAt } from "../validation/fields.ts";
import { type ConditionNow, conditionsOf, setCondition } from "./conditions.ts";
import { type Context, isDeleting, type Reconciler, STATUS } from "./reconciler.ts";
import { AUTOSCALERS } from "./resources.ts";

const NO_METRICS =
  "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)";

/** What the autoscaler says on a cluster without a metrics server: nothing is ever scaled. Source: kube-controller-manager, controller/podautoscaler. */
export function createAutoscalers(context: Context): Reconciler {
  return {
    resource: AUTOSCALERS,
    reconcile: (object) => {
      if (isDeleting(object)) return;
      const old = objectAt(jsonOf(object), "status");
      const now = formatTime(context.now());
      const found = targetReplicas(context, object.metadata.namespace ?? "", objectAt(objectAt(jsonOf(object), "spec"), "scaleTargetRef"));
      const next = conditionsFor(found);
      const conditions = next.reduce((made, condition) => setCondition(made, condition, now, []), conditionsOf(old));
      const status = {
        ...old,
        conditions,
        currentMetrics: shownMetrics(found, listAt(objectAt(jsonOf(object), "spec"), "metrics").length),
        ...(found.kind === "found" && { currentReplicas: found.replicas }),
        desiredReplicas: 0,
      };
      context.store.update(AUTOSCALERS, { ...object, status }, STATUS);
    },
  };
}

/** An empty entry for each metric that could not be read; one is asked for where the spec names none. */
const shownMetrics = (target: Target, metrics: number): Json =>
  target.kind === "found" && target.replicas > 0 ? Array.from({ length: Math.max(1, metrics) }, () => ({ type: "" })) : null;

type Target = { readonly kind: "found"; readonly replicas: number } | { readonly kind: "missing"; readonly problem: string };

function targetReplicas({ store }: Context, namespace: string, target: { readonly [field: string]: unknown }): Target {
  const [group, kind, name] = [
    String(target.apiVersion ?? "")
      .split("/")
      .slice(0, -1)
      .join(""),
    String(target.kind ?? ""),
    String(target.name ?? ""),
  ];
  const served = store.kinds().find((one) => one.group === group && one.kind === kind);
  if (served === undefined) return { kind: "missing", problem: `no matches for kind "${kind}" in group "${group}"` };
  const resource = { group: served.group, plural: served.plural };
  const object = store.get(resource, namespace, name);
  const text = group === "" ? served.plural : `${served.plural}.${group}`;
  if (object === undefined) return { kind: "missing", problem: `${text} "${name}" not found` };
  return { kind: "found", replicas: numberAt(objectAt(jsonOf(object), "status"), "replicas") ?? 0 };
}

function conditionsFor(target: Target): readonly ConditionNow[] {
  if (target.kind === "missing")
    return [
      {
        type: "AbleToScale",
        status: "False",
        reason: "FailedGetScale",
        message: `the HPA controller was unable to get the target's current scale: ${target.problem}`,
      },
    ];
  const able: ConditionNow = {
    type: "AbleToScale",
    status: "True",
    reason: "SucceededGetScale",
    message: "the HPA controller was able to get the target's current scale",
  };
  if (target.replicas === 0)
    return [
      able,
      { type: "ScalingActive", status: "False", reason: "ScalingDisabled", message: "scaling is disabled since the replica count of the target is zero" },
    ];
  return [able, { type: "ScalingActive", status: "False", reason: "FailedGetResourceMetric", message: NO_METRICS }];
}
