import type { Resource } from "../storage/store.ts";

/** The resources that the controllers look after or make. */
export const PODS: Resource = { group: "", plural: "pods" };
export const NODES: Resource = { group: "", plural: "nodes" };
export const NAMESPACES: Resource = { group: "", plural: "namespaces" };
export const SERVICES: Resource = { group: "", plural: "services" };
export const SERVICE_ACCOUNTS: Resource = { group: "", plural: "serviceaccounts" };
export const CONFIG_MAPS: Resource = { group: "", plural: "configmaps" };
export const QUOTAS: Resource = { group: "", plural: "resourcequotas" };
export const CLAIMS: Resource = { group: "", plural: "persistentvolumeclaims" };
export const VOLUMES: Resource = { group: "", plural: "persistentvolumes" };
export const DEPLOYMENTS: Resource = { group: "apps", plural: "deployments" };
export const REPLICA_SETS: Resource = { group: "apps", plural: "replicasets" };
export const STATEFUL_SETS: Resource = { group: "apps", plural: "statefulsets" };
export const DAEMON_SETS: Resource = { group: "apps", plural: "daemonsets" };
export const REVISIONS: Resource = { group: "apps", plural: "controllerrevisions" };
export const JOBS: Resource = { group: "batch", plural: "jobs" };
export const AUTOSCALERS: Resource = { group: "autoscaling", plural: "horizontalpodautoscalers" };
export const BUDGETS: Resource = { group: "policy", plural: "poddisruptionbudgets" };
export const ENDPOINT_SLICES: Resource = { group: "discovery.k8s.io", plural: "endpointslices" };

export const resourceText = ({ group, plural }: Resource): string => `${plural}.${group}`;
export const isSame = (a: Resource, b: Resource): boolean => a.plural === b.plural && a.group === b.group;
