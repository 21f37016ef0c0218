import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import yaml from "yaml";
import type { KeyPair } from "../../lib/local/sandbox/pki/pki.ts";

/** The client certificate in a kubeconfig of one user. */
export function clientOf(kubeconfig: string): KeyPair {
  const parsed: { users: { user: { [field: string]: Json } }[] } = yaml.parse(kubeconfig);
  const user = parsed.users[0]?.user;
  const field = (name: string): string => {
    const value = isObject(user) ? user[name] : undefined;
    if (typeof value !== "string") throw new Error(`the kubeconfig has no ${name}`);
    return Buffer.from(value, "base64").toString();
  };
  return { certificate: field("client-certificate-data"), key: field("client-key-data") };
}
