import { createHash } from "node:crypto";
import type { Json, JsonObject } from "@sluice/engine/domain/json.ts";
import { type ApiRequest, type ApiResponse, type Handler, json } from "../http/request.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { aggregatedDiscovery, apiGroup, apiGroupList, apiResourceList, type Group, groupsOf } from "./groups.ts";
import { answerHealth } from "./health.ts";
import { openApiDocument, openApiIndex, openApiV2 } from "./openapi.ts";
import { emptyOpenApiV2 } from "./protobuf.ts";

export type DiscoveryDeps = {
  /** Every served version of every resource, in discovery's order; the same array as long as nothing changed. */
  readonly kinds: () => readonly ResourceKind[];
  /** The version in which a kind's objects are held. */
  readonly storageVersion: (kind: ResourceKind) => string;
  /** `1.35.4`. */
  readonly kubernetes: string;
  /** `127.0.0.1:6443`, once it is known. */
  readonly address: () => string;
  /** The keys that service account tokens can be checked with. */
  readonly tokenKeys: () => JsonObject;
};

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const PROTOBUF = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf";
const ISSUER = "https://kubernetes.default.svc";

/** Answers everything that says what the server is and what it serves: discovery, OpenAPI, version, health. Only GET. */
export function createDiscovery(deps: DiscoveryDeps): Handler {
  const minor = deps.kubernetes.split(".").slice(0, 2).join(".");
  const model = onceFor(deps.kinds, (kinds) => {
    const groups = groupsOf(kinds);
    return { groups, index: openApiIndex(deps.kubernetes, groups), documents: new Map<string, string>() };
  });

  function answerApi(request: ApiRequest, parts: readonly string[]): ApiResponse | undefined {
    const { groups } = model();
    const [root, ...rest] = parts;
    const [name, version, ...more] = root === "api" ? ["", ...rest] : rest;
    if (more.length > 0) return undefined;
    if (name === undefined || (root === "api" && version === undefined)) return answerRoot(request, root === "api", groups);
    const group = groups.find((candidate) => candidate.name === name);
    if (group === undefined) return undefined;
    if (version === undefined) return json(200, { kind: "APIGroup", apiVersion: "v1", ...apiGroup(group) });
    const found = group.versions.find((candidate) => candidate.version === version);
    return found && json(200, apiResourceList(name, version, found.kinds, deps.storageVersion));
  }

  function answerRoot(request: ApiRequest, core: boolean, groups: readonly Group[]): ApiResponse {
    const own = groups.filter(({ name }) => (name === "") === core);
    if (wantsAggregated(request.headers.accept ?? "")) return tagged(request, aggregatedDiscovery(own), AGGREGATED);
    if (!core) return json(200, apiGroupList(own));
    const addresses = [{ clientCIDR: "0.0.0.0/0", serverAddress: deps.address() }];
    return json(200, {
      kind: "APIVersions",
      versions: own.flatMap(({ versions }) => versions.map(({ version }) => version)),
      serverAddressByClientCIDRs: addresses,
    });
  }

  function answerOpenApi(request: ApiRequest, path: string): ApiResponse | undefined {
    const { index, groups, documents } = model();
    if (path === "") return json(200, index.body);
    const hash = index.hashes.get(path);
    if (hash === undefined) return undefined;
    const asked = request.query.get("hash");
    if (asked !== null && asked !== hash)
      return { kind: "raw", code: 301, contentType: "application/json", body: "", headers: { Location: `/openapi/v3/${path}?hash=${hash}` } };
    const etag = JSON.stringify(hash);
    if (request.headers["if-none-match"] === etag) return { kind: "raw", code: 304, contentType: "application/json", body: "", headers: { Etag: etag } };
    const body = documents.get(path) ?? JSON.stringify(openApiDocument(minor, kindsAt(groups, path)));
    documents.set(path, body);
    return {
      kind: "raw",
      code: 200,
      contentType: "application/json",
      body,
      headers: { Etag: etag, ...(asked !== null && { "Cache-Control": "public, immutable" }) },
    };
  }

  function answerOpenApiV2(request: ApiRequest): ApiResponse {
    if ((request.headers.accept ?? "").startsWith(PROTOBUF))
      return { kind: "raw", code: 200, contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf", body: emptyOpenApiV2(minor) };
    return { kind: "raw", code: 200, contentType: "application/json", body: openApiV2(minor, deps.kinds()) };
  }

  return (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return undefined;
    const { path } = request;
    const parts = path.split("/").filter((part) => part !== "");
    switch (parts[0]) {
      case undefined:
        return json(200, { paths: rootPaths(model().groups) });
      case "api":
      case "apis":
        return answerApi(request, parts);
      case "version":
        return parts.length === 1 ? json(200, versionBody(deps.kubernetes)) : undefined;
      case "openapi":
        if (parts[1] === "v3") return answerOpenApi(request, parts.slice(2).join("/"));
        return parts[1] === "v2" && parts.length === 2 ? answerOpenApiV2(request) : answerKeys(path, deps);
      case ".well-known":
      case "openid":
        return answerKeys(path, deps);
      default:
        return answerHealth(path, request.query);
    }
  };
}

function answerKeys(path: string, { address, tokenKeys }: DiscoveryDeps): ApiResponse | undefined {
  if (path === "/openid/v1/jwks") return { kind: "json", code: 200, body: tokenKeys(), contentType: "application/jwk-set+json" };
  if (path !== "/.well-known/openid-configuration") return undefined;
  return json(200, {
    issuer: ISSUER,
    jwks_uri: `https://${address()}/openid/v1/jwks`,
    response_types_supported: ["id_token"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["ES256"],
  });
}

const kindsAt = (groups: readonly Group[], path: string): readonly ResourceKind[] => {
  const [root, first = "", second = ""] = path.split("/");
  const [name, version] = root === "api" ? ["", first] : [first, second];
  return groups.find((group) => group.name === name)?.versions.find((candidate) => candidate.version === version)?.kinds ?? [];
};

/** The first media type of the Accept header that the server has decides; v2beta1 is not served any more. */
const wantsAggregated = (accept: string): boolean => {
  const types = accept.split(",").map((type) =>
    type
      .trim()
      .split(";")
      .map((part) => part.trim()),
  );
  const first = types.find(
    (parts) => isAggregated(parts) || (!parts.some((part) => part.startsWith("as=")) && ["application/json", "*/*", "application/*"].includes(parts[0] ?? "")),
  );
  return first !== undefined && isAggregated(first);
};
const isAggregated = (parts: readonly string[]): boolean => ["g=apidiscovery.k8s.io", "v=v2", "as=APIGroupDiscoveryList"].every((part) => parts.includes(part));

function tagged(request: ApiRequest, body: Json, contentType: string): ApiResponse {
  const written = JSON.stringify(body);
  const etag = JSON.stringify(createHash("sha512").update(written).digest("hex").toUpperCase());
  const headers = { Etag: etag, Vary: "Accept", "Cache-Control": "public" };
  if (request.headers["if-none-match"] === etag) return { kind: "raw", code: 304, contentType, body: "", headers };
  return { kind: "raw", code: 200, contentType, body: written, headers };
}

function rootPaths(groups: readonly Group[]): readonly string[] {
  const own = groups.flatMap(({ name, versions }) =>
    name === "" ? versions.map(({ version }) => `/api/${version}`) : [`/apis/${name}`, ...versions.map(({ version }) => `/apis/${name}/${version}`)],
  );
  return [
    "/.well-known/openid-configuration",
    "/api",
    "/apis",
    "/apis/",
    "/healthz",
    "/livez",
    "/openapi/v2",
    "/openapi/v3",
    "/openid/v1/jwks",
    "/readyz",
    "/version",
    ...own,
  ].toSorted();
}

export function versionBody(kubernetes: string): JsonObject {
  const [major = "", minor = ""] = kubernetes.split(".");
  return {
    major,
    minor,
    emulationMajor: major,
    emulationMinor: minor,
    minCompatibilityMajor: major,
    minCompatibilityMinor: String(Number(minor) - 1),
    gitVersion: `v${kubernetes}`,
    gitCommit: "",
    gitTreeState: "",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  };
}

/** `make(read())`, made again only when `read` gives another array. */
function onceFor<Made>(read: () => readonly ResourceKind[], make: (kinds: readonly ResourceKind[]) => Made): () => Made {
  let last: { readonly kinds: readonly ResourceKind[]; readonly made: Made } | undefined;
  return () => {
    const kinds = read();
    if (last?.kinds !== kinds) last = { kinds, made: make(kinds) };
    return last.made;
  };
}
