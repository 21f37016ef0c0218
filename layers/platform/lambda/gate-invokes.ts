import type { InvokeGate } from "../gate/gate-http.ts";

export type GateAddress = { readonly region: string /** Name or ARN of the function. */; readonly gate: string };

/** How the gates of private clusters are invoked; a client for each region in which there is one. Lambda's client is not read before the first call. */
export function createGateInvokes(clientOptions: { readonly endpoint?: string } = {}): (address: GateAddress) => InvokeGate {
  const clients = new Map<string, ReturnType<typeof openClient>>();

  const clientOf = (region: string): ReturnType<typeof openClient> => {
    const client = clients.get(region) ?? openClient({ ...clientOptions, region });
    clients.set(region, client);
    return client;
  };

  return ({ region, gate }) => {
    const home = /^arn:[^:]+:lambda:([^:]+):/.exec(gate)?.[1] ?? region;
    return async (payload, signal) => {
      const { client, createInvokeGate } = await clientOf(home);
      return createInvokeGate(client, gate)(payload, signal);
    };
  };
}

async function openClient(config: { readonly region: string; readonly endpoint?: string }) {
  const { createGateClient, createInvokeGate } = await import("../gate/invoke.ts");
  return { client: createGateClient(config), createInvokeGate };
}
