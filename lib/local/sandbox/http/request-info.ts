/** What a path and a method ask for, in the words of RBAC and audit. Source: apiserver RequestInfo. */
export type RequestInfo =
  | {
      readonly kind: "resource";
      /** get, list, watch, create, update, patch, delete, deletecollection. */
      readonly verb: string;
      readonly group: string;
      readonly version: string;
      readonly resource: string;
      readonly subresource: string;
      /** "" for all namespaces or a cluster-scoped resource. */
      readonly namespace: string;
      /** "" for a collection. */
      readonly name: string;
      /** Whether the path is one below `/namespaces/<namespace>/`. */
      readonly inNamespace: boolean;
    }
  | { readonly kind: "path"; readonly verb: string; readonly path: string };

const VERBS: { readonly [method: string]: string } = { GET: "get", HEAD: "get", POST: "create", PUT: "update", PATCH: "patch", DELETE: "delete" };
/** Parts of a Namespace itself, not resources inside it. */
const OF_NAMESPACE = ["status", "finalize"];

/** `/apis/apps/v1/namespaces/x/deployments/web/scale?…` → who may do it is asked with exactly these words. */
export function parseRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const plain = { kind: "path", verb: method.toLowerCase(), path } as const;
  const parts = path.split("/").filter((part) => part !== "");
  const [root] = parts;
  const group = root === "api" ? "" : parts[1];
  const rest = root === "api" ? parts.slice(1) : parts.slice(2);
  const [version, ...tail] = rest;
  if ((root !== "api" && root !== "apis") || group === undefined || version === undefined || tail.length === 0) return plain;
  const { namespace, place } = placeOf(tail);
  const [resource, name = "", subresource = ""] = place;
  if (resource === undefined || place.length > 3) return plain;
  const found = { kind: "resource", group, version, resource, subresource, namespace, name, inNamespace: namespace !== "" } as const;
  return { ...found, verb: verbOf(method, name, subresource, query), ...(resource === "namespaces" && group === "" && { namespace: name }) };
}

function placeOf(tail: readonly string[]): { readonly namespace: string; readonly place: readonly string[] } {
  const [first, namespace, third] = tail;
  if (first !== "namespaces" || namespace === undefined || third === undefined || (OF_NAMESPACE.includes(third) && tail.length === 3))
    return { namespace: "", place: tail };
  return { namespace, place: tail.slice(2) };
}

function verbOf(method: string, name: string, subresource: string, query: URLSearchParams): string {
  const verb = VERBS[method] ?? method.toLowerCase();
  const watches = isOn(query.get("watch"));
  if (verb === "get" && name === "") return watches ? "watch" : "list";
  if (verb === "get" && watches && subresource === "") return "watch";
  return verb === "delete" && name === "" ? "deletecollection" : verb;
}

/** A boolean query parameter as the API server reads it: present and not false. */
export const isOn = (value: string | null): boolean => value !== null && value !== "false" && value !== "0";
