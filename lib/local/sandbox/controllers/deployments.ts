import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime, seconds } from "@sluice/engine/domain/time.ts";
import { jsonOf, numberAt, objectAt, textAt, valueAt } from "../validation/fields.ts";
import { findCondition } from "./conditions.ts";
import { deploymentStatus, hasProgressed } from "./deployment-status.ts";
import { controlledBy } from "./owners.ts";
import { type Context, isDeleting, MANAGER, type Reconciler, STATUS } from "./reconciler.ts";
import { ownerKeys } from "./replica-sets.ts";
import { DEPLOYMENTS, isSame, REPLICA_SETS } from "./resources.ts";
import { planRollout } from "./rollout.ts";
import { templateHash } from "./template-hash.ts";

const HASH = "pod-template-hash";
const REVISION = "deployment.kubernetes.io/revision";
const DESIRED = "deployment.kubernetes.io/desired-replicas";
const MAX = "deployment.kubernetes.io/max-replicas";
const NOT_COPIED = ["kubectl.kubernetes.io/last-applied-configuration", REVISION, DESIRED, MAX, "deprecated.deployment.rollback.to"];

/** ReplicaSets by template, scaled step by step, and the status of the whole. Source: kube-controller-manager, controller/deployment. */
export function createDeployments(context: Context): Reconciler {
  return {
    resource: DEPLOYMENTS,
    reconcile: (object) => {
      if (isDeleting(object)) return;
      const spec = objectAt(jsonOf(object), "spec");
      const sets = context.owners.controlled(object, REPLICA_SETS);
      const current = sets.find((set) => isEqual(plainTemplate(set), valueAt(spec, "template")));
      if (current === undefined && spec.paused !== true) return start(context, object, spec, sets);
      if (current !== undefined && spec.paused !== true) scaleSets(context, object, spec, current, sets);
      // The ReplicaSet tells in a moment what there is; until then there is nothing new to say.
      if (current !== undefined && !isObserved(current)) return;
      writeStatus(context, object, spec, current);
    },
    related: ({ resource, object }) => (isSame(resource, REPLICA_SETS) ? ownerKeys(object, "Deployment") : []),
  };
}

/** The template of a ReplicaSet without the label that tells it apart. */
function plainTemplate(set: Manifest): Json {
  const template = objectAt(objectAt(jsonOf(set), "spec"), "template");
  const metadata = objectAt(template, "metadata");
  const labels = Object.fromEntries(Object.entries(objectAt(metadata, "labels")).filter(([key]) => key !== HASH));
  return { ...template, metadata: { ...metadata, labels } };
}

const isObserved = (set: Manifest): boolean => numberAt(objectAt(jsonOf(set), "status"), "observedGeneration") === set.metadata.generation;

const revisionOf = (object: Manifest): number => Number(object.metadata.annotations?.[REVISION] ?? 0);

/** The first look at a template: its ReplicaSet is made; the change of that calls for the next look. */
function start(context: Context, object: Manifest, spec: JsonObject, sets: readonly Manifest[]): void {
  const template = objectAt(spec, "template");
  const metadata = objectAt(template, "metadata");
  const hash = templateHash(template, numberAt(objectAt(jsonOf(object), "status"), "collisionCount") ?? 0);
  const labels = { ...objectAt(metadata, "labels"), [HASH]: hash };
  const selector = objectAt(spec, "selector");
  const revision = Math.max(0, ...sets.map(revisionOf)) + 1;
  const set: Manifest = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${object.metadata.name}-${hash}`,
      namespace: object.metadata.namespace ?? "",
      labels: stringMap(labels),
      annotations: setAnnotations(object, spec, revision),
      ownerReferences: [controlledBy(object)],
    },
    spec: {
      replicas: planRollout(spec, undefined, sets).current,
      selector: { ...selector, matchLabels: { ...objectAt(selector, "matchLabels"), [HASH]: hash } },
      template: { ...template, metadata: { ...metadata, labels } },
    },
  };
  context.store.create(REPLICA_SETS, set, MANAGER);
}

const stringMap = (map: JsonObject): { readonly [key: string]: string } => Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)]));

function setAnnotations(object: Manifest, spec: JsonObject, revision: number): { readonly [key: string]: string } {
  const copied = Object.entries(object.metadata.annotations ?? {}).filter(([key]) => !NOT_COPIED.includes(key));
  const { desired, most } = planRollout(spec, undefined, []);
  return { ...Object.fromEntries(copied), [DESIRED]: String(desired), [MAX]: String(most), [REVISION]: String(revision) };
}

function scaleSets(context: Context, object: Manifest, spec: JsonObject, current: Manifest, sets: readonly Manifest[]): void {
  const others = sets.filter((set) => set.metadata.uid !== current.metadata.uid);
  const plan = planRollout(spec, current, others);
  const revision = Math.max(revisionOf(current), ...others.map((set) => revisionOf(set) + 1));
  scaleTo(context, current, plan.current, setAnnotations(object, spec, revision));
  for (const [index, set] of plan.others.entries()) scaleTo(context, set.set, plan.others[index]?.replicas ?? 0, set.set.metadata.annotations ?? {});
  if (object.metadata.annotations?.[REVISION] === String(revision)) return;
  const metadata = { ...object.metadata, annotations: { ...object.metadata.annotations, [REVISION]: String(revision) } };
  context.store.update(DEPLOYMENTS, { ...object, metadata }, MANAGER);
}

function scaleTo(context: Context, set: Manifest, replicas: number, annotations: { readonly [key: string]: string }): void {
  const spec = objectAt(jsonOf(set), "spec");
  if (spec.replicas === replicas && isEqual(annotations, set.metadata.annotations ?? {})) return;
  context.store.update(REPLICA_SETS, { ...set, metadata: { ...set.metadata, annotations }, spec: { ...spec, replicas } }, MANAGER);
}

function writeStatus(context: Context, seen: Manifest, spec: JsonObject, current: Manifest | undefined): void {
  const { namespace = "", name = "", uid } = seen.metadata;
  const object = context.store.get(DEPLOYMENTS, namespace, name);
  if (object === undefined || object.metadata.uid !== uid) return;
  const sets = context.owners.controlled(object, REPLICA_SETS);
  const newest = sets.find((set) => set.metadata.uid === current?.metadata.uid);
  const status = deploymentStatus(object, sets, newest, formatTime(context.now()));
  context.store.update(DEPLOYMENTS, { ...object, status }, STATUS);
  watchDeadline(context, object, status, numberAt(spec, "progressDeadlineSeconds"));
}

/** Looks again when the deadline has passed without progress. */
function watchDeadline(context: Context, object: Manifest, status: JsonObject, deadline: number | undefined): void {
  const before = objectAt(jsonOf(object), "status");
  const moved = hasProgressed(before, status);
  if (!moved || deadline === undefined || deadline >= 2_147_483_647) return;
  const { namespace = "", name = "", uid } = object.metadata;
  context.after(seconds(deadline), () => {
    const now = context.store.get(DEPLOYMENTS, namespace, name);
    if (now === undefined || now.metadata.uid !== uid) return;
    const current = objectAt(jsonOf(now), "status");
    const progressing = findCondition(valueAt(current, "conditions") as readonly Json[], "Progressing");
    if (textAt(progressing, "reason") !== "ReplicaSetUpdated" || hasProgressed(status, current)) return;
    const message = textAt(progressing, "message").replace("is progressing.", "has timed out progressing.");
    const time = formatTime(context.now());
    const failed = { type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded", message, lastUpdateTime: time, lastTransitionTime: time };
    const conditions = [...(valueAt(current, "conditions") as readonly Json[]).filter((one) => textAt(one, "type") !== "Progressing"), failed];
    context.store.update(DEPLOYMENTS, { ...now, status: { ...current, conditions } }, STATUS);
  });
}
