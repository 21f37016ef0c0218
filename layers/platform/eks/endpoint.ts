import { DescribeClusterCommand, type EKSClient } from "@aws-sdk/client-eks";

/** Where the API server of a cluster is, and by whose certificates it is known. */
export type Endpoint = { readonly server: string; readonly certificateAuthority: string };

/** Asks EKS where the cluster's API server is. Throws when there is no such cluster, and while one that is being made has no server yet. */
export async function readEndpoint(client: EKSClient, name: string): Promise<Endpoint> {
  const { cluster } = await client.send(new DescribeClusterCommand({ name }));
  const { endpoint, certificateAuthority, status } = cluster ?? {};
  if (endpoint === undefined || certificateAuthority?.data === undefined) throw new Error(`cluster ${name} has no API server yet: its status is ${status}`);
  return { server: endpoint, certificateAuthority: Buffer.from(certificateAuthority.data, "base64").toString("utf8") };
}
