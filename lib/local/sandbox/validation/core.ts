import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, forbidden, invalid, required } from "../schema/field-error.ts";
import { configKey, nameIsSubdomain, qualifiedName } from "../schema/names.ts";
import { entriesOf, errorsOf, has, listAt, objectAt, textAt } from "./fields.ts";
import { validatePodSpec } from "./pod.ts";
import { parseQuantity, quantityText } from "./quantity.ts";
import type { KindRules } from "./rule.ts";

const MAX_BYTES = 1024 * 1024;
const WHEN_IMMUTABLE = "field is immutable when `immutable` is set";

const keyErrors = (map: JsonObject, path: string): readonly FieldError[] => entriesOf(map).flatMap(([key]) => errorsOf(`${path}[${key}]`, key, configKey(key)));
const decodedSize = (text: Json): number => (typeof text === "string" ? Math.floor((text.replace(/[=\s]/g, "").length * 3) / 4) : 0);
const tooLarge = (path: string): FieldError => ({ type: "FieldValueTooLong", field: path, detail: `Too long: may not be more than ${MAX_BYTES} bytes` });

function checkConfigMap(object: JsonObject): readonly FieldError[] {
  const data = objectAt(object, "data");
  const binary = objectAt(object, "binaryData");
  const errors = entriesOf(data).flatMap(([key]) => [
    ...errorsOf(`data[${key}]`, key, configKey(key)),
    ...(Object.hasOwn(binary, key) ? [invalid(`data[${key}]`, key, "duplicate of key present in binaryData")] : []),
  ]);
  errors.push(...keyErrors(binary, "binaryData"));
  const size =
    Object.values(data).reduce((sum: number, text) => sum + Buffer.byteLength(String(text)), 0) +
    Object.values(binary).reduce((sum: number, text) => sum + decodedSize(text), 0);
  return size > MAX_BYTES ? [...errors, tooLarge("")] : errors;
}

/** `immutable` cannot be taken back, and nothing below it changes. */
const frozen =
  (...fields: readonly string[]) =>
  (object: JsonObject, old: JsonObject): readonly FieldError[] => {
    if (old.immutable !== true) return [];
    const errors: FieldError[] = object.immutable === true ? [] : [forbidden("immutable", WHEN_IMMUTABLE)];
    for (const field of fields) if (!isEqual(objectAt(object, field), objectAt(old, field))) errors.push(forbidden(field, WHEN_IMMUTABLE));
    return errors;
  };

/** What Secrets of a well-known type must hold. */
const SECRET_KEYS: ReadonlyMap<string, readonly string[]> = new Map([
  ["kubernetes.io/dockercfg", [".dockercfg"]],
  ["kubernetes.io/dockerconfigjson", [".dockerconfigjson"]],
  ["kubernetes.io/ssh-auth", ["ssh-privatekey"]],
  ["kubernetes.io/tls", ["tls.crt", "tls.key"]],
]);
const ACCOUNT = "kubernetes.io/service-account.name";

function checkSecret(object: JsonObject): readonly FieldError[] {
  const data = objectAt(object, "data");
  const type = textAt(object, "type");
  const errors = [...keyErrors(data, "data")];
  const size = Object.values(data).reduce((sum: number, text) => sum + decodedSize(text), 0);
  if (size > MAX_BYTES) errors.push(tooLarge("data"));
  for (const key of SECRET_KEYS.get(type) ?? []) {
    if (!Object.hasOwn(data, key)) errors.push(required(`data[${key}]`));
    else if (key.startsWith(".docker")) errors.push(...jsonErrors(data[key], `data[${key}]`));
  }
  if (type === "kubernetes.io/basic-auth" && !Object.hasOwn(data, "username") && !Object.hasOwn(data, "password"))
    errors.push(required("data[username]"), required("data[password]"));
  if (type === "kubernetes.io/service-account-token" && textAt(objectAt(objectAt(object, "metadata"), "annotations"), ACCOUNT) === "")
    errors.push(required(`metadata.annotations[${ACCOUNT}]`));
  return errors;
}

/** Only that it is no JSON is told, never what it is. */
function jsonErrors(value: Json | undefined, path: string): readonly FieldError[] {
  const text = Buffer.from(typeof value === "string" ? value : "", "base64").toString();
  try {
    JSON.parse(text);
    return [];
  } catch {
    const first = text.trimStart().charAt(0);
    const words = first === "" ? "unexpected end of JSON input" : `invalid character '${first}' looking for beginning of value`;
    return [invalid(path, "<secret contents redacted>", words)];
  }
}

function secretChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const type = textAt(object, "type");
  const errors: FieldError[] = type === textAt(old, "type") ? [] : [invalid("type", type, "field is immutable")];
  return [...errors, ...frozen("data")(object, old)];
}

const POD_FIXED =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";
const MAY_CHANGE = [
  "containers",
  "initContainers",
  "activeDeadlineSeconds",
  "tolerations",
  "terminationGracePeriodSeconds",
  "schedulingGates",
  "nodeName",
  "ephemeralContainers",
];

/** The server adds a diff of its internal form, which we do not have. */
function podChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const before = objectAt(old, "spec");
  for (const field of ["containers", "initContainers"])
    if (listAt(spec, field).length !== listAt(before, field).length) return [forbidden(`spec.${field}`, "pod updates may not add or remove containers")];
  const plain = (pod: JsonObject, field: string): readonly Json[] => listAt(pod, field).map((container) => ({ ...(container as JsonObject), image: "" }));
  const containers = ["containers", "initContainers"].some((field) => !isEqual(plain(spec, field), plain(before, field)));
  const fields = new Set([...Object.keys(spec), ...Object.keys(before)]);
  const others = [...fields].some((field) => !MAY_CHANGE.includes(field) && !isEqual(spec[field], before[field]));
  return containers || others ? [forbidden("spec", POD_FIXED)] : [];
}

const QUOTA_COUNTS = [
  "pods",
  "services",
  "replicationcontrollers",
  "resourcequotas",
  "secrets",
  "configmaps",
  "persistentvolumeclaims",
  "services.nodeports",
  "services.loadbalancers",
];
const QUOTA_AMOUNTS = [
  "cpu",
  "memory",
  "storage",
  "ephemeral-storage",
  "requests.cpu",
  "requests.memory",
  "requests.storage",
  "requests.ephemeral-storage",
  "limits.cpu",
  "limits.memory",
  "limits.ephemeral-storage",
];
const SCOPES = ["Terminating", "NotTerminating", "BestEffort", "NotBestEffort", "PriorityClass", "CrossNamespacePodAffinity", "VolumeAttributesClass"];

function checkQuota(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = entriesOf(objectAt(spec, "hard")).flatMap(([name, value]) => quotaErrors(name, value, `spec.hard[${name}]`));
  const scopes = listAt(spec, "scopes");
  if (scopes.some((scope) => typeof scope !== "string" || !SCOPES.includes(scope))) errors.push(invalid("spec.scopes", scopes, "unsupported scope"));
  return errors;
}

function quotaErrors(name: string, value: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = [...errorsOf(path, name, qualifiedName(name))];
  const counted = QUOTA_COUNTS.includes(name) || name.startsWith("count/");
  if (!name.includes("/") && !counted && !QUOTA_AMOUNTS.includes(name) && !/^(requests\.)?hugepages-/.test(name))
    errors.push(invalid(path, name, "must be a standard resource type or fully qualified"), invalid(path, name, "must be a standard resource for quota"));
  const amount = parseQuantity(value);
  if (amount !== undefined && amount < 0) errors.push(invalid(path, quantityText(value), "must be greater than or equal to 0"));
  else if (amount !== undefined && counted && !Number.isInteger(amount)) errors.push(invalid(path, quantityText(value), "must be an integer"));
  return errors;
}

function checkLimitRange(object: JsonObject): readonly FieldError[] {
  return listAt(objectAt(object, "spec"), "limits").flatMap((limit, index) => {
    const at = `spec.limits[${index}]`;
    const type = textAt(limit, "type");
    const errors: FieldError[] = [...errorsOf(`${at}.type`, type, qualifiedName(type))];
    if (type === "Pod")
      for (const field of ["default", "defaultRequest"])
        if (has(limit, field)) errors.push(forbidden(`${at}.${field}`, "may not be specified when `type` is 'Pod'"));
    const max = objectAt(limit, "max");
    for (const [name, min] of entriesOf(objectAt(limit, "min"))) {
      const least = parseQuantity(min) ?? 0;
      const most = parseQuantity(max[name]);
      if (most !== undefined && least > most)
        errors.push(
          invalid(`${at}.min[${name}]`, quantityText(min), `min value ${quantityText(min)} is greater than max value ${quantityText(max[name] ?? "")}`),
        );
    }
    return errors;
  });
}

export const CONFIG_MAP: KindRules = { name: nameIsSubdomain, check: checkConfigMap, change: frozen("data", "binaryData") };
export const SECRET: KindRules = { name: nameIsSubdomain, check: checkSecret, change: secretChange };
export const POD: KindRules = { name: nameIsSubdomain, check: (object) => validatePodSpec(objectAt(object, "spec"), "spec"), change: podChange };
export const RESOURCE_QUOTA: KindRules = { name: nameIsSubdomain, check: checkQuota };
export const LIMIT_RANGE: KindRules = { name: nameIsSubdomain, check: checkLimitRange };
