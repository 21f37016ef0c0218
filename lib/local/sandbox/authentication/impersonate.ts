import type { IncomingHttpHeaders } from "node:http";
import type { Authorizer } from "../authorization/authorizer.ts";
import { forbiddenFailure } from "../authorization/forbidden.ts";
import type { User } from "../http/request.ts";
import type { RequestInfo } from "../http/request-info.ts";
import { badRequest, type Failure } from "../http/status.ts";
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, withGroup } from "./groups.ts";
import { parseServiceAccount, serviceAccountUser } from "./service-account.ts";

export type Impersonation = { readonly kind: "user"; readonly user: User } | { readonly kind: "refused"; readonly failure: Failure };

/** One thing that the headers ask to be. `reference` is how the server's Go code prints it, which a message shows. */
type Wanted = {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly reference: string;
};

const EXTRA = "impersonate-extra-";
const AUTHENTICATION = "authentication.k8s.io";

/**
 * Who the request is to be treated as from here on: the user of the Impersonate-* headers, when `user` may impersonate each part of it,
 * or `user` itself when there are none. Source: apiserver's impersonation filter.
 */
export function impersonate(headers: IncomingHttpHeaders, user: User, authorizer: Authorizer): Impersonation {
  const name = all(headers["impersonate-user"])[0] ?? "";
  const uid = all(headers["impersonate-uid"])[0] ?? "";
  const groups = all(headers["impersonate-group"]);
  const extra = extrasOf(headers);
  const wanted = wantedParts({ name, uid, groups, extra });
  if (wanted.length === 0) return { kind: "user", user };
  if (name === "")
    return { kind: "refused", failure: badRequest(`requested [${wanted.map((part) => part.reference).join(" ")}] without impersonating a user`) };

  for (const part of wanted) {
    const asked: RequestInfo = {
      kind: "resource",
      verb: "impersonate",
      group: part.group,
      version: part.group === "" ? "" : "v1",
      resource: part.resource,
      subresource: part.subresource,
      namespace: part.namespace,
      name: part.name,
      inNamespace: part.namespace !== "",
    };
    const decision = authorizer.authorize(user, asked);
    if (decision.kind !== "allowed") return { kind: "refused", failure: forbiddenFailure(user, asked, decision.reason) };
  }
  return {
    kind: "user",
    user: { name, groups: groupsOf(name, groups), ...(uid !== "" && { uid }), ...(Object.keys(extra).length > 0 && { extra }) },
  };
}

function wantedParts(from: {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: { readonly [key: string]: readonly string[] };
}): readonly Wanted[] {
  const account = parseServiceAccount(from.name);
  const part = (kind: string, group: string, resource: string, name: string, subresource = "", namespace = ""): Wanted => ({
    group,
    resource,
    subresource,
    namespace,
    name,
    reference: `{${kind} ${namespace} ${name}  ${group === "" ? "" : `${group}/v1`}  ${subresource}}`,
  });
  return [
    ...(from.name === ""
      ? []
      : [account === undefined ? part("User", "", "users", from.name) : part("ServiceAccount", "", "serviceaccounts", account.name, "", account.namespace)]),
    ...from.groups.map((group) => part("Group", "", "groups", group)),
    ...Object.entries(from.extra).flatMap(([key, values]) => values.map((value) => part("UserExtra", AUTHENTICATION, "userextras", value, key))),
    ...(from.uid === "" ? [] : [part("UID", AUTHENTICATION, "uids", from.uid)]),
  ];
}

function groupsOf(name: string, groups: readonly string[]): readonly string[] {
  const account = parseServiceAccount(name);
  const own = groups.length === 0 && account !== undefined ? serviceAccountUser(account.namespace, account.name).groups : groups;
  if (name === ANONYMOUS) return withGroup(own, UNAUTHENTICATED);
  return own.includes(UNAUTHENTICATED) ? own : withGroup(own, AUTHENTICATED);
}

/** `Impersonate-Extra-Scopes: a` → `scopes: [a]`; keys are lower case and may be percent-encoded. */
function extrasOf(headers: IncomingHttpHeaders): { readonly [key: string]: readonly string[] } {
  const found = Object.keys(headers).filter((header) => header.startsWith(EXTRA));
  return Object.fromEntries(found.map((header) => [decoded(header.slice(EXTRA.length)), all(headers[header])]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Node joins repeated headers of unknown names with ", "; group names hold no comma in practice. */
const all = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? value.split(", ").filter((item) => item !== "") : value;
