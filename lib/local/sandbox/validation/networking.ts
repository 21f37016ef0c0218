import { isIP } from "node:net";
import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, invalid, notSupported, required } from "../schema/field-error.ts";
import { label1035, nameIsSubdomain, subdomain1123, wildcardSubdomain } from "../schema/names.ts";
import { errorsOf, has, isPort, listAt, numberAt, objectAt, PORT_RANGE, textAt, valueAt } from "./fields.ts";
import { portName, portReference, protocolErrors } from "./ports.ts";
import type { KindRules } from "./rule.ts";
import { validateSelector } from "./selectors.ts";
import { isCidr, NO_CIDR } from "./services.ts";

const PATH_TYPES = ["Exact", "ImplementationSpecific", "Prefix"];

/** Source: networking/validation ValidateIngressCreate. */
function checkIngress(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const rules = listAt(spec, "rules");
  const errors: FieldError[] = [];
  if (rules.length === 0 && !has(spec, "defaultBackend")) errors.push(invalid("spec", null, "either `defaultBackend` or `rules` must be specified"));
  if (has(spec, "defaultBackend")) errors.push(...validateBackend(valueAt(spec, "defaultBackend"), "spec.defaultBackend"));
  errors.push(...rules.flatMap((rule, index) => validateRule(rule, `spec.rules[${index}]`)));
  for (const [index, tls] of listAt(spec, "tls").entries())
    for (const [number, host] of listAt(tls, "hosts").entries())
      if (typeof host === "string") errors.push(...hostErrors(host, `spec.tls[${index}].hosts[${number}]`));
  const name = textAt(spec, "ingressClassName");
  return name === "" ? errors : [...errors, ...errorsOf("spec.ingressClassName", name, subdomain1123(name))];
}

const hostErrors = (host: string, path: string): readonly FieldError[] =>
  errorsOf(path, host, host.includes("*") ? wildcardSubdomain(host) : subdomain1123(host));

function validateRule(rule: Json, path: string): readonly FieldError[] {
  const host = textAt(rule, "host");
  const errors: FieldError[] = [];
  if (host !== "" && isIP(host) !== 0) errors.push(invalid(`${path}.host`, host, "must be a DNS name, not an IP address"));
  else if (host !== "") errors.push(...hostErrors(host, `${path}.host`));
  if (!has(rule, "http")) return errors;
  const paths = listAt(objectAt(rule, "http"), "paths");
  if (paths.length === 0) return [...errors, required(`${path}.http.paths`)];
  return [...errors, ...paths.flatMap((one, index) => validatePath(one, `${path}.http.paths[${index}]`))];
}

function validatePath(value: Json, path: string): readonly FieldError[] {
  const errors: FieldError[] = [];
  const type = textAt(value, "pathType");
  const text = textAt(value, "path");
  if (type === "") return [required(`${path}.pathType`, "pathType must be specified")];
  if (!PATH_TYPES.includes(type)) errors.push(notSupported(`${path}.pathType`, type, PATH_TYPES));
  else errors.push(...pathErrors(type, text, `${path}.path`));
  return [...errors, ...validateBackend(valueAt(value, "backend"), `${path}.backend`)];
}

const ILLEGAL = ["//", "/./", "/../", "%2f", "%2F"];

function pathErrors(type: string, text: string, path: string): readonly FieldError[] {
  if (type === "ImplementationSpecific") return text === "" || text.startsWith("/") ? [] : [invalid(path, text, "must be an absolute path")];
  if (!text.startsWith("/")) return [invalid(path, text, "must be an absolute path")];
  return ILLEGAL.filter((part) => text.includes(part)).map((part) => invalid(path, text, `must not contain '${part}'`));
}

function validateBackend(backend: Json | undefined, path: string): readonly FieldError[] {
  if (has(backend, "resource") && has(backend, "service")) return [invalid(path, "", "cannot set both resource and service backends")];
  if (has(backend, "resource")) return [];
  if (!has(backend, "service")) return [invalid(path, "", "resource or service backend is required")];
  const service = objectAt(backend, "service");
  const name = textAt(service, "name");
  const errors: FieldError[] = [];
  if (name === "") errors.push(required(`${path}.service.name`));
  else errors.push(...errorsOf(`${path}.service.name`, name, label1035(name)));
  const port = objectAt(service, "port");
  const byName = textAt(port, "name");
  const number = numberAt(port, "number") ?? 0;
  if (byName !== "" && number !== 0) errors.push(invalid(path, "", "cannot set both port name & port number"));
  else if (byName === "" && number === 0) errors.push(required(path, "port name or number is required"));
  else if (byName !== "") errors.push(...errorsOf(`${path}.service.port.name`, byName, portName(byName)));
  else if (!isPort(number)) errors.push(invalid(`${path}.service.port.number`, number, PORT_RANGE));
  return errors;
}

function checkPolicy(object: JsonObject): readonly FieldError[] {
  const spec = objectAt(object, "spec");
  const errors = [...validateSelector(valueAt(spec, "podSelector"), "spec.podSelector")];
  for (const [direction, peers] of [
    ["ingress", "from"],
    ["egress", "to"],
  ] as const)
    for (const [index, rule] of listAt(spec, direction).entries()) {
      const at = `spec.${direction}[${index}]`;
      for (const [number, port] of listAt(rule, "ports").entries()) errors.push(...policyPort(port, `${at}.ports[${number}]`));
      for (const [number, peer] of listAt(rule, peers).entries()) errors.push(...policyPeer(peer, `${at}.${peers}[${number}]`));
    }
  for (const [index, type] of listAt(spec, "policyTypes").entries())
    if (type !== "Ingress" && type !== "Egress") errors.push(notSupported(`spec.policyTypes[${index}]`, type, ["Ingress", "Egress"]));
  return errors;
}

function policyPort(port: Json, path: string): readonly FieldError[] {
  const errors = has(port, "port") ? portReference(valueAt(port, "port"), `${path}.port`) : [];
  return [...protocolErrors(textAt(port, "protocol"), `${path}.protocol`), ...errors];
}

function policyPeer(peer: Json, path: string): readonly FieldError[] {
  if (!["podSelector", "namespaceSelector", "ipBlock"].some((kind) => has(peer, kind))) return [required(path, "must specify a peer")];
  const errors = [
    ...validateSelector(valueAt(peer, "podSelector"), `${path}.podSelector`),
    ...validateSelector(valueAt(peer, "namespaceSelector"), `${path}.namespaceSelector`),
  ];
  const cidr = textAt(objectAt(peer, "ipBlock"), "cidr");
  if (has(peer, "ipBlock") && cidr === "") errors.push(required(`${path}.ipBlock.cidr`));
  else if (has(peer, "ipBlock") && !isCidr(cidr)) errors.push(invalid(`${path}.ipBlock.cidr`, cidr, NO_CIDR));
  return errors;
}

function checkClass(object: JsonObject): readonly FieldError[] {
  const controller = textAt(objectAt(object, "spec"), "controller");
  if (controller === "") return [required("spec.controller")];
  const [domain = "", path = ""] = [controller.split("/", 1)[0], controller.slice(controller.indexOf("/") + 1)];
  if (!controller.includes("/") || domain === "" || path === "")
    return [invalid("spec.controller", controller, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  return errorsOf("spec.controller", domain, subdomain1123(domain));
}

const classChange = (object: JsonObject, old: JsonObject): readonly FieldError[] => {
  const controller = valueAt(objectAt(object, "spec"), "controller");
  return isEqual(controller, valueAt(objectAt(old, "spec"), "controller")) ? [] : [invalid("spec.controller", controller ?? "", "field is immutable")];
};

export const INGRESS: KindRules = { name: nameIsSubdomain, check: checkIngress };
export const NETWORK_POLICY: KindRules = { name: nameIsSubdomain, check: checkPolicy };
export const INGRESS_CLASS: KindRules = { name: nameIsSubdomain, check: checkClass, change: classChange };
