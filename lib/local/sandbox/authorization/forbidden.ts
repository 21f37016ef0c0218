import type { User } from "../http/request.ts";
import type { RequestInfo } from "../http/request-info.ts";
import { type Failure, forbidden } from "../http/status.ts";

/** The refusal of a request that authorization denied, to the letter. Source: apiserver's responsewriters.ForbiddenStatusError. */
export function forbiddenFailure(user: User, asked: RequestInfo, reason: string): Failure {
  const suffix = reason === "" ? "" : `: ${reason}`;
  const who = `User ${JSON.stringify(user.name)} cannot ${asked.verb}`;
  if (asked.kind === "path") return { code: 403, reason: "Forbidden", message: `forbidden: ${who} path ${JSON.stringify(asked.path)}${suffix}`, details: {} };
  const resource = asked.subresource === "" ? asked.resource : `${asked.resource}/${asked.subresource}`;
  const where = asked.namespace === "" ? "at the cluster scope" : `in the namespace ${JSON.stringify(asked.namespace)}`;
  const why = `${who} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(asked.group)} ${where}${suffix}`;
  return forbidden({ group: asked.group, plural: asked.resource }, asked.name, why);
}
