import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type EpochMs, parseTime } from "@sluice/engine/domain/time.ts";
import { ageOf, humanDuration } from "./age.ts";
import { podPrinter } from "./pods.ts";
import { age, containerCells, nameOf, type Printer } from "./printer.ts";
import { at, hasCondition, listAt, NONE, numberAt, textAt, UNSET } from "./read.ts";
import { labelsText, selectorText } from "./selector-text.ts";

const template = (object: Json): Json | undefined => at(object, "spec", "template", "spec");
const count = (object: Json, field: string): number => numberAt(object, "status", field);
const desired = (object: Json): number => numberAt(object, "spec", "replicas");

const jobPrinter: Printer = (job, now) => [
  nameOf(job),
  jobStatus(job),
  completions(job),
  duration(job, now),
  age(job, now),
  ...containerCells(template(job)),
  selectorText(at(job, "spec", "selector")),
];

function jobStatus(job: Json): string {
  if (hasCondition(job, "Complete")) return "Complete";
  if (hasCondition(job, "Failed")) return "Failed";
  if (textAt(job, "metadata", "deletionTimestamp") !== "") return "Terminating";
  return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find((type) => hasCondition(job, type)) ?? "Running";
}

function completions(job: Json): string {
  const done = count(job, "succeeded");
  const wanted = at(job, "spec", "completions");
  if (typeof wanted === "number") return `${done}/${wanted}`;
  const parallelism = numberAt(job, "spec", "parallelism");
  return parallelism > 1 ? `${done}/1 of ${parallelism}` : `${done}/1`;
}

function duration(job: Json, now: EpochMs): string {
  const start = parseTime(textAt(job, "status", "startTime") || undefined);
  if (start === undefined) return "";
  return humanDuration((parseTime(textAt(job, "status", "completionTime") || undefined) ?? now) - start);
}

const cronJobPrinter: Printer = (cronJob, now) => {
  const last = textAt(cronJob, "status", "lastScheduleTime");
  const job = at(cronJob, "spec", "jobTemplate", "spec");
  return [
    nameOf(cronJob),
    textAt(cronJob, "spec", "schedule"),
    textAt(cronJob, "spec", "timeZone") || NONE,
    at(cronJob, "spec", "suspend") === undefined ? UNSET : at(cronJob, "spec", "suspend") === true ? "True" : "False",
    listAt(cronJob, "status", "active").length,
    last === "" ? NONE : ageOf(last, now),
    age(cronJob, now),
    ...containerCells(at(job, "template", "spec")),
    selectorText(at(job, "selector")),
  ];
};

const hpaPrinter: Printer = (hpa, now) => {
  const target = at(hpa, "spec", "scaleTargetRef");
  const least = at(hpa, "spec", "minReplicas");
  return [
    nameOf(hpa),
    `${textAt(target, "kind")}/${textAt(target, "name")}`,
    hpaTargets(hpa),
    typeof least === "number" ? String(least) : UNSET,
    numberAt(hpa, "spec", "maxReplicas"),
    count(hpa, "currentReplicas"),
    age(hpa, now),
  ];
};

function hpaTargets(hpa: Json): string {
  const utilization = at(hpa, "spec", "targetCPUUtilizationPercentage");
  if (typeof utilization === "number") return `cpu: ${percent(at(hpa, "status", "currentCPUUtilizationPercentage"))}/${utilization}%`;
  const metrics = listAt(hpa, "spec", "metrics");
  if (metrics.length === 0) return NONE;
  const current = listAt(hpa, "status", "currentMetrics");
  const shown = metrics.slice(0, 2).map((metric, index) => metricText(metric, current[index]));
  return metrics.length > 2 ? `${shown.join(", ")} + ${metrics.length - 2} more...` : shown.join(", ");
}

const SOURCES: { readonly [type: string]: string } = {
  Resource: "resource",
  ContainerResource: "containerResource",
  Pods: "pods",
  Object: "object",
  External: "external",
};

function metricText(metric: Json, status: Json | undefined): string {
  const type = textAt(metric, "type");
  const source = SOURCES[type];
  if (source === undefined) return "<unknown type>";
  const target = at(metric, source, "target");
  const current = at(status, source, "current");
  const name = type === "Resource" || type === "ContainerResource" ? `${textAt(metric, source, "name")}: ` : "";
  if (at(target, "averageUtilization") !== undefined)
    return `${name}${percent(at(current, "averageUtilization"))}/${percent(at(target, "averageUtilization"))}`;
  const average = at(target, "averageValue") !== undefined;
  const value = average ? "averageValue" : "value";
  const suffix = average && (type === "Object" || type === "External") ? " (avg)" : "";
  return `${name}${textAt(current, value) || "<unknown>"}/${textAt(target, value)}${suffix}`;
}

const percent = (value: Json | undefined): string => (typeof value === "number" ? `${value}%` : "<unknown>");

const workload =
  (middle: (object: Json) => readonly Json[], end: (object: Json) => readonly Json[] = (object) => [selectorText(at(object, "spec", "selector"))]): Printer =>
  (object, now) => [nameOf(object), ...middle(object), age(object, now), ...containerCells(template(object)), ...end(object)];

export const workloadPrinters: { readonly [groupAndPlural: string]: Printer } = {
  "/pods": podPrinter,
  "/podtemplates": (object) => [nameOf(object), ...containerCells(at(object, "template", "spec")), labelsText(at(object, "template", "metadata", "labels"))],
  "/replicationcontrollers": workload(
    (object) => [desired(object), count(object, "replicas"), count(object, "readyReplicas")],
    (object) => [labelsText(at(object, "spec", "selector"))],
  ),
  "apps/replicasets": workload((object) => [desired(object), count(object, "replicas"), count(object, "readyReplicas")]),
  "apps/deployments": workload((object) => [
    `${count(object, "readyReplicas")}/${desired(object)}`,
    count(object, "updatedReplicas"),
    count(object, "availableReplicas"),
  ]),
  "apps/statefulsets": workload(
    (object) => [`${count(object, "readyReplicas")}/${desired(object)}`],
    () => [],
  ),
  "apps/daemonsets": workload((object) => [
    count(object, "desiredNumberScheduled"),
    count(object, "currentNumberScheduled"),
    count(object, "numberReady"),
    count(object, "updatedNumberScheduled"),
    count(object, "numberAvailable"),
    labelsText(at(object, "spec", "template", "spec", "nodeSelector")),
  ]),
  "apps/controllerrevisions": (object, now) => [nameOf(object), controllerOf(object), numberAt(object, "revision"), age(object, now)],
  "batch/jobs": jobPrinter,
  "batch/cronjobs": cronJobPrinter,
  "autoscaling/horizontalpodautoscalers": hpaPrinter,
};

function controllerOf(object: Json): string {
  const owner = listAt(object, "metadata", "ownerReferences").find((reference) => at(reference, "controller") === true);
  if (!isObject(owner)) return NONE;
  const [group] = textAt(owner, "apiVersion").split("/");
  const kind = textAt(owner, "kind").toLowerCase();
  return `${textAt(owner, "apiVersion").includes("/") ? `${kind}.${group}` : kind}/${textAt(owner, "name")}`;
}
