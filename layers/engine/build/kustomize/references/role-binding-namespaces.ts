import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, isText } from "../../node/node.ts";
import { quote } from "../../text/quote.ts";
import { type ResourceId, showId } from "../resource/id.ts";
import { kindOf, type Resource, textOf } from "../resource/resource.ts";

const NONE: ReadonlySet<string> = new Set();

/** The namespaces besides its own in which a RoleBinding may refer to objects: those of its service accounts. Source: kustomize api/resmap, getNamespacesForRoleBinding. */
export function reachedNamespaces(referrer: Resource, id: ResourceId): Result<ReadonlySet<string>> {
  const { subjects } = referrer.node;
  if (id.isClusterScoped || kindOf(referrer) !== "RoleBinding" || !isList(subjects)) return ok(NONE);
  const namespaces = new Set<string>();
  for (const subject of subjects) {
    if (!isMap(subject) || subject.kind !== "ServiceAccount" || subject.namespace === undefined) continue;
    if (!isText(subject.namespace)) return problem(`Invalid Input: namespace is blank for resource ${quote(showId(id))}\n`);
    namespaces.add(textOf(subject.namespace));
  }
  return ok(namespaces);
}
