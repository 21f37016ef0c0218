import type { SignedRequests } from "../aws/signed-requests.ts";
import type { InvokeGate } from "../gate/gate-http.ts";
import { createGateClient, createInvokeGate } from "../gate/invoke.ts";

export type GateAddress = { readonly region: string /** Name or ARN of the function. */; readonly gate: string };

/** How the gates of private clusters are invoked; over connections of one's own for each region in which there is one. */
export function createGateInvokes(options: { readonly endpoint?: string } = {}): (address: GateAddress) => InvokeGate {
  const clients = new Map<string, SignedRequests>();

  const clientOf = (region: string): SignedRequests => {
    const client = clients.get(region) ?? createGateClient({ ...options, region });
    clients.set(region, client);
    return client;
  };

  return ({ region, gate }) => createInvokeGate(clientOf(/^arn:[^:]+:lambda:([^:]+):/.exec(gate)?.[1] ?? region), gate);
}
