import { isIP } from "node:net";
import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../schema/field-error.ts";
import { validateLabels } from "../schema/metadata.ts";
import { label1123, nameIsLabel1035, subdomain1123 } from "../schema/names.ts";
import { errorsOf, has, isPort, listAt, numberAt, objectAt, PORT_RANGE, textAt, valueAt } from "./fields.ts";
import { portReference, protocolErrors } from "./ports.ts";
import type { KindRules } from "./rule.ts";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const AFFINITIES = ["ClientIP", "None"];
const NO_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";
export const NO_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";

/** Source: core/validation ValidateService. */
function checkService(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const type = textAt(spec, "type") || "ClusterIP";
  const ports = listAt(spec, "ports");
  const clusterIp = textAt(spec, "clusterIP");
  const errors: FieldError[] = [];
  if (ports.length === 0 && clusterIp !== "None" && type !== "ExternalName") errors.push(required("spec.ports"));
  errors.push(...validatePorts(ports, type, clusterIp === "None"), ...validateLabels(objectAt(spec, "selector"), "spec.selector"));
  const affinity = textAt(spec, "sessionAffinity");
  if (affinity !== "" && !AFFINITIES.includes(affinity)) errors.push(notSupported("spec.sessionAffinity", affinity, AFFINITIES));
  if (!TYPES.includes(type)) errors.push(notSupported("spec.type", type, TYPES));
  if (clusterIp !== "" && clusterIp !== "None" && isIP(clusterIp) === 0) errors.push(invalid("spec.clusterIPs[0]", clusterIp, NO_ADDRESS));
  if (type === "ExternalName") errors.push(...validateExternal(textAt(spec, "externalName")));
  for (const [index, range] of listAt(spec, "loadBalancerSourceRanges").entries())
    if (typeof range === "string" && !isCidr(range)) errors.push(invalid(`spec.LoadBalancerSourceRanges[${index}]`, range, NO_CIDR));
  const policy = textAt(spec, "externalTrafficPolicy");
  if (policy !== "" && TYPES.includes(type) && type !== "LoadBalancer" && type !== "NodePort" && listAt(spec, "externalIPs").length === 0)
    errors.push(invalid("spec.externalTrafficPolicy", policy, "may only be set for externally-accessible services"));
  return errors;
}

export const isCidr = (text: string): boolean => {
  const [address = "", bits = ""] = text.split("/");
  const family = isIP(address);
  return family !== 0 && /^\d+$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128);
};

function validateExternal(name: string): readonly FieldError[] {
  if (name === "") return [required("spec.externalName")];
  return errorsOf("spec.externalName", name, subdomain1123(name.replace(/\.$/, "")));
}

function validatePorts(ports: readonly Json[], type: string, headless: boolean): readonly FieldError[] {
  const names = new Set<string>();
  const errors = ports.flatMap((port, index) => validatePort(port, `spec.ports[${index}]`, ports.length > 1, headless, names));
  if (type === "ClusterIP")
    for (const [index, port] of ports.entries())
      if ((numberAt(port, "nodePort") ?? 0) !== 0) errors.push(forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'"));
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const key = `${textAt(port, "protocol") || "TCP"}/${numberAt(port, "port")}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${index}]`, portShown(port)));
    seen.add(key);
  }
  return errors;
}

function validatePort(port: Json, path: string, named: boolean, headless: boolean, names: Set<string>): readonly FieldError[] {
  const errors: FieldError[] = [];
  const name = textAt(port, "name");
  const number = numberAt(port, "port") ?? 0;
  if (name === "" && named) errors.push(required(`${path}.name`));
  if (name !== "") errors.push(...errorsOf(`${path}.name`, name, label1123(name)));
  if (name !== "" && names.has(name)) errors.push(duplicate(`${path}.name`, name));
  names.add(name);
  if (!isPort(number)) errors.push(invalid(`${path}.port`, number, PORT_RANGE));
  errors.push(...protocolErrors(textAt(port, "protocol"), `${path}.protocol`));
  const target = valueAt(port, "targetPort");
  const aimed = target === undefined || target === 0 || target === "" ? number : target;
  errors.push(...portReference(aimed, `${path}.targetPort`));
  if (headless && aimed !== number && typeof aimed === "number") return errors;
  return errors;
}

/** The internal form of a port, as errors show it. */
const portShown = (port: Json): Json => ({
  Name: textAt(port, "name"),
  Protocol: textAt(port, "protocol") || "TCP",
  AppProtocol: valueAt(port, "appProtocol") ?? null,
  Port: numberAt(port, "port") ?? 0,
  TargetPort: 0,
  NodePort: 0,
});

/** An address that was given stays, as long as the Service has one. */
function serviceChange(object: JsonObject, old: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const before = objectAt(old, "spec");
  const had = textAt(before, "clusterIP");
  const now = textAt(spec, "clusterIP");
  if (textAt(before, "type") === "ExternalName" || textAt(spec, "type") === "ExternalName") return [];
  if (had === "" || now === "" || now === had) return [];
  const shown = has(spec, "clusterIPs") && !isEqual(spec.clusterIPs, before.clusterIPs) ? (spec.clusterIPs ?? null) : [now];
  return [invalid("spec.clusterIPs[0]", shown, "may not change once set")];
}

export const SERVICE: KindRules = { name: nameIsLabel1035, check: checkService, change: serviceChange };
