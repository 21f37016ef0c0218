import { isArray, isEqual, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { Store } from "../storage/store.ts";
import { fieldOf } from "./field.ts";

const clusterRoles = { group: "rbac.authorization.k8s.io", plural: "clusterroles" };

/**
 * Keeps the rules of every ClusterRole with an aggregationRule equal to those of the roles that it selects (each rule once, roles by
 * name). Source: clusterrole-aggregation-controller.
 */
export function createRoleAggregation(store: Pick<Store, "list" | "update" | "watch">): { stop(): void } {
  function reconcile(): void {
    const roles = store.list(clusterRoles);
    for (const role of roles) {
      const selectors = selectorsOf(role);
      if (selectors === undefined) continue;
      const rules = aggregate(
        selectors,
        roles.filter((other) => other !== role),
      );
      if (!isEqual(fieldOf(role, "rules"), rules)) store.update(clusterRoles, { ...role, rules }, { manager: "clusterrole-aggregation-controller" });
    }
  }
  const stop = store.watch(({ resource, type, before, object }) => {
    if (resource.group !== clusterRoles.group || resource.plural !== clusterRoles.plural) return;
    // An aggregated role changes others only through its labels and rules; our own writes end here by being equal the next time.
    if (type !== "updated" || !isEqual(before && fieldOf(before, "rules"), fieldOf(object, "rules")) || before?.metadata.labels !== object.metadata.labels)
      reconcile();
  });
  return { stop };
}

function aggregate(selectors: readonly Json[], roles: readonly Manifest[]): readonly Json[] {
  const rules: Json[] = [];
  for (const selector of selectors)
    for (const role of roles.filter((candidate) => selects(selector, candidate.metadata.labels ?? {})))
      for (const rule of listOf(fieldOf(role, "rules"))) if (!rules.some((known) => isEqual(known, rule))) rules.push(rule);
  return rules;
}

function selectorsOf(role: Manifest): readonly Json[] | undefined {
  const rule = fieldOf(role, "aggregationRule");
  return isObject(rule) ? listOf(rule.clusterRoleSelectors) : undefined;
}

/** matchLabels and matchExpressions of a metav1.LabelSelector; an empty selector selects everything. */
function selects(selector: Json, labels: { readonly [key: string]: string }): boolean {
  if (!isObject(selector)) return false;
  const equal = isObject(selector.matchLabels) ? Object.entries(selector.matchLabels) : [];
  return equal.every(([key, value]) => labels[key] === value) && listOf(selector.matchExpressions).every((expression) => meets(expression, labels));
}

function meets(expression: Json, labels: { readonly [key: string]: string }): boolean {
  if (!isObject(expression) || typeof expression.key !== "string") return false;
  const value = labels[expression.key];
  const among = value !== undefined && listOf(expression.values).includes(value);
  switch (expression.operator) {
    case "In":
      return among;
    case "NotIn":
      return !among;
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}

const listOf = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
