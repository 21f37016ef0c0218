import type { KeyPair } from "./pki.ts";

const encoded = (text: string): string => Buffer.from(text).toString("base64");

/** A kubeconfig for one cluster and one user with a client certificate. */
export function kubeconfigText(options: {
  readonly name: string;
  readonly url: string;
  readonly certificateAuthority: string;
  readonly user: string;
  readonly client: KeyPair;
}): string {
  const { name, url, certificateAuthority, user, client } = options;
  return `apiVersion: v1
kind: Config
clusters:
  - name: ${name}
    cluster:
      server: ${url}
      certificate-authority-data: ${encoded(certificateAuthority)}
users:
  - name: ${user}
    user:
      client-certificate-data: ${encoded(client.certificate)}
      client-key-data: ${encoded(client.key)}
contexts:
  - name: ${name}
    context:
      cluster: ${name}
      user: ${user}
current-context: ${name}
`;
}
