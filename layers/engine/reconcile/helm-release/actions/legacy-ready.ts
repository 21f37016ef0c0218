import { isObject, type Json, type JsonObject } from "../../../domain/json.ts";
import { groupOf, type Manifest } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { at, numberAt, textAt } from "../../../health/fields.ts";

/** `failed`: nothing more is to be hoped for. */
export type Readiness = { readonly kind: "ready" } | { readonly kind: "not-ready" } | { readonly kind: "failed"; readonly message: string };

/** What belongs to a workload in the cluster. */
export type Owned = { readonly replicaSets: readonly Manifest[]; readonly pods: readonly Manifest[] };

const READY: Readiness = { kind: "ready" };
const NOT_READY: Readiness = { kind: "not-ready" };
const ready = (is: boolean): Readiness => (is ? READY : NOT_READY);

/** What must be read besides the object itself; undefined: nothing is to be waited for. */
export function legacyKind({ apiVersion, kind }: Manifest): "object" | "replica-sets" | "pods" | undefined {
  switch (`${groupOf(apiVersion)}/${kind}`) {
    case "apps/Deployment":
      return "replica-sets";
    case "apps/ReplicaSet":
    case "/ReplicationController":
      return "pods";
    case "/Pod":
    case "batch/Job":
    case "/PersistentVolumeClaim":
    case "/Service":
    case "apps/DaemonSet":
    case "apps/StatefulSet":
    case "apiextensions.k8s.io/CustomResourceDefinition":
      return "object";
    default:
      return undefined;
  }
}

/** Helm 3's rules. Source: Helm 4, pkg/kube/ready.go. */
export function legacyReadiness(manifest: Manifest, owned: Owned, jobs: boolean): Readiness {
  const object = jsonOf(manifest);
  switch (`${groupOf(manifest.apiVersion)}/${manifest.kind}`) {
    case "/Pod":
      return ready(hasCondition(object, "Ready", "True"));
    case "batch/Job":
      return jobs ? jobReadiness(manifest, object) : READY;
    case "apps/Deployment":
      return ready(at(object, "spec.paused") === true ? false : deploymentReady(object, owned.replicaSets));
    case "/PersistentVolumeClaim":
      return ready(textAt(object, "status.phase", "") === "Bound");
    case "/Service":
      return ready(serviceReady(object));
    case "apps/DaemonSet":
      return ready(daemonSetReady(object));
    case "apiextensions.k8s.io/CustomResourceDefinition":
      return ready(hasCondition(object, "Established", "True") || hasCondition(object, "NamesAccepted", "False"));
    case "apps/StatefulSet":
      return ready(statefulSetReady(object));
    case "apps/ReplicaSet":
    case "/ReplicationController":
      return ready(isObserved(object) && owned.pods.every((pod) => hasCondition(jsonOf(pod), "Ready", "True")));
    default:
      return READY;
  }
}

const isObserved = (object: JsonObject): boolean => numberAt(object, "status.observedGeneration", 0) === numberAt(object, "metadata.generation", 0);

function hasCondition(object: JsonObject, type: string, status: string): boolean {
  const conditions = at(object, "status.conditions");
  return Array.isArray(conditions) && conditions.some((one: Json) => isObject(one) && one.type === type && one.status === status);
}

function jobReadiness({ metadata }: Manifest, object: JsonObject): Readiness {
  if (numberAt(object, "status.failed", 0) > numberAt(object, "spec.backoffLimit", 6))
    return { kind: "failed", message: `job is failed: ${metadata.namespace}/${metadata.name}` };
  const completions = at(object, "spec.completions");
  return ready(typeof completions !== "number" || numberAt(object, "status.succeeded", 0) >= completions);
}

/** The ReplicaSet of the newest template: the one that the Deployment's own revision names. */
function deploymentReady(object: JsonObject, replicaSets: readonly Manifest[]): boolean {
  const revision = at(object, "metadata.annotations");
  const wanted = isObject(revision) ? revision["deployment.kubernetes.io/revision"] : undefined;
  const newest = replicaSets.find(({ metadata }) => metadata.annotations?.["deployment.kubernetes.io/revision"] === wanted && wanted !== undefined);
  if (newest === undefined || !isObserved(jsonOf(newest)) || !isObserved(object)) return false;
  const replicas = numberAt(object, "spec.replicas", 1);
  return numberAt(jsonOf(newest), "status.readyReplicas", 0) >= replicas - maxUnavailable(object, replicas);
}

function maxUnavailable(object: JsonObject, replicas: number): number {
  if (textAt(object, "spec.strategy.type", "") !== "RollingUpdate" || replicas === 0) return 0;
  const surge = scaled(at(object, "spec.strategy.rollingUpdate.maxSurge"), replicas, Math.ceil);
  const unavailable = scaled(at(object, "spec.strategy.rollingUpdate.maxUnavailable"), replicas, Math.floor);
  return Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, replicas);
}

function scaled(value: Json | undefined, total: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  const percent = typeof value === "string" ? /^(\d+)%$/.exec(value)?.[1] : undefined;
  return percent === undefined ? 0 : round((Number(percent) * total) / 100);
}

function serviceReady(object: JsonObject): boolean {
  const type = textAt(object, "spec.type", "ClusterIP");
  if (type === "ExternalName") return true;
  if (textAt(object, "spec.clusterIP", "") === "") return false;
  const external = at(object, "spec.externalIPs");
  if (type !== "LoadBalancer" || (Array.isArray(external) && external.length > 0)) return true;
  return Array.isArray(at(object, "status.loadBalancer.ingress"));
}

function daemonSetReady(object: JsonObject): boolean {
  if (!isObserved(object)) return false;
  if (textAt(object, "spec.updateStrategy.type", "") !== "RollingUpdate") return true;
  const desired = numberAt(object, "status.desiredNumberScheduled", 0);
  if (numberAt(object, "status.updatedNumberScheduled", 0) !== desired) return false;
  return numberAt(object, "status.numberReady", 0) >= desired - scaled(at(object, "spec.updateStrategy.rollingUpdate.maxUnavailable"), desired, Math.ceil);
}

function statefulSetReady(object: JsonObject): boolean {
  if (!isObserved(object)) return false;
  if (textAt(object, "spec.updateStrategy.type", "") !== "RollingUpdate") return true;
  const partition = numberAt(object, "spec.updateStrategy.rollingUpdate.partition", 0);
  const replicas = numberAt(object, "spec.replicas", 1);
  if (numberAt(object, "status.updatedReplicas", 0) < replicas - partition) return false;
  if (numberAt(object, "status.readyReplicas", 0) !== replicas) return false;
  return partition !== 0 || textAt(object, "status.currentRevision", "") === textAt(object, "status.updateRevision", "");
}
