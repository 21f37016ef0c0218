import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { RequestInfo } from "../http/request-info.ts";
import { fieldOf } from "./field.ts";

/** One rule of a Role or ClusterRole; absent lists are empty. */
export type PolicyRule = {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
};

/** Whether the rule lets somebody do what is asked. Source: rbac RuleAllows. */
export function isAllowedBy(rule: PolicyRule, asked: RequestInfo): boolean {
  if (!hasOrAll(rule.verbs, asked.verb)) return false;
  if (asked.kind === "path") return rule.nonResourceURLs.some((pattern) => coversPath(pattern, asked.path));
  return hasOrAll(rule.apiGroups, asked.group) && coversResource(rule, asked.resource, asked.subresource) && coversName(rule, asked.name);
}

const hasOrAll = (list: readonly string[], value: string): boolean => list.includes("*") || list.includes(value);

export const coversPath = (pattern: string, path: string): boolean =>
  pattern === "*" || pattern === path || (pattern.endsWith("*") && path.startsWith(pattern.slice(0, -1)));

/** `deployments/scale` is a name of its own; `*\/scale`: the subresource of every resource. */
function coversResource({ resources }: PolicyRule, resource: string, subresource: string): boolean {
  const full = subresource === "" ? resource : `${resource}/${subresource}`;
  return hasOrAll(resources, full) || (subresource !== "" && resources.includes(`*/${subresource}`));
}

const coversName = ({ resourceNames }: PolicyRule, name: string): boolean => resourceNames.length === 0 || resourceNames.includes(name);

export function rulesOf(role: Manifest): readonly PolicyRule[] {
  const rules = fieldOf(role, "rules");
  return isArray(rules) ? rules.map(parseRule) : [];
}

function parseRule(rule: Json): PolicyRule {
  const list = (field: string): readonly string[] => {
    const value = isObject(rule) ? rule[field] : undefined;
    return isArray(value) ? value.filter((item) => typeof item === "string") : [];
  };
  return {
    verbs: list("verbs"),
    apiGroups: list("apiGroups"),
    resources: list("resources"),
    resourceNames: list("resourceNames"),
    nonResourceURLs: list("nonResourceURLs"),
  };
}
