import { describe, expect, it } from "vitest";
import { createDiscovery } from "../../../../../lib/local/sandbox/discovery/discovery.ts";
import { compareVersions } from "../../../../../lib/local/sandbox/discovery/groups.ts";
import type { ApiRequest } from "../../../../../lib/local/sandbox/http/request.ts";
import type { ResourceKind } from "../../../../../lib/local/sandbox/kinds/kind.ts";
import { builtInKinds } from "../../../../../lib/local/sandbox/kinds/kinds.ts";

const thing: ResourceKind = {
  group: "b.example.com",
  version: "v1",
  kind: "Thing",
  listKind: "ThingList",
  plural: "things",
  singular: "thing",
  shortNames: ["th"],
  categories: ["all"],
  namespaced: true,
  verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
  hasStatus: true,
  scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
  schema: { type: "object", properties: { spec: { type: "object" } } },
  columns: [],
  custom: true,
};

function server(custom: readonly ResourceKind[] = []) {
  let kinds = [...builtInKinds(), ...custom];
  const handle = createDiscovery({
    kinds: () => kinds,
    storageVersion: ({ version }) => version,
    kubernetes: "1.35.4",
    address: () => "127.0.0.1:1",
    tokenKeys: () => ({ keys: [] }),
  });
  const get = (path: string, headers: ApiRequest["headers"] = {}) => {
    const url = new URL(path, "https://x");
    const response = handle({
      method: "GET",
      path: url.pathname,
      query: url.searchParams,
      headers,
      body: new Uint8Array(),
      certificate: undefined,
      user: { name: "a", groups: [] },
    });
    if (response === undefined) return { code: 404, type: "", body: undefined, headers: {} };
    const text = response.kind === "json" ? JSON.stringify(response.body) : response.kind === "raw" ? String(response.body) : "";
    return { code: response.code, type: response.contentType ?? "application/json", body: parse(text), headers: response.headers ?? {} };
  };
  return { get, serve: (next: readonly ResourceKind[]) => (kinds = [...builtInKinds(), ...next]) };
}

function parse(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

describe("discovery", () => {
  it("versions stand by stability, then number", () =>
    expect(["v1alpha1", "v1", "v2beta1", "v10", "v2", "v1beta2", "foo", "v1beta1"].toSorted(compareVersions)).toEqual([
      "v10",
      "v2",
      "v1",
      "v2beta1",
      "v1beta2",
      "v1beta1",
      "v1alpha1",
      "foo",
    ]));

  it("groups of CRDs come after the built-in ones, by name", () => {
    const { get } = server([thing, { ...thing, group: "a.example.com" }, { ...thing, version: "v2beta1" }]);
    const { groups } = get("/apis").body;
    expect(groups.slice(-2).map((group: { name: string }) => group.name)).toEqual(["a.example.com", "b.example.com"]);
    expect(groups.at(-1).versions.map(({ version }: { version: string }) => version)).toEqual(["v1", "v2beta1"]);
  });

  it("a resource list has the subresources and the hash of the storage version", () => {
    expect(server([thing]).get("/apis/b.example.com/v1").body).toEqual({
      kind: "APIResourceList",
      apiVersion: "v1",
      groupVersion: "b.example.com/v1",
      resources: [
        {
          name: "things",
          singularName: "thing",
          namespaced: true,
          kind: "Thing",
          verbs: thing.verbs,
          shortNames: ["th"],
          categories: ["all"],
          storageVersionHash: "h28SFcGHy0g=",
        },
        { name: "things/status", singularName: "", namespaced: true, kind: "Thing", verbs: ["get", "patch", "update"] },
        { name: "things/scale", singularName: "", namespaced: true, group: "autoscaling", version: "v1", kind: "Scale", verbs: ["get", "patch", "update"] },
      ],
    });
  });

  it.each([
    ["", "APIGroupList"],
    ["application/json", "APIGroupList"],
    [AGGREGATED, "APIGroupDiscoveryList"],
    [`${AGGREGATED},application/json`, "APIGroupDiscoveryList"],
    [`application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,${AGGREGATED}`, "APIGroupDiscoveryList"],
    [`application/json,${AGGREGATED}`, "APIGroupList"],
  ])("Accept %j is answered with %s", (accept, kind) => expect(server().get("/apis", { accept }).body.kind).toBe(kind));

  it("aggregated discovery has an ETag and answers 304 to it", () => {
    const { get } = server();
    const etag = String(Object.entries(get("/apis", { accept: AGGREGATED }).headers).find(([name]) => name === "Etag")?.[1]);
    expect(get("/apis", { accept: AGGREGATED, "if-none-match": etag }).code).toBe(304);
  });

  it.each(["/apis/nothing", "/apis/apps/v7", "/api/v2", "/foo", "/livez/nothing"])("%s is nobody's", (path) => expect(server().get(path).code).toBe(404));
});

describe("OpenAPI", () => {
  const hashOf = (get: ReturnType<typeof server>["get"], path: string): string => get("/openapi/v3").body.paths[path]?.serverRelativeURL;

  it("the hash of a group-version changes with a schema in it, and with nothing else", () => {
    const { get, serve } = server([thing]);
    const [own, apps] = [hashOf(get, "apis/b.example.com/v1"), hashOf(get, "apis/apps/v1")];
    serve([thing]);
    expect(hashOf(get, "apis/b.example.com/v1")).toBe(own);
    serve([{ ...thing, schema: { type: "object" } }]);
    expect(hashOf(get, "apis/b.example.com/v1")).not.toBe(own);
    expect(hashOf(get, "apis/apps/v1")).toBe(apps);
    serve([]);
    expect(hashOf(get, "apis/b.example.com/v1")).toBeUndefined();
  });

  it("a document is found under its hash, and an old hash leads to the new one", () => {
    const { get } = server([thing]);
    const document = get(hashOf(get, "apis/b.example.com/v1"));
    expect(document.body.components.schemas["com.example.b.v1.Thing"]["x-kubernetes-group-version-kind"]).toEqual([
      { group: "b.example.com", version: "v1", kind: "Thing" },
    ]);
    expect(get("/openapi/v3/apis/b.example.com/v1?hash=OLD")).toMatchObject({ code: 301, headers: { Location: hashOf(get, "apis/b.example.com/v1") } });
  });

  it("every built-in group-version has a document, however its schemas refer to themselves", () => {
    const { get } = server();
    for (const { serverRelativeURL } of Object.values<{ serverRelativeURL: string }>(get("/openapi/v3").body.paths))
      expect(get(serverRelativeURL).body.openapi).toBe("3.0.0");
  });

  it("a strategic merge is for built-in kinds only: kubectl apply sends what is listed", () => {
    const { get } = server([thing]);
    const listed = (document: string, path: string): readonly string[] => Object.keys(get(document).body.paths[path].patch.requestBody.content);
    const merges = ["application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json"];
    expect(listed("/openapi/v3/apis/apps/v1", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}")).toEqual([
      ...merges,
      "application/strategic-merge-patch+json",
    ]);
    expect(listed("/openapi/v3/apis/b.example.com/v1", "/apis/b.example.com/v1/namespaces/{namespace}/things/{name}")).toEqual(merges);
  });

  it("a patch says that it may carry fieldValidation", () => {
    const { get } = server();
    const { paths } = get("/openapi/v3/apis/apps/v1").body;
    const { parameters } = paths["/apis/apps/v1/namespaces/{namespace}/deployments/{name}"].patch;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["dryRun", "fieldManager", "fieldValidation", "force"]);
  });
});

describe("health and version", () => {
  it.each([
    ["/livez", "ok"],
    ["/readyz?verbose", "[+]ping ok\n[+]log ok\n[+]etcd ok\nreadyz check passed\n"],
    ["/healthz/ping", "ok"],
  ])("%s", (path, want) => expect(server().get(path).body).toBe(want));

  it("the version names the Kubernetes that the sandbox follows", () =>
    expect(server().get("/version").body).toMatchObject({ major: "1", minor: "35", gitVersion: "v1.35.4" }));
});
