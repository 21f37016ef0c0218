import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { isArray, isObject } from "@sluice/engine/domain/json.ts";

/** Fills in what depends on other values of the same struct. */
export type DefaultRule = (value: JsonObject) => JsonObject;

const CORE = "io.k8s.api.core.v1";
const RBAC_GROUP = "rbac.authorization.k8s.io";

const isMissing = (value: Json | undefined): boolean => value === undefined || value === null || value === "";
const text = (value: Json | undefined): string => (typeof value === "string" ? value : "");
const items = (value: Json | undefined): readonly Json[] => (isArray(value) ? value : []);
const objectOf = (value: Json | undefined): JsonObject => (isObject(value) ? value : {});
const without = (value: JsonObject, ...fields: readonly string[]): JsonObject =>
  Object.fromEntries(Object.entries(value).filter(([field]) => !fields.includes(field)));

/** `latest`, or no tag at all: always pulled. Source: pkg/apis/core/v1 SetDefaults_Container, pkg/util/parsers. */
export function pullPolicyOf(image: string): "Always" | "IfNotPresent" {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^:/]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

const container: DefaultRule = (value) => (isMissing(value.imagePullPolicy) ? { ...value, imagePullPolicy: pullPolicyOf(text(value.image)) } : value);

/** The old name of the field is written beside the new one. Source: pkg/apis/core/v1 conversion.go. */
function podSpec(value: JsonObject): JsonObject {
  const account = isMissing(value.serviceAccountName) ? value.serviceAccount : value.serviceAccountName;
  return isMissing(account) || account === undefined ? value : { ...value, serviceAccountName: account, serviceAccount: account };
}

/** On the host's network a port is the host's; in a template it is left open. */
function hostPorts(value: JsonObject): JsonObject {
  const onHost = (list: Json | undefined): Json =>
    items(list).map((item) =>
      isObject(item) && isArray(item.ports)
        ? {
            ...item,
            ports: item.ports.map((port) =>
              isObject(port) && (port.hostPort === undefined || port.hostPort === 0) ? { ...port, hostPort: port.containerPort ?? 0 } : port,
            ),
          }
        : item,
    );
  return { ...value, containers: onHost(value.containers), ...(isArray(value.initContainers) && { initContainers: onHost(value.initContainers) }) };
}

const VOLUME_FIELDS = new Set(["name"]);
const volume: DefaultRule = (value) => (Object.keys(value).every((field) => VOLUME_FIELDS.has(field)) ? { ...value, emptyDir: {} } : value);

const servicePort: DefaultRule = (value) => (isMissing(value.targetPort) || value.targetPort === 0 ? { ...value, targetPort: value.port ?? 0 } : value);

function serviceSpec(value: JsonObject): JsonObject {
  const { type } = value;
  const isReached = type === "NodePort" || type === "LoadBalancer" || (type === "ClusterIP" && items(value.externalIPs).length > 0);
  const affinity = objectOf(objectOf(value.sessionAffinityConfig).clientIP).timeoutSeconds;
  return {
    ...(value.sessionAffinity === "None" ? without(value, "sessionAffinityConfig") : value),
    ...(value.sessionAffinity === "ClientIP" && affinity === undefined && { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } }),
    ...(isReached && isMissing(value.externalTrafficPolicy) && { externalTrafficPolicy: "Cluster" }),
    ...(type !== "ExternalName" && isMissing(value.internalTrafficPolicy) && { internalTrafficPolicy: "Cluster" }),
    ...(type === "LoadBalancer" && isMissing(value.allocateLoadBalancerNodePorts) && { allocateLoadBalancerNodePorts: true }),
  };
}

/** Limits of containers: the default is the maximum, the default request is the default, or the minimum. */
function limitRangeItem(value: JsonObject): JsonObject {
  if (value.type !== "Container") return value;
  const defaults = { ...objectOf(value.max), ...objectOf(value.default) };
  const requests = { ...objectOf(value.min), ...defaults, ...objectOf(value.defaultRequest) };
  return { ...value, ...(Object.keys(defaults).length > 0 && { default: defaults }), ...(Object.keys(requests).length > 0 && { defaultRequest: requests }) };
}

const rolling: DefaultRule = (value) => (value.type === "RollingUpdate" && !isObject(value.rollingUpdate) ? { ...value, rollingUpdate: {} } : value);

function networkPolicySpec(value: JsonObject): JsonObject {
  if (items(value.policyTypes).length > 0) return value;
  return { ...value, policyTypes: items(value.egress).length > 0 ? ["Ingress", "Egress"] : ["Ingress"] };
}

const subject: DefaultRule = (value) =>
  isMissing(value.apiGroup) && (value.kind === "User" || value.kind === "Group") ? { ...value, apiGroup: RBAC_GROUP } : value;

const metrics: readonly Json[] = [{ type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 80 } } }];

/** Source: pkg/apis/autoscaling/v2/defaults.go. */
function autoscalerSpec(value: JsonObject): JsonObject {
  const scaled = items(value.metrics).length > 0 ? value : { ...value, metrics };
  if (!isObject(value.behavior)) return scaled;
  const up = {
    stabilizationWindowSeconds: 0,
    selectPolicy: "Max",
    policies: [
      { type: "Pods", value: 4, periodSeconds: 15 },
      { type: "Percent", value: 100, periodSeconds: 15 },
    ],
  };
  const down = { selectPolicy: "Max", policies: [{ type: "Percent", value: 100, periodSeconds: 15 }] };
  const laid = (standard: JsonObject, rules: Json | undefined): JsonObject => ({ ...standard, ...objectOf(rules) });
  return { ...scaled, behavior: { ...value.behavior, scaleUp: laid(up, value.behavior.scaleUp), scaleDown: laid(down, value.behavior.scaleDown) } };
}

function names(value: JsonObject): JsonObject {
  const kind = text(value.kind);
  return {
    ...value,
    ...(isMissing(value.singular) && { singular: kind.toLowerCase() }),
    ...(isMissing(value.listKind) && kind !== "" && { listKind: `${kind}List` }),
  };
}

export const defaultRules: { readonly [definition: string]: DefaultRule } = {
  [`${CORE}.Container`]: container,
  [`${CORE}.EphemeralContainer`]: container,
  [`${CORE}.PodSpec`]: podSpec,
  [`${CORE}.Volume`]: volume,
  [`${CORE}.ServicePort`]: servicePort,
  [`${CORE}.ServiceSpec`]: serviceSpec,
  [`${CORE}.LimitRangeItem`]: limitRangeItem,
  "io.k8s.api.apps.v1.DeploymentStrategy": rolling,
  "io.k8s.api.apps.v1.DaemonSetUpdateStrategy": rolling,
  "io.k8s.api.apps.v1.StatefulSetUpdateStrategy": rolling,
  "io.k8s.api.networking.v1.NetworkPolicySpec": networkPolicySpec,
  "io.k8s.api.rbac.v1.Subject": subject,
  "io.k8s.api.autoscaling.v2.HorizontalPodAutoscalerSpec": autoscalerSpec,
  "io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.CustomResourceDefinitionNames": names,
};

const part = (object: JsonObject, change: DefaultRule): JsonObject => (isObject(object.spec) ? { ...object, spec: change(object.spec) } : object);

/** Requests that are not given are the limits. Only of Pods: a template's are left as they are. */
function pod(value: JsonObject): JsonObject {
  const requests = (list: Json | undefined): Json =>
    items(list).map((item) => {
      const limits = isObject(item) && isObject(item.resources) ? item.resources.limits : undefined;
      if (!isObject(item) || !isObject(limits)) return item;
      const resources = objectOf(item.resources);
      return { ...item, resources: { ...resources, requests: { ...limits, ...objectOf(resources.requests) } } };
    });
  return {
    ...(value.hostNetwork === true ? hostPorts(value) : value),
    containers: requests(value.hostNetwork === true ? hostPorts(value).containers : value.containers),
    ...(isArray(value.initContainers) && { initContainers: requests(value.initContainers) }),
    ...(value.enableServiceLinks === undefined && { enableServiceLinks: true }),
  };
}

function job(value: JsonObject): JsonObject {
  const isOnce = value.completions === undefined && value.parallelism === undefined;
  return {
    ...value,
    ...(isOnce && { completions: 1 }),
    ...(value.parallelism === undefined && { parallelism: 1 }),
    ...(value.backoffLimit === undefined && { backoffLimit: value.backoffLimitPerIndex === undefined ? 6 : 2_147_483_647 }),
    ...(value.completionMode === undefined && { completionMode: "NonIndexed" }),
    ...(value.suspend === undefined && { suspend: false }),
    ...(value.podReplacementPolicy === undefined && { podReplacementPolicy: isObject(value.podFailurePolicy) ? "Failed" : "TerminatingOrFailed" }),
    ...(value.manualSelector === undefined && { manualSelector: false }),
  };
}

/** A controller's own labels and selector are its template's when it has none. */
function replicationController(object: JsonObject): JsonObject {
  const spec = objectOf(object.spec);
  const labels = objectOf(objectOf(objectOf(spec.template).metadata).labels);
  if (Object.keys(labels).length === 0) return object;
  const metadata = objectOf(object.metadata);
  return {
    ...object,
    metadata: Object.keys(objectOf(metadata.labels)).length > 0 ? metadata : { ...metadata, labels },
    spec: Object.keys(objectOf(spec.selector)).length > 0 ? spec : { ...spec, selector: labels },
  };
}

function namespace(object: JsonObject): JsonObject {
  const metadata = objectOf(object.metadata);
  const name = text(metadata.name);
  return name === "" ? object : { ...object, metadata: { ...metadata, labels: { ...objectOf(metadata.labels), "kubernetes.io/metadata.name": name } } };
}

const claimTemplates = (value: JsonObject): JsonObject =>
  isArray(value.volumeClaimTemplates)
    ? {
        ...value,
        volumeClaimTemplates: value.volumeClaimTemplates.map((claim) => ({
          kind: "PersistentVolumeClaim",
          apiVersion: "v1",
          ...objectOf(claim),
          status: { phase: "Pending", ...objectOf(objectOf(claim).status) },
        })),
      }
    : value;

/** Of whole objects, by `group/Kind`; before what their structs have. */
export const objectRules: { readonly [kind: string]: DefaultRule } = {
  "/Pod": (object) => part(object, pod),
  "/Namespace": namespace,
  "/ReplicationController": replicationController,
  "apps/StatefulSet": (object) => part(object, claimTemplates),
  "batch/Job": (object) => part(object, job),
};
