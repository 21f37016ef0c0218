import type { Identity } from "../client.ts";
import type { ContractCase, Story } from "../story.ts";
import { configMap } from "./objects.ts";

const RBAC = "rbac.authorization.k8s.io/v1";

/** A service account of the case's namespace with the rules, and a token of it. */
async function account(story: Story, name: string, rules: readonly object[]): Promise<Identity> {
  await story.post("serviceaccounts", { apiVersion: "v1", kind: "ServiceAccount", metadata: { name } }, { silent: true });
  await story.post(`${RBAC}:roles`, { apiVersion: RBAC, kind: "Role", metadata: { name }, rules }, { silent: true });
  const binding = {
    apiVersion: RBAC,
    kind: "RoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name }],
  };
  await story.post(`${RBAC}:rolebindings`, binding, { silent: true });
  const { body } = await story.post(
    `serviceaccounts/${name}/token`,
    { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: {} },
    { silent: true },
  );
  return { token: body.status.token };
}

const review = (attributes: object) => ({ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: attributes });
const SELF = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
const WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
const whoami = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };

/** RBAC works from a cache on a real server: ask until it knows. */
const settled = async (story: Story, as: Identity, path: string): Promise<void> => {
  for (let tries = 0; tries < 100; tries += 1) if ((await story.get(path, { as, silent: true })).code !== 403) return;
};

export const authorizationCases: readonly ContractCase[] = [
  {
    title: "anonymous, unknown tokens, users without rights",
    play: async (story) => {
      await story.get("configmaps", { as: {} });
      await story.get("/metrics", { as: {} });
      await story.get("configmaps", { as: { token: "nonsense" } });
      const ann = story.issue("ann", ["team"]);
      await story.get("configmaps/a", { as: ann });
      await story.get("/api/v1/nodes", { as: ann });
      await story.get("/apis/apps/v1/deployments", { as: ann });
      await story.get("apps/v1:deployments/a/scale", { as: ann });
      await story.post("configmaps", configMap("a"), { as: ann });
      await story.delete("configmaps", undefined, { as: ann });
      await story.get("configmaps", { as: ann, query: "watch=1" });
      await story.get("things", { as: ann });
      await story.get("/version", { as: {}, silent: true }).then(({ code }) => story.note(`/version ${code}`));
    },
  },
  {
    title: "who am I",
    play: async (story) => {
      const show = async (as: Identity): Promise<void> => {
        const { body } = await story.post(WHO, whoami, { as, silent: true });
        const { extra: _, ...user } = body.status.userInfo;
        story.note(JSON.stringify(user));
      };
      await show(story.issue("ann", ["team", "other"]));
      await show(await account(story, "one", []));
    },
  },
  {
    title: "a role gives what it says and no more",
    play: async (story) => {
      const as = await account(story, "one", [
        { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list"] },
        { apiGroups: [""], resources: ["secrets"], resourceNames: ["s"], verbs: ["get"] },
      ]);
      await settled(story, as, "configmaps");
      await story.get("configmaps/none", { as });
      await story.get("secrets/s", { as });
      await story.get("secrets/t", { as });
      await story.delete("configmaps/none", undefined, { as });
      await story.get("/api/v1/namespaces/default/configmaps/none", { as });
      await story.get("/api/v1/configmaps", { as });
    },
  },
  {
    title: "apply needs patch, and create for what is new",
    play: async (story) => {
      const as = await account(story, "one", [{ apiGroups: [""], resources: ["configmaps"], verbs: ["patch", "get"] }]);
      await settled(story, as, "configmaps/none");
      await story.apply("configmaps/a", configMap("a"), "one", { as });
      await story.apply("configmaps/a", configMap("a"), "one", { as, query: "dryRun=All" });
      await story.post("configmaps", configMap("a"), { silent: true });
      await story.apply("configmaps/a", configMap("a", { x: "1" }), "one", { as });
      await story.patch("merge", "configmaps/b", {}, { as });
    },
  },
  {
    title: "impersonation",
    play: async (story) => {
      const admin = story.issue("root", ["system:masters"]);
      const like = (headers: { readonly [name: string]: string | readonly string[] }): Identity => ({ ...admin, headers });
      await story.get("/api/v1/nodes", { as: like({ "Impersonate-User": "bob" }) });
      await story.get("configmaps/a", { as: like({ "Impersonate-User": `system:serviceaccount:${story.namespace}:two` }) });
      await story.post(WHO, whoami, {
        as: like({ "Impersonate-User": "bob", "Impersonate-Group": ["g1", "g2"], "Impersonate-Uid": "u", "Impersonate-Extra-Scopes": "view" }),
      });
      await story.post(WHO, whoami, { as: like({ "Impersonate-User": `system:serviceaccount:${story.namespace}:two` }) });
      await story.get("/api/v1/nodes", { as: like({ "Impersonate-Group": "g" }) });
      const ann = story.issue("ann", []);
      await story.get("/api/v1/nodes", { as: { ...ann, headers: { "Impersonate-User": "bob" } } });
      await story.get("/api/v1/nodes", { as: { ...ann, headers: { "Impersonate-User": `system:serviceaccount:${story.namespace}:two` } } });
    },
  },
  {
    title: "a binding to a role that is not there",
    play: async (story) => {
      const as = await account(story, "one", []);
      const binding = {
        apiVersion: RBAC,
        kind: "RoleBinding",
        metadata: { name: "lost" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "nope" },
        subjects: [{ kind: "ServiceAccount", name: "one" }],
      };
      await story.post(`${RBAC}:rolebindings`, binding, { silent: true });
      for (let tries = 0; tries < 100; tries += 1) if ((await story.get("configmaps", { as, silent: true })).text.includes("nope")) break;
      await story.get("configmaps", { as });
      await story.post(SELF, review({ resourceAttributes: { verb: "list", resource: "configmaps", namespace: story.namespace } }), { as });
    },
  },
  {
    title: "access reviews",
    play: async (story) => {
      const as = await account(story, "one", [{ apiGroups: ["apps"], resources: ["deployments/scale"], verbs: ["get"] }]);
      for (let tries = 0; tries < 100; tries += 1)
        if (
          (
            await story.post(
              SELF,
              review({ resourceAttributes: { verb: "get", group: "apps", resource: "deployments", subresource: "scale", namespace: story.namespace } }),
              { as, silent: true },
            )
          ).body.status.allowed
        )
          break;
      await story.post(
        SELF,
        review({ resourceAttributes: { verb: "get", group: "apps", resource: "deployments", subresource: "scale", namespace: story.namespace } }),
        { as },
      );
      await story.post(SELF, review({ resourceAttributes: { verb: "get", resource: "pods", namespace: story.namespace } }), { as });
      await story.post(SELF, review({ nonResourceAttributes: { verb: "get", path: "/api" } }), { as });
      await story.post(SELF, review({ resourceAttributes: { verb: "*", group: "*", resource: "*" } }));
      await story.post(SELF, review({}));
      const other = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
      const subject = (spec: object) => ({ apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec });
      await story.post(other, subject({ user: "x", groups: ["system:masters"], resourceAttributes: { verb: "get", resource: "pods" } }));
      await story.post(other, subject({ resourceAttributes: { verb: "get", resource: "pods" } }));
      await story.post(other, subject({ user: "x", resourceAttributes: { verb: "get", resource: "pods" } }), { as });
    },
  },
  {
    title: "tokens and token reviews",
    play: async (story) => {
      const { token } = await account(story, "one", []);
      const reviews = "/apis/authentication.k8s.io/v1/tokenreviews";
      const ask = (spec: object) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec });
      const { body } = await story.post(reviews, ask({ token }), { silent: true });
      story.note(JSON.stringify({ ...body.status, user: { ...body.status.user, extra: Object.keys(body.status.user.extra) } }));
      await story.post(reviews, ask({ token: "bad" }));
      await story.post(reviews, ask({ token, audiences: ["elsewhere"] }));
      await story.post(reviews, ask({}));
      const request = (spec: object) => ({ apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec });
      await story.post("serviceaccounts/one/token", request({ expirationSeconds: 1 }));
      await story.post("serviceaccounts/one/token", request({ audiences: ["me"], expirationSeconds: 600 }));
      await story.post("serviceaccounts/none/token", request({}));
      await story.post("serviceaccounts/one/token", request({ boundObjectRef: { apiVersion: "v1", kind: "Pod", name: "none" } }));
    },
  },
  {
    title: "the default roles",
    play: async (story) => {
      for (const name of ["cluster-admin", "admin", "edit", "view", "system:discovery", "system:basic-user", "system:public-info-viewer"]) {
        const { body } = await story.get(`/apis/${RBAC}/clusterroles/${name}`, { silent: true });
        story.note(JSON.stringify({ name, aggregationRule: body.aggregationRule ?? null, rules: body.rules }));
      }
      for (const name of ["cluster-admin", "system:discovery", "system:basic-user", "system:public-info-viewer"]) {
        const { body } = await story.get(`/apis/${RBAC}/clusterrolebindings/${name}`, { silent: true });
        story.note(JSON.stringify({ name, subjects: body.subjects }));
      }
    },
  },
  {
    title: "aggregated roles follow the roles that they select",
    play: async (story) => {
      const [all, part] = [story.unique("all"), story.unique("part")];
      const roles = `/apis/${RBAC}/clusterroles`;
      for (const name of [all, part]) story.cleanUp(`${roles}/${name}`);
      const rules = [{ apiGroups: ["x"], resources: ["y"], verbs: ["get"] }];
      await story.post(
        roles,
        {
          apiVersion: RBAC,
          kind: "ClusterRole",
          metadata: { name: all },
          aggregationRule: { clusterRoleSelectors: [{ matchLabels: { into: story.namespace } }] },
          rules: [],
        },
        { silent: true },
      );
      await story.post(roles, { apiVersion: RBAC, kind: "ClusterRole", metadata: { name: part, labels: { into: story.namespace } }, rules }, { silent: true });
      const { body } = await story.until(`${roles}/${all}`, (answer) => answer.body.rules?.length === 1);
      story.note(JSON.stringify(body.rules));
    },
  },
];
