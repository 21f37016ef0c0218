import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime, ms } from "@sluice/engine/domain/time.ts";
import { jsonOf, listAt, objectAt, textAt } from "../validation/fields.ts";
import { controllerOf } from "./owners.ts";
import { phaseOf } from "./pods.ts";
import { type Context, isDeleting, KUBELET, MANAGER, type Reconciler } from "./reconciler.ts";
import { NODES, PODS } from "./resources.ts";

export const NODE = "sandbox";
const START_AFTER = ms(150);
const FINISH_AFTER = ms(150);
const STOP_AFTER = ms(50);

/** The one node there is. */
export function createNode(context: Context, version: string): void {
  if (context.store.get(NODES, "", NODE) !== undefined) return;
  const now = formatTime(context.now());
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  };
  const capacity = { cpu: "8", memory: "32Gi", pods: "110" };
  const node: Manifest = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: NODE, labels: { "kubernetes.io/hostname": NODE, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" } },
    spec: {},
    status: {
      allocatable: capacity,
      capacity,
      conditions: [ready],
      addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
      nodeInfo: { kubeletVersion: version },
    },
  };
  const made = context.store.create(NODES, node, { manager: "kubelet" });
  if (made !== undefined) context.store.update(NODES, { ...made, status: jsonOf(node).status ?? null }, KUBELET);
}

/**
 * What a scheduler and a kubelet do to a Pod: place it, start it, end it when it is not to run for ever, take it away. An image `*:broken` cannot be pulled; a
 * container ends well unless its command says otherwise (see `exitCodeOf`).
 */
export function createKubelet(context: Context): Reconciler {
  let addresses = 0;
  const later = (pod: Manifest, delay: typeof START_AFTER, run: (now: Manifest) => void): void => {
    const { namespace = "", name = "", uid } = pod.metadata;
    context.after(delay, () => {
      const now = context.store.get(PODS, namespace, name);
      if (now !== undefined && now.metadata.uid === uid) run(now);
    });
  };
  const start = (pod: Manifest): void => {
    if (isDeleting(pod) || phaseOf(pod) !== "Pending") return;
    addresses += 1;
    const address = `10.244.${(addresses >> 8) & 255}.${addresses & 255}`;
    context.store.update(PODS, { ...pod, status: startedStatus(pod, address, formatTime(context.now())) }, KUBELET);
  };
  const finish = (pod: Manifest): void => {
    if (!isDeleting(pod) && phaseOf(pod) === "Running") context.store.update(PODS, { ...pod, status: finishedStatus(pod, formatTime(context.now())) }, KUBELET);
  };
  return {
    resource: PODS,
    reconcile: (pod) => {
      const { namespace = "", name = "" } = pod.metadata;
      if (isDeleting(pod)) return later(pod, STOP_AFTER, () => void context.store.delete(PODS, namespace, name, { gracePeriodSeconds: 0 }));
      const spec = objectAt(jsonOf(pod), "spec");
      if (textAt(spec, "nodeName") === "") {
        const placed = context.store.update(PODS, { ...pod, spec: { ...spec, nodeName: NODE } }, MANAGER);
        if (placed !== undefined) later(placed, START_AFTER, start);
      } else if (phaseOf(pod) === "Pending" && !isBroken(pod)) later(pod, START_AFTER, start);
      else if (phaseOf(pod) === "Running" && hasEnd(pod)) later(pod, FINISH_AFTER, finish);
    },
  };
}

const hasEnd = (pod: Manifest): boolean =>
  controllerOf(pod)?.kind === "Job" || ["Never", "OnFailure"].includes(textAt(objectAt(jsonOf(pod), "spec"), "restartPolicy"));

/** Nothing is run, but a command that is there to fail does: `false`, and a script that ends in `exit 3`. */
function exitCodeOf(container: Json): number {
  const words = [...listAt(container, "command"), ...listAt(container, "args")].map(String);
  if (/(?:^|\/)false$/.test(words[0] ?? "")) return 1;
  return Number(/(?:^|[\s;&])exit\s+(\d{1,3})[\s;]*$/.exec(words.at(-1) ?? "")?.[1] ?? 0);
}

const containersOf = (pod: Manifest): readonly Json[] => listAt(objectAt(jsonOf(pod), "spec"), "containers");
const isBroken = (pod: Manifest): boolean => listAt(objectAt(jsonOf(pod), "status"), "containerStatuses").length > 0;
const cannotPull = (container: Json): boolean => textAt(container, "image").endsWith(":broken");

function startedStatus(pod: Manifest, address: string, now: string): JsonObject {
  const containers = containersOf(pod);
  const running = !containers.some(cannotPull);
  const condition = (type: string, on: boolean): Json => ({
    type,
    status: on ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: now,
    ...(!on && {
      reason: "ContainersNotReady",
      message: `containers with unready status: [${containers
        .filter(cannotPull)
        .map((one) => textAt(one, "name"))
        .join(" ")}]`,
    }),
  });
  return {
    ...objectAt(jsonOf(pod), "status"),
    phase: running ? "Running" : "Pending",
    conditions: [
      condition("PodReadyToStartContainers", true),
      condition("Initialized", true),
      condition("Ready", running),
      condition("ContainersReady", running),
      condition("PodScheduled", true),
    ],
    containerStatuses: containers.map((container) => containerStatus(container, now)),
    hostIP: "127.0.0.1",
    podIP: address,
    podIPs: [{ ip: address }],
    startTime: now,
  };
}

function containerStatus(container: Json, now: string): Json {
  const image = textAt(container, "image");
  const pulled = !cannotPull(container);
  const waiting = { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } };
  return {
    name: textAt(container, "name"),
    image,
    imageID: "",
    lastState: {},
    ready: pulled,
    restartCount: 0,
    started: pulled,
    state: pulled ? { running: { startedAt: now } } : waiting,
  };
}

function finishedStatus(pod: Manifest, now: string): JsonObject {
  const status = objectAt(jsonOf(pod), "status");
  const codes = new Map(containersOf(pod).map((container) => [textAt(container, "name"), exitCodeOf(container)]));
  const failed = [...codes.values()].some((code) => code !== 0);
  const ended = (one: Json): JsonObject => {
    const exitCode = codes.get(textAt(one, "name")) ?? 0;
    return { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error", startedAt: textAt(status, "startTime"), finishedAt: now } };
  };
  const off = (condition: Json): Json => {
    const type = textAt(condition, "type");
    return type === "Ready" || type === "ContainersReady"
      ? { ...objectAt({ condition }, "condition"), status: "False", reason: failed ? "PodFailed" : "PodCompleted", lastTransitionTime: now }
      : condition;
  };
  return {
    ...status,
    phase: failed ? "Failed" : "Succeeded",
    conditions: listAt(status, "conditions").map(off),
    containerStatuses: listAt(status, "containerStatuses").map((one) => ({ ...objectAt({ one }, "one"), ready: false, started: false, state: ended(one) })),
  };
}
