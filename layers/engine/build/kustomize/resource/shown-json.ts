import { isList, isMap, isScalar, type Node, VALUE } from "../../node/node.ts";
import { byBytes } from "../../text/by-bytes.ts";
import { annotate, internalAnnotations } from "./internal-annotations.ts";
import type { Resource } from "./resource.ts";

/** A resource as kustomize's messages show it: as JSON, with the annotations in which kustomize keeps what are fields here. Source: kustomize Resource.String. */
export const showResource = (resource: Resource): string => goJson(annotate(resource.node, internalAnnotations(resource)));

/** Several of them, as Go's `%v` shows a list. */
export const showResources = (resources: readonly Resource[]): string => `[${resources.map(showResource).join(" ")}]`;

/** JSON as Go's encoding/json writes it: keys sorted, no spaces, `<`, `>` and `&` escaped. */
export function goJson(node: Node): string {
  if (isScalar(node)) return typeof node[VALUE] === "bigint" ? node[VALUE].toString() : goJson(node[VALUE]);
  if (isList(node)) return `[${node.map(goJson).join(",")}]`;
  if (Object.is(node, -0)) return "-0";
  if (!isMap(node)) return escapeForHtml(JSON.stringify(node));
  const pairs = Object.keys(node)
    .toSorted(byBytes)
    .map((key) => `${escapeForHtml(JSON.stringify(key))}:${goJson(node[key] ?? null)}`);
  return `{${pairs.join(",")}}`;
}

/** What Go does to every text of JSON that it writes. */
export const escapeForHtml = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
