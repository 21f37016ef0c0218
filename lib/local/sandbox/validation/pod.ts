import type { Json } from "@sluice/engine/domain/json.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { validateAnnotations, validateLabels } from "../schema/metadata.ts";
import { label1123, subdomain1123 } from "../schema/names.ts";
import { validateContainers, validateUser } from "./containers.ts";
import { entriesOf, errorsOf, has, listAt, numberAt, objectAt, textAt, valueAt } from "./fields.ts";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];

/** What a Pod template may not be. Labels of templates are told without `metadata`, as the server does. */
export function validateTemplate(template: Json | undefined, path: string): readonly FieldError[] {
  const metadata = objectAt(template, "metadata");
  const annotations = Object.fromEntries(entriesOf(objectAt(metadata, "annotations")).map(([key, value]) => [key, String(value)]));
  return [
    ...validateLabels(objectAt(metadata, "labels"), `${path}.labels`),
    ...validateAnnotations(annotations, `${path}.annotations`),
    ...validatePodSpec(valueAt(template, "spec"), `${path}.spec`),
  ];
}

/** Source: kubernetes, apis/core/validation ValidatePodSpec: what people meet of it. */
export function validatePodSpec(spec: Json | undefined, path: string): readonly FieldError[] {
  const errors = [...validateVolumes(spec, path)];
  const volumes = new Set(listAt(spec, "volumes").map((volume) => textAt(volume, "name")));
  const context = { volumes, hostNetwork: valueAt(spec, "hostNetwork") === true };
  const taken = new Set<string>();
  const containers = listAt(spec, "containers");
  if (containers.length === 0) errors.push(required(`${path}.containers`));
  errors.push(...validateContainers(containers, `${path}.containers`, context, taken));
  errors.push(...validateContainers(listAt(spec, "initContainers"), `${path}.initContainers`, context, taken));
  errors.push(...oneOf(spec, path, "restartPolicy", RESTART_POLICIES), ...oneOf(spec, path, "dnsPolicy", DNS_POLICIES));
  errors.push(
    ...validateLabels(objectAt(spec, "nodeSelector"), `${path}.nodeSelector`),
    ...validateUser(valueAt(spec, "securityContext"), `${path}.securityContext`),
  );
  errors.push(...validateSpread(spec, path), ...validateAffinity(spec, path));
  for (const field of ["serviceAccountName", "nodeName", "priorityClassName", "runtimeClassName"]) {
    const name = textAt(spec, field);
    if (name !== "") errors.push(...errorsOf(`${path}.${field}`, name, subdomain1123(name)));
  }
  for (const field of ["hostname", "subdomain"]) {
    const name = textAt(spec, field);
    if (name !== "") errors.push(...errorsOf(`${path}.${field}`, name, label1123(name)));
  }
  errors.push(...validateTolerations(spec, path));
  const deadline = numberAt(spec, "activeDeadlineSeconds");
  if (deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647))
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, "must be between 1 and 2147483647, inclusive"));
  return errors;
}

function oneOf(spec: Json | undefined, path: string, field: string, supported: readonly string[]): readonly FieldError[] {
  const value = textAt(spec, field);
  return value === "" || supported.includes(value) ? [] : [notSupported(`${path}.${field}`, value, supported)];
}

/** What must stand in a volume of each kind. */
const VOLUME_NEEDS: ReadonlyMap<string, string> = new Map([
  ["hostPath", "path"],
  ["secret", "secretName"],
  ["configMap", "name"],
  ["persistentVolumeClaim", "claimName"],
  ["nfs", "server"],
  ["csi", "driver"],
]);

function validateVolumes(spec: Json | undefined, path: string): readonly FieldError[] {
  const names = new Set<string>();
  return listAt(spec, "volumes").flatMap((volume, index) => {
    const at = `${path}.volumes[${index}]`;
    const name = textAt(volume, "name");
    const kinds = sourcesOf(volume);
    const errors: FieldError[] = kinds.flatMap((kind, position) => {
      if (position > 0) return [forbidden(`${at}.${kind}`, "may not specify more than 1 volume type")];
      const need = VOLUME_NEEDS.get(kind);
      return need !== undefined && textAt(objectAt(volume, kind), need) === "" ? [required(`${at}.${kind}.${need}`)] : [];
    });
    if (name === "") errors.push(required(`${at}.name`));
    else errors.push(...errorsOf(`${at}.name`, name, label1123(name)));
    if (name !== "" && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    names.add(name);
    return errors;
  });
}

const VOLUME_ORDER = ["emptyDir", "hostPath", "gitRepo", "secret", "nfs", "persistentVolumeClaim", "downwardAPI", "configMap", "csi", "projected", "ephemeral"];
const sourcesOf = (volume: Json): readonly string[] => VOLUME_ORDER.filter((kind) => has(volume, kind));

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

function validateTolerations(spec: Json | undefined, path: string): readonly FieldError[] {
  return listAt(spec, "tolerations").flatMap((toleration, index) => {
    const at = `${path}.tolerations[${index}]`;
    const operator = textAt(toleration, "operator");
    const value = textAt(toleration, "value");
    const effect = textAt(toleration, "effect");
    const errors: FieldError[] = [];
    if (textAt(toleration, "key") === "" && operator !== "Exists")
      errors.push(invalid(`${at}.operator`, operator, 'operator must be Exists when `key` is empty, which means "match all values and all keys"'));
    if (operator === "Exists" && value !== "") errors.push(invalid(`${at}.operator`, value, "value must be empty when `operator` is 'Exists'"));
    if (!["", "Equal", "Exists"].includes(operator)) errors.push(notSupported(`${at}.operator`, operator, ["Equal", "Exists"]));
    if (effect !== "" && !EFFECTS.includes(effect)) errors.push(notSupported(`${at}.effect`, effect, EFFECTS));
    return errors;
  });
}

function validateSpread(spec: Json | undefined, path: string): readonly FieldError[] {
  return listAt(spec, "topologySpreadConstraints").flatMap((constraint, index) => {
    const at = `${path}.topologySpreadConstraints[${index}]`;
    const skew = numberAt(constraint, "maxSkew") ?? 0;
    const errors: FieldError[] = skew <= 0 ? [invalid(`${at}.maxSkew`, skew, "must be greater than zero")] : [];
    if (textAt(constraint, "topologyKey") === "") errors.push(required(`${at}.topologyKey`, "can not be empty"));
    const otherwise = textAt(constraint, "whenUnsatisfiable");
    const supported = ["DoNotSchedule", "ScheduleAnyway"];
    return supported.includes(otherwise) ? errors : [...errors, notSupported(`${at}.whenUnsatisfiable`, otherwise, supported)];
  });
}

function validateAffinity(spec: Json | undefined, path: string): readonly FieldError[] {
  const node = objectAt(objectAt(spec, "affinity"), "nodeAffinity");
  const field = "requiredDuringSchedulingIgnoredDuringExecution";
  if (!has(node, field) || listAt(objectAt(node, field), "nodeSelectorTerms").length > 0) return [];
  return [required(`${path}.affinity.nodeAffinity.${field}.nodeSelectorTerms`, "must have at least one node selector term")];
}
