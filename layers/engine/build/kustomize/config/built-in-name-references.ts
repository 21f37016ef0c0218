import type { BackReferences, FieldSpec } from "./config.ts";
import { fields } from "./field-spec-list.ts";
import { inPods } from "./pod-fields.ts";

/** Which fields hold names of objects of which kind. Source: kustomize api/internal/konfig/builtinpluginconsts/namereference.go, in its order. */
export const nameReferences = (): readonly BackReferences[] => [
  ...["Deployment", "ReplicationController", "ReplicaSet", "StatefulSet"].map((kind) =>
    namesOf("", "", kind, fields({ kind: "HorizontalPodAutoscaler" }, ["spec/scaleTargetRef/name"])),
  ),
  namesOf("", "v1", "ConfigMap", [
    ...inTemplates(["volumes/configMap/name", ...inContainers("configMapKeyRef", "configMapRef"), "volumes/projected/sources/configMap/name"]),
    ...inPods(["CronJob"], ["volumes/configMap/name", "volumes/projected/sources/configMap/name", ...inContainers("configMapKeyRef", "configMapRef")]),
    ...fields({ kind: "Node" }, ["spec/configSource/configMap"]),
    ...inRules(),
    ...fields({ kind: "Ingress" }, ["metadata/annotations/nginx.ingress.kubernetes.io\\/fastcgi-params-configmap"]),
  ]),
  namesOf("", "v1", "Secret", [
    ...inTemplates([
      "volumes/secret/secretName",
      ...inContainers("secretKeyRef", "secretRef"),
      "imagePullSecrets/name",
      "volumes/projected/sources/secret/name",
    ]),
    ...inPods(
      ["CronJob"],
      ["volumes/secret/secretName", "volumes/projected/sources/secret/name", ...inContainers("secretKeyRef", "secretRef"), "imagePullSecrets/name"],
    ),
    ...fields({ kind: "Ingress" }, [
      "spec/tls/secretName",
      "metadata/annotations/ingress.kubernetes.io\\/auth-secret",
      "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-secret",
      "metadata/annotations/nginx.ingress.kubernetes.io\\/auth-tls-secret",
      "spec/tls/secretName",
    ]),
    ...fields({ kind: "ServiceAccount" }, ["imagePullSecrets/name"]),
    ...fields({ kind: "StorageClass" }, ["parameters/secretName", "parameters/adminSecretName", "parameters/userSecretName", "parameters/secretRef"]),
    ...inRules(),
    ...fields({ group: "serving.knative.dev", version: "v1", kind: "Service" }, ["spec/template/spec/containers/env/valueFrom/secretKeyRef/name"]),
    ...fields({ kind: "PersistentVolume" }, ["spec/azureFile/secretName"]),
  ]),
  namesOf("", "v1", "Service", [
    ...fields({ group: "apps", kind: "StatefulSet" }, ["spec/serviceName"]),
    ...fields({ kind: "Ingress" }, [
      "spec/rules/http/paths/backend/serviceName",
      "spec/backend/serviceName",
      "spec/rules/http/paths/backend/service/name",
      "spec/defaultBackend/service/name",
    ]),
    ...fields({ group: "apiregistration.k8s.io", kind: "APIService" }, ["spec/service/name"]),
    ...fields({ group: "admissionregistration.k8s.io", kind: "ValidatingWebhookConfiguration" }, ["webhooks/clientConfig/service"]),
    ...fields({ group: "admissionregistration.k8s.io", kind: "MutatingWebhookConfiguration" }, ["webhooks/clientConfig/service"]),
  ]),
  namesOf(RBAC, "", "Role", fields({ group: RBAC, kind: "RoleBinding" }, ["roleRef/name"])),
  namesOf(RBAC, "", "ClusterRole", inBindings("roleRef/name")),
  namesOf("", "v1", "ServiceAccount", [...inBindings("subjects"), ...inPods(SCHEDULED, ["serviceAccountName"])]),
  namesOf("", "v1", "PersistentVolumeClaim", inPods(SCHEDULED, ["volumes/persistentVolumeClaim/claimName"])),
  namesOf("", "v1", "PersistentVolume", [
    ...fields({ kind: "PersistentVolumeClaim" }, ["spec/volumeName"]),
    ...fields({ kind: "ClusterRole" }, ["rules/resourceNames"]),
  ]),
  namesOf("storage.k8s.io", "v1", "StorageClass", [
    ...fields({ kind: "PersistentVolume" }, ["spec/storageClassName"]),
    ...fields({ kind: "PersistentVolumeClaim" }, ["spec/storageClassName"]),
    ...fields({ kind: "StatefulSet" }, ["spec/volumeClaimTemplates/spec/storageClassName"]),
  ]),
  namesOf("scheduling.k8s.io", "v1", "PriorityClass", inPods(SCHEDULED, ["priorityClassName"])),
  namesOf("networking.k8s.io/v1", "v1", "IngressClass", fields({ kind: "Ingress" }, ["spec/ingressClassName"])),
  namesOf(
    "admissionregistration.k8s.io",
    "",
    "ValidatingAdmissionPolicy",
    fields({ group: "admissionregistration.k8s.io", kind: "ValidatingAdmissionPolicyBinding" }, ["spec/policyName"]),
  ),
];

const RBAC = "rbac.authorization.k8s.io";
const TEMPLATES = ["PodTemplate", "Deployment", "ReplicaSet", "DaemonSet", "StatefulSet", "Job"];
const SCHEDULED = ["Pod", "StatefulSet", "Deployment", "ReplicationController", "CronJob", "Job", "DaemonSet"];

const namesOf = (group: string, version: string, kind: string, fieldSpecs: readonly FieldSpec[]): BackReferences => ({ group, version, kind, fieldSpecs });

/** A Pod counts only in its version. */
const inTemplates = (paths: readonly string[]): readonly FieldSpec[] => [...inPods(["Pod"], paths, { version: "v1" }), ...inPods(TEMPLATES, paths)];

/** `key` names one key of an object, `whole` all of them. */
const inContainers = (key: string, whole: string): readonly string[] =>
  [`env/valueFrom/${key}/name`, `envFrom/${whole}/name`].flatMap((path) => [`containers/${path}`, `initContainers/${path}`]);

const inRules = (): readonly FieldSpec[] => ["Role", "ClusterRole"].flatMap((kind) => fields({ kind }, ["rules/resourceNames"]));
const inBindings = (path: string): readonly FieldSpec[] => ["RoleBinding", "ClusterRoleBinding"].flatMap((kind) => fields({ group: RBAC, kind }, [path]));
