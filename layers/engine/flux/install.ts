import type { JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { crdManifests } from "./crds.ts";
import { MARKER_NAME } from "./installation.ts";
import { HELM_GROUP, IMAGE_GROUP, KUSTOMIZE_GROUP, NOTIFICATION_GROUP, SOURCE_EXTENSIONS_GROUP, SOURCE_GROUP } from "./kinds.ts";

export type InstallOptions = {
  readonly namespace: string;
  /** With the leading `v`, as `flux check` prints it. */
  readonly version: string;
  /** The marker's image, with a tag: `flux version` prints it, nobody ever pulls it. */
  readonly image: string;
  /** Kubernetes groups that the engine comes as from outside, such as those of an EKS access entry; they get what the ServiceAccount gets. */
  readonly groups?: readonly string[];
};

const RBAC = "rbac.authorization.k8s.io/v1";
const GROUPS = [NOTIFICATION_GROUP, SOURCE_GROUP, SOURCE_EXTENSIONS_GROUP, HELM_GROUP, IMAGE_GROUP, KUSTOMIZE_GROUP];
const READ = ["get", "list", "watch"];

/**
 * What an engine outside of the cluster needs in it, in apply order: the CRDs, an identity with its rights, and a Deployment without
 * replicas by which `flux check` and `flux version` recognise an installation. Source: reference 6.12, 6.16, 7.4, appendix I.
 */
export function installManifests(options: InstallOptions): readonly Manifest[] {
  const { namespace, version } = options;
  return [
    namespaceOf(options),
    ...crdManifests({ version, instance: namespace }),
    clusterRole(options, "crd-controller", controllerRules()),
    clusterRole(
      options,
      "flux-edit",
      [{ apiGroups: GROUPS, resources: ["*"], verbs: ["create", "delete", "deletecollection", "patch", "update"] }],
      ["edit", "admin"],
    ),
    clusterRole(options, "flux-view", [{ apiGroups: GROUPS, resources: ["*"], verbs: READ }], ["view", "edit", "admin"]),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: MARKER_NAME, namespace, labels: labelsOf(options) } },
    clusterRoleBinding(options, "crd-controller", `crd-controller-${namespace}`),
    clusterRoleBinding(options, "cluster-reconciler", "cluster-admin"),
    marker(options),
  ];
}

const labelsOf = ({ namespace, version }: InstallOptions): { readonly [key: string]: string } => ({
  "app.kubernetes.io/instance": namespace,
  "app.kubernetes.io/part-of": "flux",
  "app.kubernetes.io/version": version,
});

const namespaceOf = (options: InstallOptions): Manifest => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: {
    name: options.namespace,
    labels: { ...labelsOf(options), "pod-security.kubernetes.io/warn": "restricted", "pod-security.kubernetes.io/warn-version": "latest" },
  },
});

/** Source: reference, appendix I. CRDs are read to notice that one is being deleted (6.14). */
const controllerRules = (): readonly JsonObject[] => [
  { apiGroups: GROUPS, resources: ["*"], verbs: [...READ, "create", "update", "patch", "delete"] },
  { apiGroups: [""], resources: ["namespaces", "secrets", "configmaps", "serviceaccounts"], verbs: READ },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["serviceaccounts/token"], verbs: ["create"] },
  { apiGroups: [""], resources: ["users", "serviceaccounts"], verbs: ["impersonate"] },
  { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: READ },
  { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: READ },
];

const clusterRole = (options: InstallOptions, name: string, rules: readonly JsonObject[], aggregatedTo: readonly string[] = []): Manifest => ({
  apiVersion: RBAC,
  kind: "ClusterRole",
  metadata: {
    name: `${name}-${options.namespace}`,
    labels: { ...labelsOf(options), ...Object.fromEntries(aggregatedTo.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"])) },
  },
  rules,
});

const clusterRoleBinding = (options: InstallOptions, name: string, role: string): Manifest => ({
  apiVersion: RBAC,
  kind: "ClusterRoleBinding",
  metadata: { name: `${name}-${options.namespace}`, labels: labelsOf(options) },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  subjects: [
    { kind: "ServiceAccount", name: MARKER_NAME, namespace: options.namespace },
    ...(options.groups ?? []).map((name) => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name })),
  ],
});

/** Never runs: 0 replicas are Current at once. Its template keeps to the `restricted` level, so that no warning is printed. */
function marker(options: InstallOptions): Manifest {
  const labels = { ...labelsOf(options), "app.kubernetes.io/component": MARKER_NAME };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: MARKER_NAME, namespace: options.namespace, labels },
    spec: {
      replicas: 0,
      selector: { matchLabels: { app: MARKER_NAME } },
      template: {
        metadata: { labels: { ...labels, app: MARKER_NAME } },
        spec: {
          automountServiceAccountToken: false,
          containers: [
            {
              name: MARKER_NAME,
              image: options.image,
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
            },
          ],
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          serviceAccountName: MARKER_NAME,
        },
      },
    },
  };
}
