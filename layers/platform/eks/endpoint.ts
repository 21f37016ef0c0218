import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { percentEncode } from "../aws/percent-encode.ts";
import type { SignedRequests } from "../aws/signed-requests.ts";

/** Where the API server of a cluster is, and by whose certificates it is known. */
export type Endpoint = { readonly server: string; readonly certificateAuthority: string };

/** Asks EKS where the cluster's API server is. Throws when there is no such cluster, and while one that is being made has no server yet. */
export async function readEndpoint(eks: Pick<SignedRequests, "send">, name: string): Promise<Endpoint> {
  const { body } = await eks.send({ method: "GET", path: `/clusters/${percentEncode(name)}` });
  const { endpoint, certificateAuthority, status } = member(JSON.parse(body.toString("utf8")), "cluster");
  const data = isObject(certificateAuthority) ? certificateAuthority.data : undefined;
  if (typeof endpoint !== "string" || typeof data !== "string") throw new Error(`cluster ${name} has no API server yet: its status is ${status}`);
  return { server: endpoint, certificateAuthority: Buffer.from(data, "base64").toString("utf8") };
}

const member = (value: Json, name: string): { readonly [key: string]: Json | undefined } => {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
};
