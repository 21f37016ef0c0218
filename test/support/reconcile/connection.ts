import type { Connection } from "@sluice/platform/kubernetes/connection.ts";
import type { Sandbox } from "../../../lib/local/sandbox/sandbox.ts";

/** How to reach a sandbox as its administrator, or as somebody else. */
export function connectionTo(sandbox: Sandbox, kubeconfig = sandbox.kubeconfig()): Connection {
  const field = (name: string): Buffer => Buffer.from(new RegExp(`${name}: (\\S+)`).exec(kubeconfig)?.[1] ?? "", "base64");
  return {
    server: sandbox.url,
    certificateAuthority: sandbox.certificateAuthority,
    clientCertificate: field("client-certificate-data"),
    clientKey: field("client-key-data"),
    userAgent: "sluice-test",
  };
}
