import { describe, expect, it } from "vitest";
import { parseRequestInfo } from "../../../../../lib/local/sandbox/http/request-info.ts";

describe("request info", () => {
  it.each<[string, string]>([
    ["GET /api/v1/pods", "list pods"],
    ["GET /api/v1/pods?watch=true", "watch pods"],
    ["GET /api/v1/pods?watch=false", "list pods"],
    ["GET /api/v1/namespaces/a/pods", "list pods in a"],
    ["GET /api/v1/namespaces/a/pods/x", "get pods x in a"],
    ["GET /api/v1/namespaces/a/pods/x/log", "get pods/log x in a"],
    ["HEAD /api/v1/namespaces/a/pods/x", "get pods x in a"],
    ["POST /api/v1/namespaces/a/pods", "create pods in a"],
    ["PUT /api/v1/namespaces/a/pods/x", "update pods x in a"],
    ["DELETE /api/v1/namespaces/a/pods/x", "delete pods x in a"],
    ["DELETE /api/v1/namespaces/a/pods", "deletecollection pods in a"],
    ["PATCH /apis/apps/v1/namespaces/a/deployments/web/scale", "patch deployments.apps/scale web in a"],
    ["GET /api/v1/namespaces", "list namespaces"],
    ["GET /api/v1/namespaces/a", "get namespaces a in a"],
    ["PUT /api/v1/namespaces/a/finalize", "update namespaces/finalize a in a"],
    ["GET /api/v1/namespaces/a/status", "get namespaces/status a in a"],
    ["GET /apis/rbac.authorization.k8s.io/v1/clusterroles/admin", "get clusterroles.rbac.authorization.k8s.io admin"],
    ["GET /version", "get path /version"],
    ["GET /api/v1", "get path /api/v1"],
    ["GET /apis/apps/v1", "get path /apis/apps/v1"],
    ["POST /healthz", "post path /healthz"],
    ["GET /api/v1/namespaces/a/pods/x/y/z", "get path /api/v1/namespaces/a/pods/x/y/z"],
  ])("%s → %s", (text, want) => {
    const [method = "", url = ""] = text.split(" ");
    const [path = "", query = ""] = url.split("?");
    const info = parseRequestInfo(method, path, new URLSearchParams(query));
    if (info.kind === "path") return expect(`${info.verb} path ${info.path}`).toBe(want);
    const group = info.group === "" ? "" : `.${info.group}`;
    const subresource = info.subresource === "" ? "" : `/${info.subresource}`;
    const words = [info.verb, `${info.resource}${group}${subresource}`, info.name, info.namespace === "" ? "" : `in ${info.namespace}`];
    return expect(words.filter((word) => word !== "").join(" ")).toBe(want);
  });
});
