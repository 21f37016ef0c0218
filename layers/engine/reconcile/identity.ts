import type { Cluster } from "../ports/cluster.ts";
import type { Settings } from "./settings.ts";

/** An object whose work may be done in the name of a ServiceAccount of its namespace. */
type Impersonating = { readonly metadata: { readonly namespace: string }; readonly spec: { readonly serviceAccountName?: string } };

/** The ServiceAccount that the object, or the host for it, names. */
const accountOf = ({ spec }: Impersonating, { defaultServiceAccount }: Settings): string | undefined => spec.serviceAccountName ?? defaultServiceAccount;

/** Why nothing may be done in the name of the account that the object, or the host for it, names. Source: security.md, impersonation. */
export function identityProblem(object: Impersonating, settings: Settings): string | undefined {
  const account = accountOf(object, settings);
  if (account === undefined || (/^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(account) && account.length <= 253)) return undefined;
  return `${JSON.stringify(account.slice(0, 253))} names no service account: nothing is done with other rights in its place`;
}

/** The user whose rights count for everything that is applied, or undefined for our own. Source: reference 7.1. */
export function impersonatedUser(object: Impersonating, settings: Settings): string | undefined {
  const account = accountOf(object, settings);
  return account === undefined ? undefined : `system:serviceaccount:${object.metadata.namespace}:${account}`;
}

/** True once the ServiceAccount whose rights would count is gone, or never was one: nobody may delete in its name. */
export async function isIdentityGone(cluster: Pick<Cluster, "get">, object: Impersonating, settings: Settings): Promise<boolean> {
  const name = accountOf(object, settings);
  if (name === undefined) return false;
  if (identityProblem(object, settings) !== undefined) return true;
  return (await cluster.get({ apiVersion: "v1", kind: "ServiceAccount", namespace: object.metadata.namespace, name })).kind === "absent";
}
