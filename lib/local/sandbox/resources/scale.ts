import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { type FieldError, invalid } from "../schema/field-error.ts";

export const SCALE_KIND = { group: "autoscaling", kind: "Scale" } as const;

/** The object as autoscaling/v1 Scale. */
export function scaleOf(kind: ResourceKind, object: Manifest): JsonObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, kind.scale?.specReplicasPath);
  const selector = selectorText(kind, object);
  return {
    kind: "Scale",
    apiVersion: "autoscaling/v1",
    metadata: {
      ...(name !== undefined && { name }),
      ...(namespace !== undefined && { namespace }),
      ...(uid !== undefined && { uid }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(creationTimestamp !== undefined && { creationTimestamp }),
    },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: numberAt(object, kind.scale?.statusReplicasPath), ...(selector !== "" && { selector }) },
  };
}

/** `object` with the number of replicas that a Scale asks for, and the resourceVersion and uid that it insists on. */
export function withScale(kind: ResourceKind, object: Manifest, scale: JsonObject): Manifest {
  const metadata = isObject(scale.metadata) ? scale.metadata : {};
  const { resourceVersion: _, ...rest } = object.metadata;
  const given = typeof metadata.resourceVersion === "string" ? { resourceVersion: metadata.resourceVersion } : {};
  const steps = stepsOf(kind.scale?.specReplicasPath);
  return { ...(setAt(jsonOf(object), steps, replicasOf(scale)) as unknown as Manifest), metadata: { ...rest, ...given } };
}

export function scaleErrors(scale: JsonObject): readonly FieldError[] {
  const replicas = replicasOf(scale);
  return replicas < 0 ? [invalid("spec.replicas", replicas, "must be greater than or equal to 0")] : [];
}

function replicasOf(scale: JsonObject): number {
  const spec = isObject(scale.spec) ? scale.spec : {};
  return typeof spec.replicas === "number" ? spec.replicas : 0;
}

/** `.spec.replicas` → spec, replicas. */
const stepsOf = (path: string | undefined): readonly string[] => (path ?? "").split(".").filter((step) => step !== "");

function valueAt(object: Manifest, path: string | undefined): Json | undefined {
  let value: Json | undefined = jsonOf(object);
  for (const step of stepsOf(path)) value = isObject(value) ? value[step] : undefined;
  return value;
}

function numberAt(object: Manifest, path: string | undefined): number {
  const value = valueAt(object, path);
  return typeof value === "number" ? value : 0;
}

function setAt(object: JsonObject, steps: readonly string[], value: Json): JsonObject {
  const [step, ...rest] = steps;
  if (step === undefined) return object;
  const inner = object[step];
  return { ...object, [step]: rest.length === 0 ? value : setAt(isObject(inner) ? inner : {}, rest, value) };
}

function selectorText(kind: ResourceKind, object: Manifest): string {
  if (kind.custom) {
    const value = valueAt(object, kind.scale?.labelSelectorPath);
    return typeof value === "string" ? value : "";
  }
  const selector = valueAt(object, ".spec.selector");
  if (!isObject(selector)) return "";
  const plain = kind.kind === "ReplicationController";
  const labels = plain ? selector : isObject(selector.matchLabels) ? selector.matchLabels : {};
  const expressions = plain || !isArray(selector.matchExpressions) ? [] : selector.matchExpressions.filter(isObject);
  return [...Object.entries(labels).map(([key, value]) => `${key}=${value}`), ...expressions.map(expressionText)]
    .toSorted((a, b) => (a < b ? -1 : 1))
    .join(",");
}

function expressionText({ key, operator, values }: JsonObject): string {
  const list = isArray(values) ? `(${values.map(String).toSorted().join(",")})` : "";
  switch (operator) {
    case "In":
      return `${key} in ${list}`;
    case "NotIn":
      return `${key} notin ${list}`;
    case "DoesNotExist":
      return `!${key}`;
    default:
      return String(key);
  }
}
