import type { JsonObject } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { describe, expect, it } from "vitest";
import { createAuthorizer } from "../../../../../lib/local/sandbox/authorization/authorizer.ts";
import { forbiddenFailure } from "../../../../../lib/local/sandbox/authorization/forbidden.ts";
import { parseRequestInfo } from "../../../../../lib/local/sandbox/http/request-info.ts";
import { createFixedStore } from "../../../../support/sandbox-objects.ts";

const role = (kind: string, name: string, rules: readonly JsonObject[], namespace?: string): Manifest => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  rules,
});
const binding = (kind: string, name: string, to: string, subject: JsonObject, namespace?: string): Manifest => ({
  apiVersion: "v1",
  kind,
  metadata: { name, ...(namespace && { namespace }) },
  roleRef: { kind: to.split("/")[0] ?? "", name: to.split("/")[1] ?? "" },
  subjects: [subject],
});
const user = { name: "system:serviceaccount:apps:one", groups: ["system:serviceaccounts", "g"] };
const me = { kind: "ServiceAccount", name: "one", namespace: "apps" };
const ask = (objects: readonly Manifest[], method: string, path: string): string => {
  const asked = parseRequestInfo(method, path, new URLSearchParams());
  const decision = createAuthorizer(createFixedStore(objects)).authorize(user, asked);
  return decision.kind === "allowed" ? `yes ${decision.reason}` : `no ${forbiddenFailure(user, asked, decision.reason).message}`;
};
const isAllowed = (rules: readonly JsonObject[], method: string, path: string): boolean =>
  ask([role("ClusterRole", "r", rules), binding("ClusterRoleBinding", "b", "ClusterRole/r", me)], method, path).startsWith("yes");

describe("RBAC", () => {
  it.each<[JsonObject, string, string, boolean]>([
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }, "GET", "/api/v1/namespaces/x/pods/a", true],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }, "GET", "/api/v1/namespaces/x/pods", false],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }, "GET", "/api/v1/namespaces/x/pods/a/log", false],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, "GET", "/api/v1/namespaces/x/pods/a/log", true],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods/log"] }, "GET", "/api/v1/namespaces/x/pods/a", false],
    [{ verbs: ["get"], apiGroups: [""], resources: ["*/log"] }, "GET", "/api/v1/namespaces/x/pods/a/log", true],
    [{ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, "DELETE", "/apis/apps/v1/namespaces/x/deployments", true],
    [{ verbs: ["*"], apiGroups: [""], resources: ["*"] }, "DELETE", "/apis/apps/v1/namespaces/x/deployments", false],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, "GET", "/api/v1/namespaces/x/pods/a", true],
    [{ verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, "GET", "/api/v1/namespaces/x/pods/b", false],
    [{ verbs: ["create"], apiGroups: [""], resources: ["pods"], resourceNames: ["a"] }, "POST", "/api/v1/namespaces/x/pods", false],
    [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }, "GET", "/metrics", true],
    [{ verbs: ["get"], nonResourceURLs: ["/metrics"] }, "GET", "/metrics/x", false],
    [{ verbs: ["get"], nonResourceURLs: ["/metrics/*"] }, "GET", "/metrics/x", true],
    [{ verbs: ["get"], nonResourceURLs: ["*"] }, "POST", "/metrics", false],
  ])("%j, %s %s: %s", (rule, method, path, want) => expect(isAllowed([rule], method, path)).toBe(want));

  const readPods = [{ verbs: ["get"], apiGroups: [""], resources: ["pods"] }];
  it("a RoleBinding counts in its namespace only, and its service account may leave the namespace out", () => {
    const objects = [role("Role", "r", readPods, "apps"), binding("RoleBinding", "b", "Role/r", { kind: "ServiceAccount", name: "one" }, "apps")];
    expect(ask(objects, "GET", "/api/v1/namespaces/apps/pods/a")).toBe('yes RBAC: allowed by RoleBinding "b/apps" of Role "r" to ServiceAccount "one/apps"');
    expect(ask(objects, "GET", "/api/v1/namespaces/other/pods/a")).toMatch(/^no/);
    expect(ask(objects, "GET", "/api/v1/pods")).toMatch(/^no/);
  });

  it.each([
    [{ kind: "User", name: "system:serviceaccount:apps:one" }, true],
    [{ kind: "User", name: "one" }, false],
    [{ kind: "Group", name: "g" }, true],
    [{ kind: "Group", name: "h" }, false],
    [{ kind: "ServiceAccount", name: "one", namespace: "other" }, false],
  ])("subject %j: %s", (subject, want) =>
    expect(
      ask([role("ClusterRole", "r", readPods), binding("ClusterRoleBinding", "b", "ClusterRole/r", subject)], "GET", "/api/v1/namespaces/x/pods/a").startsWith(
        "yes",
      ),
    ).toBe(want));

  it.each([
    [
      "GET",
      "/api/v1/namespaces/apps/configmaps/a",
      'configmaps "a" is forbidden: User "system:serviceaccount:apps:one" cannot get resource "configmaps" in API group "" in the namespace "apps"',
    ],
    [
      "GET",
      "/apis/apps/v1/deployments",
      'deployments.apps is forbidden: User "system:serviceaccount:apps:one" cannot list resource "deployments" in API group "apps" at the cluster scope',
    ],
    [
      "PATCH",
      "/apis/apps/v1/namespaces/a/deployments/x/scale",
      'deployments.apps "x" is forbidden: User "system:serviceaccount:apps:one" cannot patch resource "deployments/scale" in API group "apps" in the namespace "a"',
    ],
    ["POST", "/foo", 'forbidden: User "system:serviceaccount:apps:one" cannot post path "/foo"'],
  ])("the refusal of %s %s, to the letter", (method, path, want) => expect(ask([], method, path)).toBe(`no ${want}`));

  it("a refusal names the roles that were not found", () => {
    const one = binding("ClusterRoleBinding", "b", "ClusterRole/nope", me);
    expect(ask([one], "GET", "/foo")).toMatch(/: RBAC: clusterrole\.rbac\.authorization\.k8s\.io "nope" not found$/);
    const two = [one, binding("RoleBinding", "b", "Role/none", me, "apps")];
    expect(ask(two, "GET", "/api/v1/namespaces/apps/pods")).toMatch(
      /: RBAC: \[clusterrole\.rbac\.authorization\.k8s\.io "nope" not found, role\.rbac\.authorization\.k8s\.io "none" not found\]$/,
    );
  });
});
