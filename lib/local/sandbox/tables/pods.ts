import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { humanDuration } from "./age.ts";
import { age, nameOf, type Printer } from "./printer.ts";
import { at, hasCondition, listAt, NONE, numberAt, orNone, textAt } from "./read.ts";

/** What the STATUS, READY and RESTARTS columns are made from. */
type Tally = { readonly reason: string; readonly ready: number; readonly restarts: number; readonly lastRestart: number };

/** Source: kubernetes printers printPod. */
export const podPrinter: Printer = (pod, now) => {
  const tally = tallyOf(pod);
  const restartable = listAt(pod, "spec", "initContainers").filter(isRestartable).length;
  const gates = listAt(pod, "spec", "readinessGates");
  const fulfilled = gates.filter((gate) => hasCondition(pod, textAt(gate, "conditionType"))).length;
  return [
    nameOf(pod),
    `${tally.ready}/${listAt(pod, "spec", "containers").length + restartable}`,
    terminatingReason(pod) ?? tally.reason,
    restartsText(tally, now),
    age(pod, now),
    orNone(textAt(listAt(pod, "status", "podIPs")[0], "ip") || textAt(pod, "status", "podIP")),
    orNone(textAt(pod, "spec", "nodeName")),
    orNone(textAt(pod, "status", "nominatedNodeName")),
    gates.length === 0 ? NONE : `${fulfilled}/${gates.length}`,
  ];
};

/** A finished pod's row says so, and kubectl may hide it. */
export function podRowConditions(pod: Json): readonly JsonObject[] {
  switch (textAt(pod, "status", "phase")) {
    case "Succeeded":
      return [{ type: "Completed", status: "True", reason: "Succeeded", message: "The pod has completed successfully." }];
    case "Failed":
      return [{ type: "Completed", status: "True", reason: "Failed", message: "The pod failed." }];
    default:
      return [];
  }
}

const isRestartable = (container: Json): boolean => textAt(container, "restartPolicy") === "Always";

function tallyOf(pod: Json): Tally {
  const scheduled = listAt(pod, "status", "conditions").find((condition) => textAt(condition, "type") === "PodScheduled");
  const gated = textAt(scheduled, "reason") === "SchedulingGated" ? "SchedulingGated" : "";
  const reason = gated || textAt(pod, "status", "reason") || textAt(pod, "status", "phase");
  const init = initTally(pod, reason);
  return init.initializing && !hasCondition(pod, "Initialized") ? init : runningTally(pod, init);
}

type InitTally = Tally & { readonly initializing: boolean; readonly sidecarRestarts: number };

function initTally(pod: Json, reason: string): InitTally {
  const specs = listAt(pod, "spec", "initContainers");
  const statuses = listAt(pod, "status", "initContainerStatuses");
  let [ready, restarts, sidecarRestarts, lastRestart] = [0, 0, 0, 0];
  for (const [index, status] of statuses.entries()) {
    const sidecar = specs.some((spec) => textAt(spec, "name") === textAt(status, "name") && isRestartable(spec));
    restarts += numberAt(status, "restartCount");
    lastRestart = Math.max(lastRestart, restartedAt(status));
    if (sidecar) sidecarRestarts += numberAt(status, "restartCount");
    const terminated = at(status, "state", "terminated");
    if (isObject(terminated) && numberAt(terminated, "exitCode") === 0) continue;
    if (sidecar && at(status, "started") === true) {
      if (at(status, "ready") === true) ready += 1;
      continue;
    }
    return { reason: initReason(status, index, specs.length), ready, restarts, lastRestart, initializing: true, sidecarRestarts };
  }
  return { reason, ready, restarts, lastRestart, initializing: false, sidecarRestarts };
}

function initReason(status: Json, index: number, count: number): string {
  const terminated = at(status, "state", "terminated");
  if (isObject(terminated)) return `Init:${endReason(terminated)}`;
  const waiting = textAt(status, "state", "waiting", "reason");
  return waiting !== "" && waiting !== "PodInitializing" ? `Init:${waiting}` : `Init:${index}/${count}`;
}

function endReason(terminated: JsonObject): string {
  const signal = numberAt(terminated, "signal");
  return textAt(terminated, "reason") || (signal === 0 ? `ExitCode:${numberAt(terminated, "exitCode")}` : `Signal:${signal}`);
}

function runningTally(pod: Json, init: InitTally): Tally {
  let { reason, ready, lastRestart } = init;
  let restarts = init.sidecarRestarts;
  let running = false;
  for (const status of listAt(pod, "status", "containerStatuses").toReversed()) {
    restarts += numberAt(status, "restartCount");
    lastRestart = Math.max(lastRestart, restartedAt(status));
    const waiting = textAt(status, "state", "waiting", "reason");
    const terminated = at(status, "state", "terminated");
    if (waiting !== "") reason = waiting;
    else if (isObject(terminated)) reason = endReason(terminated);
    else if (at(status, "ready") === true && isObject(at(status, "state", "running"))) {
      running = true;
      ready += 1;
    }
  }
  if (reason === "Completed" && running) reason = hasCondition(pod, "Ready") ? "Running" : "NotReady";
  return { reason, ready, restarts, lastRestart };
}

const restartedAt = (status: Json): number => parseTime(textAt(status, "lastState", "terminated", "finishedAt") || undefined) ?? 0;

const restartsText = ({ restarts, lastRestart }: Tally, now: EpochMs): string =>
  restarts === 0 || lastRestart === 0 ? String(restarts) : `${restarts} (${humanDuration(now - lastRestart)} ago)`;

function terminatingReason(pod: Json): string | undefined {
  if (textAt(pod, "metadata", "deletionTimestamp") === "") return undefined;
  if (textAt(pod, "status", "reason") === "NodeLost") return "Unknown";
  return ["Succeeded", "Failed"].includes(textAt(pod, "status", "phase")) ? undefined : "Terminating";
}
