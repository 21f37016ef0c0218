import type { User } from "../http/request.ts";
import { AUTHENTICATED } from "./groups.ts";

const PREFIX = "system:serviceaccount:";

/** The service account as a user, with the groups that every one of its tokens carries. */
export const serviceAccountUser = (namespace: string, name: string): User => ({
  name: `${PREFIX}${namespace}:${name}`,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, AUTHENTICATED],
});

/** `system:serviceaccount:apps:one` → its namespace and name; undefined for any other user. */
export function parseServiceAccount(user: string): { readonly namespace: string; readonly name: string } | undefined {
  if (!user.startsWith(PREFIX)) return undefined;
  const [namespace = "", name = "", ...more] = user.slice(PREFIX.length).split(":");
  return namespace !== "" && name !== "" && more.length === 0 ? { namespace, name } : undefined;
}
