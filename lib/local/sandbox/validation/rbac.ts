import { isEqual, type Json, type JsonObject } from "@sluice/engine/domain/json.ts";
import { type FieldError, invalid, notSupported, required } from "../schema/field-error.ts";
import { nameIsPathSegment, pathSegment, subdomain1123 } from "../schema/names.ts";
import { errorsOf, has, listAt, objectAt, textAt } from "./fields.ts";
import type { KindRules } from "./rule.ts";

const GROUP = "rbac.authorization.k8s.io";

const checkRules =
  (namespaced: boolean) =>
  (object: JsonObject): readonly FieldError[] => {
    const errors = listAt(object, "rules").flatMap((rule, index) => validateRule(rule, `rules[${index}]`, namespaced));
    const aggregation = objectAt(object, "aggregationRule");
    if (has(object, "aggregationRule") && listAt(aggregation, "clusterRoleSelectors").length === 0)
      errors.push(required("aggregationRule.clusterRoleSelectors", "at least one clusterRoleSelector required if aggregationRule is non-nil"));
    return errors;
  };

/** Source: rbac/validation ValidatePolicyRule. */
function validateRule(rule: Json, path: string, namespaced: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  const urls = listAt(rule, "nonResourceURLs");
  if (listAt(rule, "verbs").length === 0) errors.push(required(`${path}.verbs`, "verbs must contain at least one value"));
  if (urls.length > 0 && namespaced) return [...errors, invalid(`${path}.nonResourceURLs`, urls, "namespaced rules cannot apply to non-resource URLs")];
  if (urls.length > 0) {
    const mixed = ["apiGroups", "resources", "resourceNames"].some((field) => listAt(rule, field).length > 0);
    return mixed ? [...errors, invalid(`${path}.nonResourceURLs`, urls, "rules cannot apply to both regular resources and non-resource URLs")] : errors;
  }
  if (listAt(rule, "apiGroups").length === 0) errors.push(required(`${path}.apiGroups`, "resource rules must supply at least one api group"));
  if (listAt(rule, "resources").length === 0) errors.push(required(`${path}.resources`, "resource rules must supply at least one resource"));
  return errors;
}

const SUBJECTS = ["ServiceAccount", "User", "Group"];

const checkBinding =
  (kinds: readonly string[], namespaced: boolean) =>
  (object: JsonObject): readonly FieldError[] => {
    const role = objectAt(object, "roleRef");
    const errors: FieldError[] = [];
    const group = textAt(role, "apiGroup");
    if (group !== GROUP && group !== "") errors.push(notSupported("roleRef.apiGroup", group, [GROUP]));
    if (!kinds.includes(textAt(role, "kind"))) errors.push(notSupported("roleRef.kind", textAt(role, "kind"), kinds));
    const name = textAt(role, "name");
    if (name === "") errors.push(required("roleRef.name"));
    else errors.push(...errorsOf("roleRef.name", name, pathSegment(name)));
    return [...errors, ...listAt(object, "subjects").flatMap((subject, index) => validateSubject(subject, `subjects[${index}]`, namespaced))];
  };

function validateSubject(subject: Json, path: string, namespaced: boolean): readonly FieldError[] {
  const errors: FieldError[] = [];
  const kind = textAt(subject, "kind");
  const name = textAt(subject, "name");
  const group = textAt(subject, "apiGroup");
  if (name === "") errors.push(required(`${path}.name`));
  if (kind === "ServiceAccount") {
    if (name !== "") errors.push(...errorsOf(`${path}.name`, name, subdomain1123(name)));
    if (group !== "") errors.push(notSupported(`${path}.apiGroup`, group, [""]));
    if (!namespaced && textAt(subject, "namespace") === "") errors.push(required(`${path}.namespace`));
    return errors;
  }
  if (kind !== "User" && kind !== "Group") return [...errors, notSupported(`${path}.kind`, kind, SUBJECTS)];
  return group === GROUP || group === "" ? errors : [...errors, notSupported(`${path}.apiGroup`, group, [GROUP])];
}

const bindingChange = (object: JsonObject, old: JsonObject): readonly FieldError[] => {
  const role = objectAt(object, "roleRef");
  if (isEqual(role, objectAt(old, "roleRef"))) return [];
  return [invalid("roleRef", { APIGroup: textAt(role, "apiGroup"), Kind: textAt(role, "kind"), Name: textAt(role, "name") }, "cannot change roleRef")];
};

export const ROLE: KindRules = { name: nameIsPathSegment, check: checkRules(true) };
export const CLUSTER_ROLE: KindRules = { name: nameIsPathSegment, check: checkRules(false) };
export const ROLE_BINDING: KindRules = { name: nameIsPathSegment, check: checkBinding(["Role", "ClusterRole"], true), change: bindingChange };
export const CLUSTER_ROLE_BINDING: KindRules = { name: nameIsPathSegment, check: checkBinding(["ClusterRole"], false), change: bindingChange };
