import { groupOf, type Manifest, type ObjectRef, refOf } from "../domain/manifest.ts";

/** Kinds that come before all others, by kind name alone. Source: reference 2.6.2. */
const FIRST: readonly string[] = [
  "CustomResourceDefinition",
  "Namespace",
  "ClusterRole",
  "ClusterClass",
  "RuntimeClass",
  "PriorityClass",
  "StorageClass",
  "VolumeSnapshotClass",
  "IngressClass",
  "GatewayClass",
  "ClusterRoleBinding",
  "ResourceQuota",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ConfigMap",
  "Secret",
  "Service",
  "LimitRange",
  "Deployment",
  "StatefulSet",
  "CronJob",
  "PodDisruptionBudget",
];
const LAST: readonly string[] = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

const RANKS: ReadonlyMap<string, number> = new Map([
  ...FIRST.map((kind, index): [string, number] => [kind, index - FIRST.length]),
  ...LAST.map((kind, index): [string, number] => [kind, index + 1]),
]);

/** Code units would put supplementary characters before some of the BMP, where Go compares bytes; names are ASCII in practice. */
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const rankOf = (kind: string): number => RANKS.get(kind) ?? 0;

/** Rank of the kind, then group, kind, namespace, name: a total order over the objects of one plan. Source: reference 2.6.2. */
export function byApplyOrder(a: ObjectRef, b: ObjectRef): number {
  return (
    rankOf(a.kind) - rankOf(b.kind) ||
    byText(groupOf(a.apiVersion), groupOf(b.apiVersion)) ||
    byText(a.kind, b.kind) ||
    byText(a.namespace ?? "", b.namespace ?? "") ||
    byText(a.name, b.name)
  );
}

/** The order in which objects are deleted: the apply order from its end. */
export const inPruneOrder = <Ref extends ObjectRef>(refs: readonly Ref[]): readonly Ref[] => refs.toSorted((a, b) => byApplyOrder(b, a));

export type StageName = "definitions" | "classes" | "custom" | "rest";

/** Objects that are dry-run together and then applied one after the other. */
export type Stage = {
  readonly name: StageName;
  /** Whether the next stage begins only when all of these are ready. */
  readonly awaited: boolean;
  readonly manifests: readonly Manifest[];
};

const STAGES: readonly { readonly name: StageName; readonly awaited: boolean }[] = [
  { name: "definitions", awaited: true },
  { name: "classes", awaited: true },
  { name: "custom", awaited: false },
  { name: "rest", awaited: false },
];

function isDefinition({ apiVersion, kind }: ObjectRef): boolean {
  const group = groupOf(apiVersion);
  switch (kind.toLowerCase()) {
    case "customresourcedefinition":
      return group === "apiextensions.k8s.io";
    case "namespace":
      return apiVersion === "v1";
    case "clusterrole":
      return group === "rbac.authorization.k8s.io";
    default:
      return false;
  }
}

/** The stage that an object belongs to; `customKinds` holds `group/Kind` (`Kind` alone for the core group). Source: reference 2.6.2. */
export function stageOf(ref: ObjectRef, customKinds: ReadonlySet<string> = new Set()): StageName {
  if (isDefinition(ref)) return "definitions";
  if (ref.kind.endsWith("Class")) return "classes";
  const group = groupOf(ref.apiVersion);
  return customKinds.has(group === "" ? ref.kind : `${group}/${ref.kind}`) ? "custom" : "rest";
}

/** `"cert-manager.io/Issuer, Secret"`, as `--custom-apply-stage-kinds` takes it. */
export const parseStageKinds = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(",")
      .map((item) => item.trim().replace(/^\//, ""))
      .filter((item) => item !== ""),
  );

/** `manifests` sorted into the stages of an apply; stages without objects are left out. */
export function inStages(manifests: readonly Manifest[], customKinds: ReadonlySet<string> = new Set()): readonly Stage[] {
  const sorted = manifests.map((manifest) => ({ manifest, ref: refOf(manifest) })).toSorted((a, b) => byApplyOrder(a.ref, b.ref));
  return STAGES.map(({ name, awaited }) => ({
    name,
    awaited,
    manifests: sorted.filter(({ ref }) => stageOf(ref, customKinds) === name).map(({ manifest }) => manifest),
  })).filter((stage) => stage.manifests.length > 0);
}
