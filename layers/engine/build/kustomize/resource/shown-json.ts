import { byBytes } from "../decode/by-bytes.ts";
import { isList, isMap, isScalar, type Node, type NodeMap, VALUE } from "../node/node.ts";
import type { Resource } from "./resource.ts";

const DOMAIN = "internal.config.kubernetes.io";

/** A resource as kustomize's messages show it: as JSON, with the annotations in which kustomize keeps what are fields here. Source: kustomize Resource.String. */
export const showResource = (resource: Resource): string => goJson(withInternalAnnotations(resource));

/** Several of them, as Go's `%v` shows a list. */
export const showResources = (resources: readonly Resource[]): string => `[${resources.map(showResource).join(" ")}]`;

function withInternalAnnotations({ node, previous, prefixes, suffixes, generated }: Resource): NodeMap {
  const entries: readonly (readonly [string, string])[] = [
    ["generatorBehavior", generated?.behavior ?? ""],
    ["needsHashSuffix", generated?.needsHash === true ? "enabled" : ""],
    ["prefixes", prefixes.join(",")],
    ["suffixes", suffixes.join(",")],
    ["previousKinds", previous.map(({ kind }) => kind).join(",")],
    ["previousNames", previous.map(({ name }) => name).join(",")],
    ["previousNamespaces", previous.map(({ namespace }) => namespace).join(",")],
  ];
  const internal = entries.flatMap(([name, text]): [string, Node][] => (text === "" ? [] : [[`${DOMAIN}/${name}`, text]]));
  if (internal.length === 0) return node;
  const metadata = isMap(node.metadata) ? node.metadata : {};
  const annotations = isMap(metadata.annotations) ? metadata.annotations : {};
  return { ...node, metadata: { ...metadata, annotations: { ...annotations, ...Object.fromEntries(internal) } } };
}

/** JSON as Go's encoding/json writes it: keys sorted, no spaces, `<`, `>` and `&` escaped. */
export function goJson(node: Node): string {
  if (isScalar(node)) return typeof node[VALUE] === "bigint" ? node[VALUE].toString() : goJson(node[VALUE]);
  if (isList(node)) return `[${node.map(goJson).join(",")}]`;
  if (!isMap(node)) return escapeForHtml(JSON.stringify(node));
  const pairs = Object.keys(node)
    .toSorted(byBytes)
    .map((key) => `${escapeForHtml(JSON.stringify(key))}:${goJson(node[key] ?? null)}`);
  return `{${pairs.join(",")}}`;
}

/** What Go does to every text of JSON that it writes. */
export const escapeForHtml = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
