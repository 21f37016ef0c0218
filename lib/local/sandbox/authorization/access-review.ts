import { isObject, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import type { Result } from "@sluice/engine/domain/result.ts";
import { ok, problem } from "@sluice/engine/domain/result.ts";
import { type ApiResponse, json, type User } from "../http/request.ts";
import type { RequestInfo } from "../http/request-info.ts";
import { type Cause, fail, invalid } from "../http/status.ts";
import type { Authorizer } from "./authorizer.ts";
import type { PolicyRule } from "./rules.ts";
import { textAt, textsAt } from "./user-info.ts";

const GROUP = "authorization.k8s.io";
const API_VERSION = `${GROUP}/v1`;

type ReviewKind = "SelfSubjectAccessReview" | "SubjectAccessReview" | "LocalSubjectAccessReview";

/** POST of a SelfSubjectAccessReview, SubjectAccessReview or LocalSubjectAccessReview. */
export function reviewAccess(kind: ReviewKind, body: Json, caller: User, authorizer: Authorizer): ApiResponse {
  const spec = specOf(body);
  const asked = parseAsked(spec);
  if (!asked.ok) return refuse(asked.problem);
  const user = kind === "SelfSubjectAccessReview" ? caller : { name: textAt(spec, "user"), groups: textsAt(spec, "groups") };
  if (user.name === "" && user.groups.length === 0) return refuse(cause("spec.user", '""', "at least one of user or group must be specified"));
  const decision = authorizer.authorize(user, asked.value);
  const status = { allowed: decision.kind === "allowed", ...(decision.reason !== "" && { reason: decision.reason }) };
  return json(201, { kind, apiVersion: API_VERSION, metadata: metadataOf(body), spec, status });
}

/** POST of a SelfSubjectRulesReview. */
export function reviewRules(body: Json, caller: User, authorizer: Authorizer): ApiResponse {
  const namespace = textAt(specOf(body), "namespace");
  if (namespace === "") return fail({ code: 400, reason: "BadRequest", message: "no namespace on request" });
  const { rules, problems } = authorizer.rulesFor(caller, namespace);
  const all = caller.groups.includes("system:masters") ? [EVERYTHING, EVERY_PATH, ...rules] : rules;
  const status = {
    resourceRules: all.filter((rule) => rule.resources.length > 0).map(resourceRule),
    nonResourceRules: all.filter((rule) => rule.nonResourceURLs.length > 0).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
    incomplete: problems.length > 0,
    ...(problems.length > 0 && { evaluationError: problems.join(", ") }),
  };
  return json(201, { kind: "SelfSubjectRulesReview", apiVersion: API_VERSION, metadata: metadataOf(body), spec: {}, status });
}

const EVERYTHING: PolicyRule = { verbs: ["*"], apiGroups: ["*"], resources: ["*"], resourceNames: [], nonResourceURLs: [] };
const EVERY_PATH: PolicyRule = { verbs: ["*"], apiGroups: [], resources: [], resourceNames: [], nonResourceURLs: ["*"] };

const resourceRule = ({ verbs, apiGroups, resources, resourceNames }: PolicyRule): JsonObject => ({
  verbs,
  apiGroups,
  resources,
  ...(resourceNames.length > 0 && { resourceNames }),
});

const refuse = (about: Cause): ApiResponse => {
  const failure = invalid(GROUP, "", "", `${about.field}: ${about.message}`, [about]);
  return fail({ ...failure, details: { group: GROUP, causes: [about] } });
};

const cause = (field: string, value: string, why: string): Cause => ({ reason: "FieldValueInvalid", message: `Invalid value: ${value}: ${why}`, field });

function parseAsked(spec: JsonObject): Result<RequestInfo, Cause> {
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  if (isObject(resource) === isObject(path)) {
    const given = isObject(resource) ? JSON.stringify(path) : "null";
    const why = isObject(resource)
      ? "cannot be specified in combination with resourceAttributes"
      : "exactly one of nonResourceAttributes or resourceAttributes must be specified";
    return problem(cause(isObject(resource) ? "spec.nonResourceAttributes" : "spec.resourceAttributes", given, why));
  }
  if (isObject(path)) return ok({ kind: "path", verb: textAt(path, "verb"), path: textAt(path, "path") });
  const namespace = textAt(resource, "namespace");
  return ok({
    kind: "resource",
    verb: textAt(resource, "verb"),
    group: textAt(resource, "group"),
    version: textAt(resource, "version"),
    resource: textAt(resource, "resource"),
    subresource: textAt(resource, "subresource"),
    namespace,
    name: textAt(resource, "name"),
    inNamespace: namespace !== "",
  });
}

export const specOf = (body: Json): JsonObject => (isObject(body) && isObject(body.spec) ? body.spec : {});
export const metadataOf = (body: Json): JsonObject => (isObject(body) && isObject(body.metadata) ? body.metadata : {});
