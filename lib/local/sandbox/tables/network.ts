import type { Json } from "@sluice/engine/domain/json.ts";
import { age, nameOf, type Printer } from "./printer.ts";
import { at, firstThree, listAt, NONE, numberAt, orNone, textAt, UNSET } from "./read.ts";
import { labelsText, selectorText } from "./selector-text.ts";

const balancers = (object: Json): readonly string[] =>
  listAt(object, "status", "loadBalancer", "ingress").map((item) => textAt(item, "ip") || textAt(item, "hostname"));

const servicePrinter: Printer = (service, now) => [
  nameOf(service),
  textAt(service, "spec", "type"),
  orNone(textAt(service, "spec", "clusterIP")),
  externalAddress(service),
  orNone(listAt(service, "spec", "ports").map(portText).join(",")),
  age(service, now),
  labelsText(at(service, "spec", "selector")),
];

function externalAddress(service: Json): string {
  const given = listAt(service, "spec", "externalIPs").map(String);
  switch (textAt(service, "spec", "type")) {
    case "ExternalName":
      return textAt(service, "spec", "externalName");
    case "LoadBalancer":
      return [...balancers(service), ...given].join(",") || "<pending>";
    default:
      return orNone(given.join(","));
  }
}

function portText(port: Json): string {
  const node = numberAt(port, "nodePort");
  return `${numberAt(port, "port")}${node === 0 ? "" : `:${node}`}/${textAt(port, "protocol")}`;
}

const ingressPrinter: Printer = (ingress, now) => {
  const hosts = listAt(ingress, "spec", "rules").flatMap((rule) => (textAt(rule, "host") === "" ? [] : [textAt(rule, "host")]));
  return [
    nameOf(ingress),
    textAt(ingress, "spec", "ingressClassName") || textAt(ingress, "metadata", "annotations", "kubernetes.io/ingress.class") || NONE,
    hosts.length === 0 ? "*" : firstThree(hosts),
    balancers(ingress).join(","),
    listAt(ingress, "spec", "tls").length > 0 ? "80, 443" : "80",
    age(ingress, now),
  ];
};

function endpointsText(endpoints: Json): string {
  const all = listAt(endpoints, "subsets").flatMap((subset) => {
    const addresses = listAt(subset, "addresses").map((address) => textAt(address, "ip"));
    const ports = listAt(subset, "ports");
    return ports.length === 0
      ? addresses
      : ports.flatMap((port) => addresses.map((address) => `${address.includes(":") ? `[${address}]` : address}:${numberAt(port, "port")}`));
  });
  return orNone(firstThree(all));
}

function slicePorts(slice: Json): string {
  const ports = listAt(slice, "ports").map((port) => (at(port, "port") === undefined ? "*" : String(numberAt(port, "port"))));
  return ports.length === 0 ? UNSET : firstThree(ports);
}

const sliceAddresses = (slice: Json): string =>
  firstThree(listAt(slice, "endpoints").flatMap((endpoint) => listAt(endpoint, "addresses").map(String))) || UNSET;

function classParameters(ingressClass: Json): string {
  const parameters = at(ingressClass, "spec", "parameters");
  if (parameters === undefined) return NONE;
  const group = textAt(parameters, "apiGroup");
  return `${textAt(parameters, "kind")}${group === "" ? "" : `.${group}`}/${textAt(parameters, "name")}`;
}

export const networkPrinters: { readonly [groupAndPlural: string]: Printer } = {
  "/services": servicePrinter,
  "/endpoints": (object, now) => [nameOf(object), endpointsText(object), age(object, now)],
  "discovery.k8s.io/endpointslices": (object, now) => [
    nameOf(object),
    textAt(object, "addressType"),
    slicePorts(object),
    sliceAddresses(object),
    age(object, now),
  ],
  "networking.k8s.io/ingresses": ingressPrinter,
  "networking.k8s.io/ingressclasses": (object, now) => [nameOf(object), textAt(object, "spec", "controller"), classParameters(object), age(object, now)],
  "networking.k8s.io/networkpolicies": (object, now) => [nameOf(object), selectorText(at(object, "spec", "podSelector")), age(object, now)],
  "networking.k8s.io/servicecidrs": (object, now) => [nameOf(object), listAt(object, "spec", "cidrs").map(String).join(","), age(object, now)],
  "networking.k8s.io/ipaddresses": (object) => {
    const parent = at(object, "spec", "parentRef");
    const parts = [textAt(parent, "resource"), textAt(parent, "namespace"), textAt(parent, "name")].filter((part) => part !== "");
    const group = textAt(parent, "group");
    return [nameOf(object), group === "" ? parts.join("/") : [`${parts[0]}.${group}`, ...parts.slice(1)].join("/")];
  },
};
