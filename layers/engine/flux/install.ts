import type { JsonObject } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { crdManifests } from "./crds.ts";
import { CLUSTER_ANNOTATION, MARKER_NAME, NOTIFY_IDENTITY, RECEIVER_IDENTITY, REGION_ANNOTATION, SOURCE_IDENTITY, SWEEP_IDENTITY } from "./installation.ts";
import { HELM_GROUP, IMAGE_GROUP, KINDS, KUSTOMIZE_GROUP, NOTIFICATION_GROUP, SOURCE_EXTENSIONS_GROUP, SOURCE_GROUP } from "./kinds.ts";

export type InstallOptions = {
  readonly namespace: string;
  /** With the leading `v`, as `flux check` prints it. */
  readonly version: string;
  /** The marker's image, with a tag: `flux version` prints it, nobody ever pulls it. */
  readonly image: string;
  /** Kubernetes groups that the engine comes as from outside, such as those of an EKS access entry; they get what the ServiceAccount gets. */
  readonly groups?: readonly string[];
  /** Of the installation on AWS that looks after the cluster: what the marker tells the command line. */
  readonly cluster?: { readonly name: string; readonly region: string };
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
    clusterRole(options, "sluice-notify", notifyRules()),
    clusterRole(options, "sluice-receiver", receiverRules()),
    clusterRole(options, "sluice-source", sourceRules()),
    clusterRole(options, "sluice-sweep", sweepRules()),
    clusterRole(options, "flux-view", [{ apiGroups: GROUPS, resources: ["*"], verbs: READ }], ["view", "edit", "admin"]),
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: MARKER_NAME, namespace, labels: labelsOf(options) } },
    clusterRoleBinding(options, "crd-controller", `crd-controller-${namespace}`, engineSubjects(options)),
    clusterRoleBinding(options, "cluster-reconciler", "cluster-admin", engineSubjects(options)),
    clusterRoleBinding(options, "sluice-notify", `sluice-notify-${namespace}`, [groupSubject(NOTIFY_IDENTITY)]),
    clusterRoleBinding(options, "sluice-receiver", `sluice-receiver-${namespace}`, [groupSubject(RECEIVER_IDENTITY)]),
    clusterRoleBinding(options, "sluice-source", `sluice-source-${namespace}`, [groupSubject(SOURCE_IDENTITY)]),
    clusterRoleBinding(options, "sluice-sweep", `sluice-sweep-${namespace}`, [groupSubject(SWEEP_IDENTITY)]),
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

/**
 * What fetching sources needs, for whoever does nothing else: sources with their status and finalizers (which Flux's CRDs have no subresource for), the
 * Secrets that they name, who applies from them, whether Sluice is installed, and Events.
 */
const sourceRules = (): readonly JsonObject[] => [
  { apiGroups: [SOURCE_GROUP], resources: ["*"], verbs: ["get", "list", "patch"] },
  { apiGroups: [KUSTOMIZE_GROUP, HELM_GROUP], resources: ["*"], verbs: ["get", "list"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "create", "patch"] },
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get"] },
  { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ["get"] },
];

/** What looking for drift needs: to read whatever a Kustomization may have applied, of kinds that nobody knows beforehand. It writes nothing. */
const sweepRules = (): readonly JsonObject[] => [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list"] }];

/**
 * What sending notifications needs: who wants them, where they go and what is secret about that; for their labels and fields the objects that events are about;
 * and Events on Alerts.
 */
const notifyRules = (): readonly JsonObject[] => [
  { apiGroups: [NOTIFICATION_GROUP], resources: [KINDS.Alert.plural, KINDS.Provider.plural], verbs: ["get", "list"] },
  ...objectRules(["get"]),
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
  { apiGroups: [""], resources: ["events"], verbs: ["get", "create", "patch"] },
];

/**
 * What answering webhooks needs: the Receiver whose the path is, its Secret, and the objects that it names, which are annotated. RBAC knows no fields: whoever
 * may patch an object may patch its spec, and only the status is apart.
 */
const receiverRules = (): readonly JsonObject[] => [
  { apiGroups: [NOTIFICATION_GROUP], resources: [KINDS.Receiver.plural], verbs: ["get"] },
  ...objectRules(["get", "list", "patch"]),
  { apiGroups: [""], resources: ["secrets"], verbs: ["get"] },
];

/** Of all that Alerts and Receivers may name, without status: a rule for each group. */
const objectRules = (verbs: readonly string[]): readonly JsonObject[] =>
  GROUPS.filter((group) => group !== NOTIFICATION_GROUP).map((group) => ({
    apiGroups: [group],
    resources: Object.values(KINDS).flatMap((kind) => (kind.group === group ? [kind.plural] : [])),
    verbs: [...verbs],
  }));

const clusterRole = (options: InstallOptions, name: string, rules: readonly JsonObject[], aggregatedTo: readonly string[] = []): Manifest => ({
  apiVersion: RBAC,
  kind: "ClusterRole",
  metadata: {
    name: `${name}-${options.namespace}`,
    labels: { ...labelsOf(options), ...Object.fromEntries(aggregatedTo.map((role) => [`rbac.authorization.k8s.io/aggregate-to-${role}`, "true"])) },
  },
  rules,
});

const clusterRoleBinding = (options: InstallOptions, name: string, role: string, subjects: readonly JsonObject[]): Manifest => ({
  apiVersion: RBAC,
  kind: "ClusterRoleBinding",
  metadata: { name: `${name}-${options.namespace}`, labels: labelsOf(options) },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
  subjects,
});

const engineSubjects = ({ namespace, groups = [] }: InstallOptions): readonly JsonObject[] => [
  { kind: "ServiceAccount", name: MARKER_NAME, namespace },
  ...groups.map(groupSubject),
];

const groupSubject = (name: string): JsonObject => ({ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name });

/** Never runs: 0 replicas are Current at once. Its template keeps to the `restricted` level, so that no warning is printed. */
function marker(options: InstallOptions): Manifest {
  const labels = { ...labelsOf(options), "app.kubernetes.io/component": MARKER_NAME };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: MARKER_NAME, namespace: options.namespace, labels, ...annotationsOf(options) },
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

const annotationsOf = ({ cluster }: InstallOptions): { readonly annotations?: { readonly [key: string]: string } } =>
  cluster === undefined ? {} : { annotations: { [CLUSTER_ANNOTATION]: cluster.name, [REGION_ANNOTATION]: cluster.region } };
