import { request } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSandbox, type Sandbox } from "../../../../../lib/local/sandbox/sandbox.ts";

const asked: string[] = [];
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await createSandbox({
    nodes: false,
    authenticateToken: async (token) => {
      asked.push(token);
      return token === "k8s-aws-v1.good" ? { name: "arn:aws:iam::1:role/apply", groups: ["sluice:source"], extra: { arn: ["x"] } } : undefined;
    },
  });
});
afterAll(() => sandbox.stop());

type Reply = { readonly code: number; readonly body: { readonly [field: string]: unknown } };

const send = (method: string, path: string, token: string | undefined, body?: unknown): Promise<Reply> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", ...(token !== undefined && { authorization: `Bearer ${token}` }) };
    const outgoing = request(`${sandbox.url}${path}`, { method, ca: sandbox.certificateAuthority, headers }, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on("data", (part: Buffer) => parts.push(part));
      incoming.on("end", () => resolve({ code: incoming.statusCode ?? 0, body: JSON.parse(Buffer.concat(parts).toString()) }));
    });
    outgoing.on("error", reject).end(body === undefined ? undefined : JSON.stringify(body));
  });

const WHO = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

describe("a token of somebody else's", () => {
  it("is that of the user whom the authenticator names, and of nobody when it knows none", async () => {
    expect(await send("POST", WHO, "k8s-aws-v1.good", {})).toMatchObject({
      code: 201,
      body: { status: { userInfo: { username: "arn:aws:iam::1:role/apply", groups: ["sluice:source", "system:authenticated"], extra: { arn: ["x"] } } } },
    });
    expect(await send("POST", WHO, "k8s-aws-v1.bad", {})).toMatchObject({ code: 401, body: { reason: "Unauthorized" } });
    expect(asked).toEqual(["k8s-aws-v1.good", "k8s-aws-v1.bad"]);
  });

  it("gives the rights of its groups and no more", async () => {
    const path = "/api/v1/namespaces/default/configmaps";
    expect(await send("GET", path, "k8s-aws-v1.good")).toMatchObject({ code: 403 });
    const meta = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name: "source" } };
    const rbac = (plural: string) => ({ group: "rbac.authorization.k8s.io", plural });
    const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["list"] }];
    sandbox.store.create(rbac("clusterroles"), { ...meta, kind: "ClusterRole", rules }, { manager: "test" });
    const apiGroup = "rbac.authorization.k8s.io";
    const roleRef = { apiGroup, kind: "ClusterRole", name: "source" };
    const subjects = [{ apiGroup, kind: "Group", name: "sluice:source" }];
    sandbox.store.create(rbac("clusterrolebindings"), { ...meta, kind: "ClusterRoleBinding", roleRef, subjects }, { manager: "test" });
    expect(await send("GET", path, "k8s-aws-v1.good")).toMatchObject({ code: 200 });
    expect(await send("POST", path, "k8s-aws-v1.good", { metadata: { name: "x" } })).toMatchObject({ code: 403 });
  });

  it("is not asked about where there is no token", async () => {
    asked.length = 0;
    expect(await send("POST", WHO, undefined, {})).toMatchObject({ body: { message: expect.stringContaining("system:anonymous") } });
    expect(asked).toEqual([]);
  });
});
