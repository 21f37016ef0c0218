import { isArray, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
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
      ...(type !== "ClusterIP" && { externalTrafficPolicy: spec.externalTrafficPolicy ?? "Cluster" }),
      ...(type === "LoadBalancer" && { allocateLoadBalancerNodePorts: spec.allocateLoadBalancerNodePorts ?? true }),
      internalTrafficPolicy: spec.internalTrafficPolicy ?? "Cluster",
      ipFamilies: spec.ipFamilies ?? ["IPv4"],
      ipFamilyPolicy: spec.ipFamilyPolicy ?? "SingleStack",
      ...(isArray(spec.ports) && { ports: withNodePorts(memory, type, spec, old) }),
    },
  };
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
