import { isEqual, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { withJobSelector } from "../kinds/job-selector.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Subresource } from "./context.ts";

const NO_CONDITIONS: JsonObject = {};

/** The status that the server gives to a new object. Source: the PrepareForCreate of the registries, and what their types print when empty. */
const FIRST_STATUS: { readonly [groupAndKind: string]: JsonObject } = {
  "/Namespace": { phase: "Active" },
  "/PersistentVolumeClaim": { phase: "Pending" },
  "/ReplicationController": { replicas: 0 },
  "/ResourceQuota": NO_CONDITIONS,
  "/Service": { loadBalancer: {} },
  "apps/DaemonSet": { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 },
  "apps/Deployment": NO_CONDITIONS,
  "apps/ReplicaSet": { replicas: 0 },
  "apps/StatefulSet": { replicas: 0, availableReplicas: 0 },
  "autoscaling/HorizontalPodAutoscaler": { desiredReplicas: 0, currentMetrics: null },
  "batch/CronJob": NO_CONDITIONS,
  "batch/Job": NO_CONDITIONS,
  "certificates.k8s.io/CertificateSigningRequest": NO_CONDITIONS,
  "flowcontrol.apiserver.k8s.io/FlowSchema": NO_CONDITIONS,
  "flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration": NO_CONDITIONS,
  "networking.k8s.io/Ingress": { loadBalancer: {} },
  "policy/PodDisruptionBudget": { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
  "storage.k8s.io/VolumeAttachment": { attached: false },
};

const keyOf = ({ group, kind }: ResourceKind): string => `${group}/${kind}`;

/** Who creates a Node says its status, too. */
const keepsStatus = (kind: ResourceKind): boolean => !kind.hasStatus || keyOf(kind) === "/Node";

/** A new object without what only the status endpoint writes. */
export function withoutStatus(kind: ResourceKind, object: Manifest): Manifest {
  if (keepsStatus(kind)) return object;
  const { status: _, ...rest } = object;
  return rest as Manifest;
}

/** What the server itself puts into a new object at `time`, owned by nobody. */
export function prepareNew(kind: ResourceKind, object: Manifest, time: string): Manifest {
  const first = kind.custom ? undefined : firstStatus(kind, object, time);
  const selected = keyOf(kind) === "batch/Job" && !kind.custom ? withJobSelector(object) : object;
  const counted = isDaemonSet(kind) ? withTemplateGeneration(selected, undefined) : selected;
  const prepared = first === undefined ? counted : { ...counted, status: first };
  return keyOf(kind) === "/Namespace" && !kind.custom ? { ...prepared, spec: withFinalizer(prepared.spec as Json | undefined) } : prepared;
}

const isDaemonSet = (kind: ResourceKind): boolean => keyOf(kind) === "apps/DaemonSet" && !kind.custom;

const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

/** How often the template has changed, which v1 has as an annotation; whoever sends another number is not heard. Source: registry/apps/daemonset. */
function withTemplateGeneration(object: Manifest, live: Manifest | undefined): Manifest {
  const before = Number(live?.metadata.annotations?.[TEMPLATE_GENERATION] ?? 0);
  const now = live !== undefined && isEqual(templateOf(object), templateOf(live)) ? before : before + 1;
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(now) } } };
}

function templateOf(object: Manifest): Json | undefined {
  const spec = object.spec as Json | undefined;
  return isObject(spec) ? spec.template : undefined;
}

function firstStatus(kind: ResourceKind, object: Manifest, time: string): JsonObject | undefined {
  if (keyOf(kind) === "/PersistentVolume") return { phase: "Pending", lastPhaseTransitionTime: time };
  if (keyOf(kind) === "/Pod") return { phase: "Pending", qosClass: qualityOf(object) };
  return FIRST_STATUS[keyOf(kind)];
}

function withFinalizer(spec: Json | undefined): JsonObject {
  const given = isObject(spec) && Array.isArray(spec.finalizers) ? (spec.finalizers as readonly Json[]) : [];
  return { ...(isObject(spec) ? spec : {}), finalizers: given.includes("kubernetes") ? given : [...given, "kubernetes"] };
}

/** Every namespace carries its name as a label. Source: SetDefaults_Namespace. */
export function labelled(kind: ResourceKind, object: Manifest): Manifest {
  const { name } = object.metadata;
  if (keyOf(kind) !== "/Namespace" || kind.custom || name === undefined || name === "") return object;
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, "kubernetes.io/metadata.name": name } } };
}

/**
 * An update through one endpoint of a resource: what the other endpoints write is the live object's.
 * Source: PrepareForUpdate of the registries and of apiextensions' custom resources.
 */
export function preparedUpdate(kind: ResourceKind, subresource: Subresource, next: Manifest, live: Manifest): Manifest {
  if (subresource === "status") {
    const metadata = kind.custom ? liveMetadata(next, live) : next.metadata;
    const { status: _, ...rest } = live;
    return { ...rest, metadata, ...(next.status !== undefined && { status: next.status }) } as Manifest;
  }
  const isNamespace = keyOf(kind) === "/Namespace" && !kind.custom;
  if (subresource === "finalize") return { ...live, metadata: next.metadata, ...(next.spec !== undefined && { spec: next.spec }) };
  if (keepsStatus(kind)) return next;
  const { status: _, ...rest } = isDaemonSet(kind) ? withTemplateGeneration(next, live) : next;
  const kept = { ...rest, ...(live.status !== undefined && { status: live.status }) } as Manifest;
  return isNamespace ? { ...kept, ...(live.spec !== undefined && { spec: live.spec }) } : kept;
}

/** Through `status`, a custom resource's metadata stays as it is, but for who owns what. */
function liveMetadata(next: Manifest, live: Manifest): Manifest["metadata"] {
  const { managedFields: _, ...metadata } = live.metadata;
  return { ...metadata, ...(next.metadata.managedFields !== undefined && { managedFields: next.metadata.managedFields }) };
}

/** Guaranteed, Burstable or BestEffort. Source: https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/ */
function qualityOf(pod: Manifest): string {
  const spec = pod.spec as Json | undefined;
  const lists = isObject(spec) ? [spec.containers, spec.initContainers] : [];
  const containers = lists.flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : [])).filter(isObject);
  const resources = containers.map(({ resources: given }) => (isObject(given) ? given : {}));
  const of = (given: JsonObject, side: string): JsonObject => {
    const found = given[side];
    return isObject(found) ? found : {};
  };
  const asked = resources.filter((given) =>
    ["limits", "requests"].some((side) => Object.keys(of(given, side)).some((name) => name === "cpu" || name === "memory")),
  );
  if (asked.length === 0) return "BestEffort";
  const guaranteed = resources.every((given) =>
    ["cpu", "memory"].every(
      (name) => of(given, "limits")[name] !== undefined && (of(given, "requests")[name] ?? of(given, "limits")[name]) === of(given, "limits")[name],
    ),
  );
  return guaranteed ? "Guaranteed" : "Burstable";
}
