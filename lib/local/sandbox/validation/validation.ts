import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { type FieldError, invalid } from "../schema/field-error.ts";
import { validateMetadata, validateMetadataUpdate } from "../schema/metadata.ts";
import { nameIsLabel, nameIsPathSegment, nameIsSubdomain } from "../schema/names.ts";
import { validateCrd } from "../schema/validate-crd.ts";
import { AUTOSCALER, DISRUPTION_BUDGET } from "./autoscaling.ts";
import { CRON_JOB, JOB } from "./batch.ts";
import { CLAIM } from "./claims.ts";
import { PRIORITY_CLASS, STORAGE_CLASS } from "./classes.ts";
import { CONFIG_MAP, LIMIT_RANGE, POD, RESOURCE_QUOTA, SECRET } from "./core.ts";
import { EVENT } from "./events.ts";
import { jsonOf } from "./fields.ts";
import { INGRESS, INGRESS_CLASS, NETWORK_POLICY } from "./networking.ts";
import { CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING } from "./rbac.ts";
import { type KindRules, nothing } from "./rule.ts";
import { SERVICE } from "./services.ts";
import { DAEMON_SET, DEPLOYMENT, REPLICA_SET, STATEFUL_SET } from "./workloads.ts";

const RBAC = "rbac.authorization.k8s.io";

/** Kind by group and kind. A kind that is not here has its metadata looked at, and nothing else. */
const RULES: ReadonlyMap<string, KindRules> = new Map<string, KindRules>([
  ["/ConfigMap", CONFIG_MAP],
  ["/Secret", SECRET],
  ["/Service", SERVICE],
  ["/Pod", POD],
  ["/PersistentVolumeClaim", CLAIM],
  ["/Event", EVENT],
  ["events.k8s.io/Event", EVENT],
  ["/ResourceQuota", RESOURCE_QUOTA],
  ["/LimitRange", LIMIT_RANGE],
  ["/Namespace", { name: nameIsLabel, check: nothing }],
  ["apps/Deployment", DEPLOYMENT],
  ["apps/ReplicaSet", REPLICA_SET],
  ["apps/DaemonSet", DAEMON_SET],
  ["apps/StatefulSet", STATEFUL_SET],
  ["batch/Job", JOB],
  ["batch/CronJob", CRON_JOB],
  ["networking.k8s.io/Ingress", INGRESS],
  ["networking.k8s.io/IngressClass", INGRESS_CLASS],
  ["networking.k8s.io/NetworkPolicy", NETWORK_POLICY],
  ["autoscaling/HorizontalPodAutoscaler", AUTOSCALER],
  ["policy/PodDisruptionBudget", DISRUPTION_BUDGET],
  [`${RBAC}/Role`, ROLE],
  [`${RBAC}/ClusterRole`, CLUSTER_ROLE],
  [`${RBAC}/RoleBinding`, ROLE_BINDING],
  [`${RBAC}/ClusterRoleBinding`, CLUSTER_ROLE_BINDING],
  ["storage.k8s.io/StorageClass", STORAGE_CLASS],
  ["scheduling.k8s.io/PriorityClass", PRIORITY_CLASS],
  ["apiregistration.k8s.io/APIService", { name: nameIsPathSegment, check: nothing }],
  ["coordination.k8s.io/Lease", { name: nameIsSubdomain, check: nothing }],
]);
const PLAIN: KindRules = { name: nameIsSubdomain, check: nothing };

/**
 * What is wrong with an object of a built-in kind, in the server's words, after its defaults are in; of an update where `old` is given.
 * Types fit the schema already. Source: kubernetes, pkg/apis/<group>/validation; each rule was tried on kube-apiserver 1.35.
 */
export function validateBuiltIn(kind: ResourceKind, object: Manifest, old?: Manifest): readonly FieldError[] {
  if (kind.group === "apiextensions.k8s.io" && kind.kind === "CustomResourceDefinition") return validateDefinition(kind, object, old);
  const rules = RULES.get(`${kind.group}/${kind.kind}`) ?? PLAIN;
  const json = jsonOf(object);
  if (old === undefined) return [...validateMetadata(object, kind.namespaced, rules.name), ...standardFinalizers(object), ...rules.check(json)];
  const before = jsonOf(old);
  return [...validateMetadataUpdate(object, old), ...rules.check(json), ...(rules.change?.(json, before) ?? [])];
}

/** The rule for its name is a whole one: plural and group. */
function validateDefinition(kind: ResourceKind, object: Manifest, old: Manifest | undefined): readonly FieldError[] {
  const metadata = old === undefined ? validateMetadata(object, kind.namespaced, () => []) : validateMetadataUpdate(object, old);
  return [...metadata, ...validateCrd(object, old)];
}

const STANDARD = ["kubernetes", "orphan", "foregroundDeletion"];

/** Finalizers of built-in kinds are domain-qualified or the server's own. Source: core/validation ValidateFinalizerName. */
function standardFinalizers(object: Manifest): readonly FieldError[] {
  return (object.metadata.finalizers ?? []).flatMap((finalizer, index) =>
    finalizer.includes("/") || STANDARD.includes(finalizer)
      ? []
      : [invalid(`metadata.finalizers[${index}]`, finalizer, "name is neither a standard finalizer name nor is it fully qualified")],
  );
}
