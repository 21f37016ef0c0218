import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { EpochMs } from "@sluice/engine/domain/time.ts";
import { ageOf, humanDuration } from "./age.ts";
import { age, created, nameOf, type Printer } from "./printer.ts";
import { at, hasCondition, listAt, mapAt, NONE, numberAt, orNone, textAt, UNSET } from "./read.ts";
import { labelsText } from "./selector-text.ts";

const size = (object: Json, field: string): number => Object.keys(mapAt(object, field)).length;
const nameAndAge: Printer = (object, now) => [nameOf(object), age(object, now)];
const nameAndTime: Printer = (object) => [nameOf(object), created(object)];

const nodePrinter: Printer = (node, now) => {
  const ready = listAt(node, "status", "conditions").find((condition) => textAt(condition, "type") === "Ready");
  const state = ready === undefined ? "Unknown" : textAt(ready, "status") === "True" ? "Ready" : "NotReady";
  const address = (type: string): string =>
    orNone(
      textAt(
        listAt(node, "status", "addresses").find((item) => textAt(item, "type") === type),
        "address",
      ),
    );
  const info = (field: string): string => textAt(node, "status", "nodeInfo", field) || "<unknown>";
  return [
    nameOf(node),
    at(node, "spec", "unschedulable") === true ? `${state},SchedulingDisabled` : state,
    rolesOf(node),
    age(node, now),
    textAt(node, "status", "nodeInfo", "kubeletVersion"),
    address("InternalIP"),
    address("ExternalIP"),
    info("osImage"),
    info("kernelVersion"),
    info("containerRuntimeVersion"),
  ];
};

function rolesOf(node: Json): string {
  const prefix = "node-role.kubernetes.io/";
  const roles = Object.entries(mapAt(node, "metadata", "labels")).flatMap(([key, value]) => {
    if (key.startsWith(prefix) && key.length > prefix.length) return [key.slice(prefix.length)];
    return key === "kubernetes.io/role" && value !== "" ? [String(value)] : [];
  });
  return orNone([...new Set(roles)].toSorted().join(","));
}

const eventPrinter: Printer = (event, now) => {
  const object = at(event, "involvedObject") ?? at(event, "regarding");
  const first = seen(textAt(event, "firstTimestamp") || textAt(event, "deprecatedFirstTimestamp") || textAt(event, "eventTime"), now);
  const lastTime = textAt(event, "series", "lastObservedTime") || textAt(event, "lastTimestamp") || textAt(event, "deprecatedLastTimestamp");
  const count = numberAt(event, "series", "count") || numberAt(event, "count") || numberAt(event, "deprecatedCount") || 1;
  return [
    lastTime === "" ? first : seen(lastTime, now),
    textAt(event, "type"),
    textAt(event, "reason"),
    [textAt(object, "kind").toLowerCase(), textAt(object, "name")].filter((part) => part !== "").join("/"),
    textAt(object, "fieldPath"),
    eventSource(event),
    (textAt(event, "message") || textAt(event, "note")).trim(),
    first,
    count,
    nameOf(event),
  ];
};

const seen = (time: string, now: EpochMs): string => ageOf(time === "" ? undefined : time, now);

function eventSource(event: Json): string {
  const source = at(event, "source") ?? at(event, "deprecatedSource");
  const component = textAt(source, "component") || textAt(event, "reportingComponent") || textAt(event, "reportingController");
  const host = textAt(source, "host") || textAt(event, "reportingInstance");
  return [component, host].filter((part) => part !== "").join(", ");
}

const quotaPrinter: Printer = (quota, now) => {
  const hard = Object.entries(mapAt(quota, "status", "hard")).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const texts = hard.map(([name, most]) => ({
    limit: name.startsWith("limits"),
    text: `${name}: ${textAt(quota, "status", "used", name) || "0"}/${String(most)}`,
  }));
  const column = (limit: boolean): string => texts.flatMap((item) => (item.limit === limit ? [item.text] : [])).join(", ");
  return [nameOf(quota), column(false), column(true), age(quota, now)];
};

const bindingPrinter: Printer = (binding, now) => {
  const subjects = (kind: string): string =>
    listAt(binding, "subjects")
      .filter((subject) => textAt(subject, "kind") === kind)
      .map((subject) => (kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${textAt(subject, "name")}` : textAt(subject, "name")))
      .join(", ");
  const role = at(binding, "roleRef");
  return [
    nameOf(binding),
    `${textAt(role, "kind")}/${textAt(role, "name")}`,
    age(binding, now),
    subjects("User"),
    subjects("Group"),
    subjects("ServiceAccount"),
  ];
};

const csrPrinter: Printer = (csr, now) => {
  const seconds = at(csr, "spec", "expirationSeconds");
  return [
    nameOf(csr),
    age(csr, now),
    textAt(csr, "spec", "signerName") || NONE,
    textAt(csr, "spec", "username"),
    typeof seconds === "number" ? humanDuration(seconds * 1000) : NONE,
    csrCondition(csr),
  ];
};

function csrCondition(csr: Json): string {
  const has = (type: string): boolean => listAt(csr, "status", "conditions").some((condition) => textAt(condition, "type") === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${decision}${has("Failed") ? ",Failed" : ""}${textAt(csr, "status", "certificate") === "" ? "" : ",Issued"}`;
}

/** A number or a percentage, or what stands for neither. */
const orNotSet = (value: Json | undefined): string => (value === undefined || value === null ? "N/A" : String(value));

const apiServicePrinter: Printer = (service, now) => {
  const place = at(service, "spec", "service");
  const available = listAt(service, "status", "conditions").find((condition) => textAt(condition, "type") === "Available");
  const reason = textAt(available, "reason");
  const state = available === undefined ? "Unknown" : hasCondition(service, "Available") ? "True" : `${textAt(available, "status")} (${reason})`;
  return [nameOf(service), isObject(place) ? `${textAt(place, "namespace")}/${textAt(place, "name")}` : "Local", state, age(service, now)];
};

const webhooks: Printer = (object, now) => [nameOf(object), listAt(object, "webhooks").length, age(object, now)];

export const clusterPrinters: { readonly [groupAndPlural: string]: Printer } = {
  "/configmaps": (object, now) => [nameOf(object), size(object, "data") + size(object, "binaryData"), age(object, now)],
  "/secrets": (object, now) => [nameOf(object), textAt(object, "type"), size(object, "data"), age(object, now)],
  "/serviceaccounts": nameAndAge,
  "/namespaces": (object, now) => [nameOf(object), textAt(object, "status", "phase"), age(object, now)],
  "/nodes": nodePrinter,
  "/events": eventPrinter,
  "events.k8s.io/events": eventPrinter,
  "/limitranges": nameAndTime,
  "/resourcequotas": quotaPrinter,
  "rbac.authorization.k8s.io/roles": nameAndTime,
  "rbac.authorization.k8s.io/clusterroles": nameAndTime,
  "rbac.authorization.k8s.io/rolebindings": bindingPrinter,
  "rbac.authorization.k8s.io/clusterrolebindings": bindingPrinter,
  "policy/poddisruptionbudgets": (object, now) => [
    nameOf(object),
    orNotSet(at(object, "spec", "minAvailable")),
    orNotSet(at(object, "spec", "maxUnavailable")),
    numberAt(object, "status", "disruptionsAllowed"),
    age(object, now),
  ],
  "coordination.k8s.io/leases": (object, now) => [nameOf(object), textAt(object, "spec", "holderIdentity"), age(object, now)],
  "scheduling.k8s.io/priorityclasses": (object, now) => [
    nameOf(object),
    numberAt(object, "value"),
    at(object, "globalDefault") === true,
    age(object, now),
    textAt(object, "preemptionPolicy") || UNSET,
  ],
  "node.k8s.io/runtimeclasses": (object, now) => [nameOf(object), textAt(object, "handler"), age(object, now)],
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/validatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/validatingadmissionpolicies": (object, now) => {
    const kind = at(object, "spec", "paramKind");
    return [
      nameOf(object),
      listAt(object, "spec", "validations").length,
      kind === undefined ? UNSET : `${textAt(kind, "apiVersion")}/${textAt(kind, "kind")}`,
      age(object, now),
    ];
  },
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": (object, now) => {
    const param = at(object, "spec", "paramRef");
    const place = textAt(param, "namespace");
    const name = at(param, "selector") === undefined ? textAt(param, "name") : labelsText(at(param, "selector", "matchLabels"));
    return [nameOf(object), textAt(object, "spec", "policyName"), param === undefined ? UNSET : place === "" ? name : `${place}/${name}`, age(object, now)];
  },
  "certificates.k8s.io/certificatesigningrequests": csrPrinter,
  "apiregistration.k8s.io/apiservices": apiServicePrinter,
  "apiextensions.k8s.io/customresourcedefinitions": nameAndTime,
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": (object, now) => {
    const limited = at(object, "spec", "limited") ?? at(object, "spec", "exempt");
    const queuing = at(limited, "limitResponse", "queuing");
    const each = (field: string): Json => at(queuing, field) ?? NONE;
    return [
      nameOf(object),
      textAt(object, "spec", "type"),
      at(limited, "nominalConcurrencyShares") ?? NONE,
      each("queues"),
      each("handSize"),
      each("queueLengthLimit"),
      age(object, now),
    ];
  },
};
