import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf, type WriteOptions } from "./connect.ts";

type Path = readonly (string | number)[];

/** A manifest as somebody might commit it next. */
export type DesiredMutation = { readonly name: string; readonly manifest: Manifest };

/** What somebody else, or we with another manifest, did to the object in the cluster. */
export type LiveMutation = { readonly name: string; readonly body: Json } & (
  | ({ readonly how: "patch" } & WriteOptions)
  | { readonly how: "put"; readonly manager: string }
);

/** Another value that the field's validation accepts; elsewhere the text gets an `x`. */
const OTHER: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["TCP", "UDP"],
  ["UDP", "TCP"],
  ["Always", "IfNotPresent"],
  ["IfNotPresent", "Always"],
  ["Never", "OnFailure"],
  ["OnFailure", "Never"],
  ["ClusterIP", "NodePort"],
  ["ClientIP", "None"],
  ["RollingUpdate", "Recreate"],
  ["Fail", "Ignore"],
  ["Ignore", "Fail"],
  ["Retain", "Delete"],
  ["Prefix", "Exact"],
  ["Parallel", "OrderedReady"],
  ["Forbid", "Replace"],
  ["Exists", "Equal"],
  ["NoSchedule", "NoExecute"],
  ["File", "None"],
  ["Audit", "Warn"],
  ["AlwaysAllow", "IfHealthyBudget"],
  ["1Gi", "2Gi"],
  ["64Mi", "65Mi"],
  ["100m", "200m"],
  ["1000", "1001"],
  ["50%", "60%"],
  ["25%", "30%"],
]);

function otherValues(value: Json): readonly Json[] {
  if (typeof value === "string") return [OTHER.get(value) ?? `${value}x`, "", ...(/^\d+$/.test(value) ? [Number(value)] : [])];
  if (typeof value === "number") return [value + 1, 0, 2 ** 53, String(value), value + 0.5];
  return typeof value === "boolean" ? [!value, String(value)] : [];
}

function otherLists(value: readonly Json[]): readonly Json[] {
  const last = value.at(-1);
  if (last === undefined) return [["x"], [{}]];
  const [other] = isObject(last) ? [withOtherScalar(last)] : otherValues(last);
  return [
    value.toReversed(),
    value.slice(0, -1),
    [...value, last],
    [],
    ...(other === undefined
      ? []
      : [
          [...value, other],
          [other, ...value],
        ]),
  ];
}

/** An item with another value in its first scalar, so that its key differs. */
function withOtherScalar(item: JsonObject): JsonObject {
  const key = Object.keys(item).find((field) => typeof item[field] === "string" || typeof item[field] === "number");
  return key === undefined ? { ...item, name: "added" } : { ...item, [key]: otherValues(item[key] ?? null)[0] ?? null };
}

/** What quantities, ports and the like may also be written as. */
const SAME: ReadonlyMap<string, Json> = new Map<string, Json>([
  ["1Gi", "1024Mi"],
  ["64Mi", "65536Ki"],
  ["100m", "0.1"],
  ["1000", "1k"],
  ["250m", 0.25],
]);

/** Every field changed, removed, emptied, nulled; every list reordered, cut and lengthened; every map with a key more. */
export function desiredMutations(desired: Manifest): readonly DesiredMutation[] {
  const root = jsonOf(desired);
  return placesIn(root, []).flatMap(({ path, value }) => {
    const at = path.join("/");
    const put = (what: string, next: Json): DesiredMutation => ({ name: `${at} ${what}`, manifest: putIn(root, path, next) as Manifest });
    const changes = isArray(value) ? otherLists(value) : otherValues(value);
    const same = typeof value === "string" ? SAME.get(value) : undefined;
    return [
      { name: `${at} removed`, manifest: removeIn(root, path) as Manifest },
      put("null", null),
      ...changes.map((next) => put(`= ${JSON.stringify(next).slice(0, 60)}`, next)),
      ...(same === undefined ? [] : [put(`written as ${same}`, same)]),
      ...(isObject(value) ? [put("emptied", {}), put("with a key more", { ...value, added: "x" }), put("with a null more", { ...value, added: null })] : []),
      ...(isObject(value) ? defaulted(value).map((next) => put(`with ${JSON.stringify(next).slice(0, 40)}`, { ...value, ...next })) : []),
    ];
  });
}

/** Fields that the server fills in, given by the manifest. */
function defaulted(value: JsonObject): readonly JsonObject[] {
  if (Object.hasOwn(value, "containerPort") || Object.hasOwn(value, "port")) return [{ protocol: "TCP" }, { protocol: "UDP" }];
  if (Object.hasOwn(value, "image")) return [{ imagePullPolicy: "IfNotPresent" }, { env: [] }, { resources: {} }];
  if (Object.hasOwn(value, "selector")) return [{ replicas: 1 }, { strategy: {} }];
  return Object.hasOwn(value, "labels") ? [{ creationTimestamp: null }, { annotations: {} }, { finalizers: [] }] : [];
}

/** Everything that another manager can do to `live`, and everything that we could have applied before. */
export function liveMutations(live: Manifest, desired: Manifest, hasScale: boolean): readonly LiveMutation[] {
  const root = jsonOf(live);
  const byOthers = placesIn(root, []).flatMap(({ path, value }) => placeMutations(root, path, value));
  const byUs = desiredMutations(desired).map(
    ({ name, manifest }): LiveMutation => ({ name: `we had ${name}`, how: "patch", type: "apply", manager: "kustomize-controller", body: jsonOf(manifest) }),
  );
  return [...byOthers, ...byUs, ...wholeMutations(root), ...(hasScale ? scaleMutations() : [])];
}

function placeMutations(root: JsonObject, path: Path, value: Json): readonly LiveMutation[] {
  const at = path.join("/");
  const pointer = path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
  const json = (what: string, op: JsonObject): LiveMutation => ({ name: `mallory: ${at} ${what}`, how: "patch", type: "json", manager: "mallory", body: [op] });
  const apply = (what: string, next: Json): LiveMutation => ({
    name: `mallory applies ${at} ${what}`,
    how: "patch",
    type: "apply",
    manager: "mallory",
    body: { apiVersion: root.apiVersion ?? "", kind: root.kind ?? "", ...minimal(root, path, next) },
  });
  const [other] = isArray(value) ? otherLists(value) : otherValues(value);
  const changed = other === undefined ? [] : [json("changed", { op: "replace", path: pointer, value: other }), apply("changed", other)];
  const lists = isArray(value)
    ? otherLists(value)
        .slice(1)
        .map((next) => json(`= ${JSON.stringify(next).slice(0, 50)}`, { op: "replace", path: pointer, value: next }))
    : [];
  const maps = isObject(value)
    ? [
        json("+ added", { op: "add", path: `${pointer}/added`, value: "x" }),
        apply("+ added", { added: "x" }),
        json("emptied", { op: "replace", path: pointer, value: {} }),
      ]
    : [];
  return [json("removed", { op: "remove", path: pointer }), apply("same", value), ...changed, ...lists, ...maps];
}

const wholeMutations = (root: JsonObject): readonly LiveMutation[] => [
  { name: "edited without a change", how: "put", manager: "kubectl-edit", body: root },
  { name: "labelled by kubectl", how: "patch", type: "merge", manager: "kubectl-label", body: { metadata: { labels: { by: "hand" } } } },
  { name: "annotated by a webhook", how: "patch", type: "merge", manager: "mallory", body: { metadata: { annotations: { by: "hand" } } } },
  { name: "updated by our own name", how: "patch", type: "merge", manager: "kustomize-controller", body: { metadata: { annotations: { by: "us" } } } },
  {
    name: "last-applied",
    how: "patch",
    type: "merge",
    manager: "mallory",
    body: { metadata: { annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" } } },
  },
  { name: "finalizer added", how: "patch", type: "merge", manager: "mallory", body: { metadata: { finalizers: ["example.com/mutation"] } } },
  { name: "our labels gone", how: "patch", type: "merge", manager: "mallory", body: { metadata: { labels: null } } },
  {
    name: "we applied nothing",
    how: "patch",
    type: "apply",
    manager: "kustomize-controller",
    body: { apiVersion: root.apiVersion ?? "", kind: root.kind ?? "" },
  },
];

const scaleMutations = (): readonly LiveMutation[] =>
  [1, 3].map((replicas) => ({
    name: `scaled to ${replicas}`,
    how: "patch",
    type: "merge",
    manager: "kubectl",
    subresource: "scale",
    body: { spec: { replicas } },
  }));

/** Every value of `value` and below, but for what names the object and what the server itself writes. */
function placesIn(value: Json, path: Path): readonly { readonly path: Path; readonly value: Json }[] {
  // Without metadata nothing is named any more.
  const own = path.length === 0 || (path.length === 1 && path[0] === "metadata") ? [] : [{ path, value }];
  if (isArray(value)) return [...own, ...value.flatMap((item, index) => placesIn(item, [...path, index]))];
  if (!isObject(value)) return own;
  return [
    ...own,
    ...Object.entries(value)
      .filter(([key]) => counts(path, key))
      .flatMap(([key, child]) => placesIn(child, [...path, key])),
  ];
}

function counts(path: Path, key: string): boolean {
  if (path.length === 0) return key !== "apiVersion" && key !== "kind" && key !== "status";
  return path.length > 1 || path[0] !== "metadata" || key === "labels" || key === "annotations" || key === "finalizers";
}

function putIn(value: Json, [step, ...rest]: Path, next: Json): Json {
  if (step === undefined) return next;
  if (isArray(value)) return value.map((item, index) => (index === step ? putIn(item, rest, next) : item));
  return isObject(value) ? { ...value, [step]: putIn(value[step] ?? null, rest, next) } : value;
}

function removeIn(value: Json, [step, ...rest]: Path): Json {
  if (isArray(value))
    return rest.length === 0 ? value.filter((_, index) => index !== step) : value.map((item, index) => (index === step ? removeIn(item, rest) : item));
  if (!isObject(value) || step === undefined) return value;
  if (rest.length > 0) return { ...value, [step]: removeIn(value[step] ?? null, rest) };
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== step));
}

/** Only what leads to the field; a list on the way is given whole, since its items need their keys. */
function minimal(value: Json, [step, ...rest]: Path, next: Json): JsonObject {
  if (step === undefined || !isObject(value)) return {};
  const child = value[step] ?? null;
  if (rest.length === 0) return { [step]: next };
  return { [step]: isArray(child) ? putIn(child, rest, next) : minimal(child, rest, next) };
}
