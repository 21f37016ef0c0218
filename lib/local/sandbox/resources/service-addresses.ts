import { isArray, isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { type FieldError, invalid } from "../schema/field-error.ts";
import type { Memory } from "../storage/memory.ts";
import { fieldOf, listOf, textOf } from "./definitions.ts";

const SERVICES = { group: "", plural: "services" } as const;
/** 10.96.0.0/12, the range that kubeadm gives; the first address is the API server's own Service. */
const FIRST = 10 * 2 ** 24 + 96 * 2 ** 16 + 10;
const SIZE = 2 ** 20;
const FIRST_PORT = 30_000;
const PORTS = 2_768;

/** A Service with its cluster address, address families and node ports; what was given, or was there before, is kept. Source: pkg/registry/core/service/storage. */
export function withAddresses(memory: Memory, kind: ResourceKind, service: Manifest, before: Manifest | undefined): Manifest {
  if (kind.custom || kind.group !== "" || kind.kind !== "Service") return service;
  const spec = fieldOf(service, "spec");
  const type = textOf(spec.type) || "ClusterIP";
  if (type === "ExternalName") return service;
  const old = before === undefined ? {} : fieldOf(before, "spec");
  const given = textOf(spec.clusterIP) || textOf(old.type === "ExternalName" ? "" : old.clusterIP);
  const address = given || freeAddress(memory);
  return {
    ...service,
    spec: {
      ...spec,
      clusterIP: address,
      clusterIPs: isArray(spec.clusterIPs) && spec.clusterIPs.length > 0 ? spec.clusterIPs : [address],
      ...((type === "NodePort" || type === "LoadBalancer") && { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" }),
      ...(type === "LoadBalancer" && { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }),
      internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster",
      ...familiesOf({ ...spec, clusterIP: address }),
      ...(isArray(spec.ports) && { ports: withNodePorts(memory, type, spec, old) }),
    },
  };
}

/** No address is given to it, and nothing selects its Pods: then any family goes. */
const isOpen = (spec: JsonObject): boolean => spec.clusterIP === "None" && (!isObject(spec.selector) || Object.keys(spec.selector).length === 0);

/** Source: pkg/registry/core/service/storage alloc.go initIPFamilyFields, on a cluster with IPv4 alone. */
function familiesOf(spec: JsonObject): JsonObject {
  const given = isArray(spec.ipFamilies) ? spec.ipFamilies : [];
  if (!isOpen(spec)) return { ipFamilies: given.length > 0 ? given : ["IPv4"], ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack" };
  const policy = spec.ipFamilyPolicy ?? "RequireDualStack";
  const first = given[0] ?? "IPv4";
  const both = given.length > 1 ? given : [first, first === "IPv4" ? "IPv6" : "IPv4"];
  return { ipFamilies: policy === "SingleStack" ? [first] : both, ipFamilyPolicy: policy };
}

/** What a Service asks that a cluster with IPv4 alone cannot give; told before anything else. Source: the same. */
export function addressFamilyErrors({ custom, group, kind }: ResourceKind, service: Manifest): readonly FieldError[] {
  const spec = fieldOf(service, "spec");
  if (custom || group !== "" || kind !== "Service" || spec.type === "ExternalName" || isOpen(spec)) return [];
  const families = isArray(spec.ipFamilies) ? spec.ipFamilies : [];
  return [
    ...(spec.ipFamilyPolicy === "RequireDualStack"
      ? [invalid("spec.ipFamilyPolicy", "RequireDualStack", "this cluster is not configured for dual-stack services")]
      : []),
    ...families.flatMap((family, index) => (family === "IPv4" ? [] : [invalid(`spec.ipFamilies[${index}]`, family, "not configured on this cluster")])),
  ];
}

function withNodePorts(memory: Memory, type: string, spec: JsonObject, old: JsonObject): readonly Json[] {
  const ports = listOf(spec.ports);
  const wanted = type === "NodePort" || (type === "LoadBalancer" && spec.allocateLoadBalancerNodePorts !== false);
  if (!wanted) return ports;
  const taken = new Set(memory.list(SERVICES).flatMap((service) => listOf(fieldOf(service, "spec").ports).map(({ nodePort }) => nodePort)));
  for (const { nodePort } of ports) if (nodePort !== undefined) taken.add(nodePort);
  let candidate = FIRST_PORT;
  return ports.map((port) => {
    if (typeof port.nodePort === "number" && port.nodePort > 0) return port;
    const before = listOf(old.ports).find((item) => item.port === port.port && item.protocol === port.protocol)?.nodePort;
    if (before !== undefined) return { ...port, nodePort: before };
    while (taken.has(candidate) && candidate < FIRST_PORT + PORTS) candidate += 1;
    taken.add(candidate);
    return { ...port, nodePort: candidate };
  });
}

function freeAddress(memory: Memory): string {
  const taken = new Set(memory.list(SERVICES).map((service) => textOf(fieldOf(service, "spec").clusterIP)));
  for (let offset = 0; offset < SIZE; offset += 1) {
    const number = FIRST + offset;
    const address = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join(".");
    if (!taken.has(address)) return address;
  }
  throw new Error("no Service address is left");
}
