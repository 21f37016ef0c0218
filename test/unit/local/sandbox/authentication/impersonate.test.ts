import type { IncomingHttpHeaders } from "node:http";
import { describe, expect, it } from "vitest";
import { impersonate } from "../../../../../lib/local/sandbox/authentication/impersonate.ts";
import { createAuthorizer } from "../../../../../lib/local/sandbox/authorization/authorizer.ts";
import { createFixedStore } from "../../../../support/sandbox-objects.ts";

const nobody = createAuthorizer(createFixedStore([]));
const admin = { name: "admin", groups: ["system:masters"] };
const plain = { name: "ann", groups: ["system:authenticated"] };
const end = (headers: IncomingHttpHeaders, user = admin) => {
  const result = impersonate(headers, user, nobody);
  return result.kind === "user"
    ? `${result.user.name} ${result.user.uid ?? "-"} [${result.user.groups}] ${JSON.stringify(result.user.extra ?? {})}`
    : `${result.failure.code} ${result.failure.message}`;
};

describe("impersonation", () => {
  it.each<[string, IncomingHttpHeaders, string]>([
    ["nothing asked", {}, "admin - [system:masters] {}"],
    ["a user", { "impersonate-user": "bob" }, "bob - [system:authenticated] {}"],
    [
      "all parts",
      { "impersonate-user": "bob", "impersonate-group": "g1, g2", "impersonate-uid": "u", "impersonate-extra-scopes": "view" },
      'bob u [g1,g2,system:authenticated] {"scopes":["view"]}',
    ],
    [
      "a service account",
      { "impersonate-user": "system:serviceaccount:a:two" },
      "system:serviceaccount:a:two - [system:serviceaccounts,system:serviceaccounts:a,system:authenticated] {}",
    ],
    [
      "a service account with groups",
      { "impersonate-user": "system:serviceaccount:a:two", "impersonate-group": "x" },
      "system:serviceaccount:a:two - [x,system:authenticated] {}",
    ],
    ["anonymous", { "impersonate-user": "system:anonymous" }, "system:anonymous - [system:unauthenticated] {}"],
    ["unauthenticated stays so", { "impersonate-user": "bob", "impersonate-group": "system:unauthenticated" }, "bob - [system:unauthenticated] {}"],
    ["a group alone", { "impersonate-group": "g1" }, "400 requested [{Group  g1    }] without impersonating a user"],
    ["a uid alone", { "impersonate-uid": "g1" }, "400 requested [{UID  g1  authentication.k8s.io/v1  }] without impersonating a user"],
    ["an extra alone", { "impersonate-extra-a": "g1" }, "400 requested [{UserExtra  g1  authentication.k8s.io/v1  a}] without impersonating a user"],
  ])("%s", (_, headers, want) => expect(end(headers)).toBe(want));

  it.each<[IncomingHttpHeaders, string]>([
    [{ "impersonate-user": "bob" }, '403 users "bob" is forbidden: User "ann" cannot impersonate resource "users" in API group "" at the cluster scope'],
    [
      { "impersonate-user": "system:serviceaccount:a:two" },
      '403 serviceaccounts "two" is forbidden: User "ann" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "a"',
    ],
  ])("without the verb impersonate: %j", (headers, want) => expect(end(headers, plain)).toBe(want));
});
