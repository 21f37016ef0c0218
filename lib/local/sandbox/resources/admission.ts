import { randomInt } from "node:crypto";
import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import { forbidden } from "../http/status.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import type { Memory } from "../storage/memory.ts";
import type { Answer } from "./context.ts";
import { fieldOf, listOf, textOf } from "./definitions.ts";

const PODS = { group: "", plural: "pods" } as const;
const ACCOUNTS = { group: "", plural: "serviceaccounts" } as const;
const PRIORITY_CLASSES = { group: "scheduling.k8s.io", plural: "priorityclasses" } as const;

/** Finalizers of new objects, so that storage in use does not go. Source: plugin/pkg/admission/storage/storageobjectinuseprotection. */
const PROTECTION: { readonly [kind: string]: string } = {
  "/PersistentVolume": "kubernetes.io/pv-protection",
  "/PersistentVolumeClaim": "kubernetes.io/pvc-protection",
};

/** What the server's admission plugins make of a new object; nobody owns it. `trusted`: from inside, never refused. */
export function admitNew(memory: Memory, { group, kind, custom }: ResourceKind, object: Manifest, trusted: boolean): Answer<Manifest> {
  if (custom) return ok(object);
  const protection = PROTECTION[`${group}/${kind}`];
  if (protection !== undefined) return ok(withFinalizer(object, protection));
  return group === "" && kind === "Pod" ? admitPod(memory, object, trusted) : ok(object);
}

function withFinalizer(object: Manifest, finalizer: string): Manifest {
  const { finalizers = [] } = object.metadata;
  return finalizers.includes(finalizer) ? object : { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, finalizer] } };
}

function admitPod(memory: Memory, pod: Manifest, trusted: boolean): Answer<Manifest> {
  const spec = fieldOf(pod, "spec");
  const { name = "", namespace = "" } = pod.metadata;
  const refused = (why: string): Answer<never> => problem(forbidden(PODS, name, why));
  const priority = priorityOf(memory, textOf(spec.priorityClassName));
  if (priority === undefined && !trusted) return refused(`no PriorityClass with name ${textOf(spec.priorityClassName)} was found`);
  const accountName = textOf(spec.serviceAccountName) || "default";
  const account = memory.get(ACCOUNTS, namespace, accountName);
  // The account `default` comes with its namespace, a moment later; the real server waits for it.
  if (account === undefined && accountName !== "default" && !trusted)
    return refused(`error looking up service account ${namespace}/${accountName}: serviceaccount ${JSON.stringify(accountName)} not found`);
  const named = { ...spec, serviceAccountName: accountName, serviceAccount: accountName };
  const mounts = (spec.automountServiceAccountToken ?? account?.automountServiceAccountToken) !== false;
  return ok({ ...pod, spec: { ...(mounts ? withToken(named) : named), tolerations: tolerationsOf(spec), ...priority } });
}

/** Source: plugin/pkg/admission/priority. */
function priorityOf(memory: Memory, name: string): JsonObject | undefined {
  const classes = memory.list(PRIORITY_CLASSES);
  const found = classes.find((one) => (name === "" ? one.globalDefault === true : one.metadata.name === name));
  if (found === undefined && name !== "") return undefined;
  const given: { readonly [field: string]: unknown } = found ?? {};
  const { value, preemptionPolicy } = given;
  return {
    ...(found !== undefined && { priorityClassName: found.metadata.name ?? "" }),
    priority: typeof value === "number" ? value : 0,
    preemptionPolicy: typeof preemptionPolicy === "string" ? preemptionPolicy : "PreemptLowerPriority",
  };
}

const TAINTS = ["node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"];

/** A Pod stays five minutes on a node that is lost, unless it says how long itself. Source: plugin/pkg/admission/defaulttolerationseconds. */
function tolerationsOf(spec: JsonObject): readonly Json[] {
  const given = listOf(spec.tolerations);
  const tolerates = (taint: string): boolean =>
    given.some(({ key, effect }) => (textOf(key) === taint || textOf(key) === "") && (textOf(effect) === "NoExecute" || textOf(effect) === ""));
  const added = TAINTS.filter((taint) => !tolerates(taint));
  return [...given, ...added.map((key) => ({ key, operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }))];
}

const TOKEN_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Every container sees the token of the Pod's account, unless something is mounted there already. Source: plugin/pkg/admission/serviceaccount. */
function withToken(spec: JsonObject): JsonObject {
  const suffix = Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)] ?? "").join("");
  const name = `kube-api-access-${suffix}`;
  const isMounted = (container: JsonObject): boolean => listOf(container.volumeMounts).some(({ mountPath }) => mountPath === TOKEN_PATH);
  const lists = ["containers", "initContainers"].filter((list) => isArray(spec[list]));
  if (lists.every((list) => listOf(spec[list]).every(isMounted))) return spec;
  const mounted = (container: Json): Json => {
    if (!isObject(container) || isMounted(container)) return container;
    return { ...container, volumeMounts: [...listOf(container.volumeMounts), { name, readOnly: true, mountPath: TOKEN_PATH }] };
  };
  const containers = lists.map((list) => [list, listOf(spec[list]).map(mounted)]);
  return { ...spec, ...Object.fromEntries(containers), volumes: [...listOf(spec.volumes), { name, projected: { sources: TOKEN_SOURCES, defaultMode: 420 } }] };
}

const TOKEN_SOURCES: readonly Json[] = [
  { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
  { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
  { downwardAPI: { items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }] } },
];
