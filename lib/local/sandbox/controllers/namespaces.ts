import type { Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime } from "@sluice/engine/domain/time.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { jsonOf, listAt, objectAt } from "../validation/fields.ts";
import { type ConditionNow, conditionsOf, setCondition } from "./conditions.ts";
import { type Context, isDeleting, MANAGER, type Reconciler, STATUS } from "./reconciler.ts";
import { CONFIG_MAPS, NAMESPACES, SERVICE_ACCOUNTS } from "./resources.ts";

const ROOT = "kube-root-ca.crt";
const DESCRIPTION =
  "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.";

/** What every namespace has, and how it is emptied. Source: kube-controller-manager, controller/namespace, serviceaccount, certificates/rootcacertpublisher. */
export function createNamespaces(context: Context, certificate: string): Reconciler {
  const furnish = (namespace: string): void => {
    const { store } = context;
    if (store.get(SERVICE_ACCOUNTS, namespace, "default") === undefined)
      store.create(SERVICE_ACCOUNTS, { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace } }, MANAGER);
    if (store.get(CONFIG_MAPS, namespace, ROOT) !== undefined) return;
    const metadata = { name: ROOT, namespace, annotations: { "kubernetes.io/description": DESCRIPTION } };
    store.create(CONFIG_MAPS, { apiVersion: "v1", kind: "ConfigMap", metadata, data: { "ca.crt": certificate } }, MANAGER);
  };
  return {
    resource: NAMESPACES,
    reconcile: (object) => (isDeleting(object) ? empty(context, object) : furnish(object.metadata.name ?? "")),
    related: ({ type, resource, object, before }) => {
      const { namespace = "" } = object.metadata;
      if (namespace === "") return [];
      const furniture = [SERVICE_ACCOUNTS.plural, CONFIG_MAPS.plural].includes(resource.plural) && type === "deleted";
      const left = type === "deleted" || (before?.metadata.finalizers ?? []).length !== (object.metadata.finalizers ?? []).length;
      const inDeleted = left && isTerminating(context, namespace);
      return furniture || inDeleted ? [{ namespace: "", name: namespace }] : [];
    },
  };
}

const isTerminating = ({ store }: Context, name: string): boolean => {
  const found = store.get(NAMESPACES, "", name);
  return found !== undefined && isDeleting(found);
};

type Rest = { readonly kind: ResourceKind; readonly objects: readonly Manifest[] };

/** Deletes all that is in it; when nothing is left, the namespace may go. */
function empty(context: Context, object: Manifest): void {
  const { store } = context;
  const namespace = object.metadata.name ?? "";
  for (const { kind, objects } of contentOf(context, namespace))
    for (const { metadata } of objects)
      store.delete({ group: kind.group, plural: kind.plural }, namespace, metadata.name ?? "", { propagationPolicy: "Background", gracePeriodSeconds: 0 });
  const rest = contentOf(context, namespace);
  // While only Pods that are just being stopped are left, the next change of them looks again.
  if (rest.length > 0) {
    writeConditions(context, object, rest);
    return;
  }
  const spec = objectAt(jsonOf(object), "spec");
  const finalizers = listAt(spec, "finalizers").filter((finalizer) => finalizer !== "kubernetes");
  const now = store.get(NAMESPACES, "", namespace);
  if (now !== undefined && now.metadata.uid === object.metadata.uid)
    store.update(NAMESPACES, { ...now, spec: { ...spec, finalizers } }, { manager: "kube-controller-manager", subresource: "finalize" });
}

function contentOf({ store }: Context, namespace: string): readonly Rest[] {
  const seen = new Set<string>();
  return store.kinds().flatMap((kind) => {
    const key = `${kind.plural}.${kind.group}`;
    if (!kind.namespaced || seen.has(key) || !kind.verbs.includes("delete")) return [];
    seen.add(key);
    const objects = store.list({ group: kind.group, plural: kind.plural }, namespace);
    return objects.length === 0 ? [] : [{ kind, objects }];
  });
}

function writeConditions(context: Context, object: Manifest, rest: readonly Rest[]): void {
  const now = formatTime(context.now());
  const status = objectAt(jsonOf(object), "status");
  const conditions = conditionsFor(rest).reduce<readonly Json[]>((made, condition) => setCondition(made, condition, now, []), conditionsOf(status));
  const current = context.store.get(NAMESPACES, "", object.metadata.name ?? "");
  if (current !== undefined) context.store.update(NAMESPACES, { ...current, status: { ...status, phase: "Terminating", conditions } }, STATUS);
}

function conditionsFor(rest: readonly Rest[]): readonly ConditionNow[] {
  const kinds = rest.map(({ kind, objects }) => `${kind.plural}.${kind.group} has ${objects.length} resource instances`).toSorted();
  const held = new Map<string, number>();
  for (const { objects } of rest)
    for (const { metadata } of objects) for (const finalizer of metadata.finalizers ?? []) held.set(finalizer, (held.get(finalizer) ?? 0) + 1);
  const finalizers = [...held].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).toSorted();
  return [
    { type: "NamespaceDeletionDiscoveryFailure", status: "False", reason: "ResourcesDiscovered", message: "All resources successfully discovered" },
    {
      type: "NamespaceDeletionGroupVersionParsingFailure",
      status: "False",
      reason: "ParsedGroupVersions",
      message: "All legacy kube types successfully parsed",
    },
    {
      type: "NamespaceDeletionContentFailure",
      status: "False",
      reason: "ContentDeleted",
      message: "All content successfully deleted, may be waiting on finalization",
    },
    { type: "NamespaceContentRemaining", status: "True", reason: "SomeResourcesRemain", message: `Some resources are remaining: ${kinds.join(", ")}` },
    finalizers.length > 0
      ? {
          type: "NamespaceFinalizersRemaining",
          status: "True",
          reason: "SomeFinalizersRemain",
          message: `Some content in the namespace has finalizers remaining: ${finalizers.join(", ")}`,
        }
      : { type: "NamespaceFinalizersRemaining", status: "False", reason: "ContentHasNoFinalizers", message: "All content-preserving finalizers finished" },
  ];
}
