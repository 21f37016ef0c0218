import { KINDS } from "./kinds.ts";

export type UninstallStep =
  /** Every object of the kind with the labels of `INSTALL_SELECTOR`; in the namespace, where one is given. */
  | { readonly kind: "delete-labelled"; readonly apiVersion: string; readonly objectKind: string; readonly namespace?: string }
  /** `finalizers: []` on every object of the kind, in all namespaces, so that nobody handles its deletion and every workload stays. */
  | { readonly kind: "clear-finalizers"; readonly apiVersion: string; readonly objectKind: string }
  | { readonly kind: "delete-namespace"; readonly name: string };

/**
 * What uninstalling does, in its order: first whatever could still act, then the finalizers, then the CRDs with all their objects.
 * Source: reference 6.14.
 */
export function uninstallSteps({ namespace, keepNamespace }: { readonly namespace: string; readonly keepNamespace: boolean }): readonly UninstallStep[] {
  const labelled = (apiVersion: string, objectKind: string, inNamespace: boolean): UninstallStep => ({
    kind: "delete-labelled",
    apiVersion,
    objectKind,
    ...(inNamespace && { namespace }),
  });
  return [
    labelled("apps/v1", "Deployment", true),
    labelled("v1", "Service", true),
    labelled("networking.k8s.io/v1", "NetworkPolicy", true),
    labelled("v1", "ServiceAccount", true),
    labelled("rbac.authorization.k8s.io/v1", "ClusterRole", false),
    labelled("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", false),
    ...Object.values(KINDS).map(
      ({ group, version, kind }): UninstallStep => ({ kind: "clear-finalizers", apiVersion: `${group}/${version}`, objectKind: kind }),
    ),
    labelled("apiextensions.k8s.io/v1", "CustomResourceDefinition", false),
    ...(keepNamespace ? [] : [{ kind: "delete-namespace" as const, name: namespace }]),
  ];
}
