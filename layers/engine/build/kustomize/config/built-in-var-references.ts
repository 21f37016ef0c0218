import type { FieldSpec } from "./config.ts";
import { fields } from "./field-spec-list.ts";
import { inPods } from "./pod-fields.ts";

/** Where `$(NAME)` is replaced by the value of a var. Source: kustomize api/internal/konfig/builtinpluginconsts/varreference.go, in its order. */
export const varReferences = (): readonly FieldSpec[] => [
  ...inPods(["CronJob"], IN_CONTAINERS),
  // Not below the Pod's `spec`, and so nowhere.
  ...fields({ kind: "CronJob" }, ["spec/jobTemplate/spec/template/volumes/nfs/server"]),
  ...inPods(["DaemonSet", "Deployment"], [...IN_CONTAINERS, "volumes/nfs/server"]),
  ...fields({ kind: "Deployment" }, ["spec/template/metadata/annotations"]),
  ...fields({ kind: "Ingress" }, ["spec/rules/host", "spec/tls/hosts", "spec/tls/secretName"]),
  ...inPods(["Job", "Pod", "ReplicaSet"], [...IN_CONTAINERS, "volumes/nfs/server"]),
  ...fields({ kind: "Service" }, ["spec/ports/port", "spec/ports/targetPort"]),
  ...inPods(["StatefulSet"], IN_CONTAINERS),
  ...fields({ kind: "StatefulSet" }, ["spec/volumeClaimTemplates/spec/nfs/server"]),
  ...fields({ kind: "PersistentVolume" }, ["spec/nfs/server"]),
  ...fields({}, ["metadata/labels", "metadata/annotations"]),
];

const IN_CONTAINERS = ["containers", "initContainers"].flatMap((list) =>
  ["args", "command", "env/value", "volumeMounts/mountPath"].map((field) => `${list}/${field}`),
);
