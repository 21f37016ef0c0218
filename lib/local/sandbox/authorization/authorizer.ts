import { isArray, isObject, type Json } from "@sluice/engine/domain/json.ts";
import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { parseServiceAccount } from "../authentication/service-account.ts";
import type { User } from "../http/request.ts";
import type { RequestInfo } from "../http/request-info.ts";
import type { Store } from "../storage/store.ts";
import { fieldOf } from "./field.ts";
import { isAllowedBy, type PolicyRule, rulesOf } from "./rules.ts";

/** `reason` as the server gives it in access reviews and after a refusal; often empty. */
export type Decision = { readonly kind: "allowed" | "denied"; readonly reason: string };

export type GrantedRules = { readonly rules: readonly PolicyRule[]; readonly problems: readonly string[] };

export type Authorizer = {
  authorize(user: User, asked: RequestInfo): Decision;
  /** All rules that hold for the user in the namespace ("" for cluster-wide only), and which roles were not found. */
  rulesFor(user: User, namespace: string): GrantedRules;
};

/** Its members may do everything, without any rule. */
const PRIVILEGED_GROUP = "system:masters";
const RBAC = "rbac.authorization.k8s.io";

type Grant =
  | { readonly kind: "rules"; readonly rules: readonly PolicyRule[]; readonly because: string }
  | { readonly kind: "problem"; readonly problem: string };

/**
 * RBAC over the roles and bindings that the store holds at this moment: ClusterRoleBindings count everywhere, RoleBindings in their
 * namespace. A binding whose role is not there grants nothing and is named in the refusal. Source: rbac DefaultRuleResolver.
 */
export function createAuthorizer(store: Pick<Store, "get" | "list">): Authorizer {
  const bindingsFor = (namespace: string): readonly Manifest[] => [
    ...store.list({ group: RBAC, plural: "clusterrolebindings" }),
    ...(namespace === "" ? [] : store.list({ group: RBAC, plural: "rolebindings" }, namespace)),
  ];

  function grantOf(binding: Manifest, user: User): Grant | undefined {
    const subject = subjectsOf(binding).find((candidate) => isSubject(candidate, user, binding.metadata.namespace ?? ""));
    if (subject === undefined) return undefined;
    const role = roleOf(binding);
    const found =
      role.kind === "ClusterRole"
        ? store.get({ group: RBAC, plural: "clusterroles" }, "", role.name)
        : store.get({ group: RBAC, plural: "roles" }, binding.metadata.namespace ?? "", role.name);
    if (found === undefined) return { kind: "problem", problem: `${role.kind.toLowerCase()}.${RBAC} ${JSON.stringify(role.name)} not found` };
    return {
      kind: "rules",
      rules: rulesOf(found),
      because: `${bindingText(binding)} of ${role.kind} ${JSON.stringify(role.name)} to ${subjectText(subject, binding)}`,
    };
  }

  return {
    authorize: (user, asked) => {
      if (user.groups.includes(PRIVILEGED_GROUP)) return { kind: "allowed", reason: "" };
      const problems: string[] = [];
      for (const binding of bindingsFor(asked.kind === "resource" ? asked.namespace : "")) {
        const grant = grantOf(binding, user);
        if (grant?.kind === "problem") problems.push(grant.problem);
        else if (grant?.rules.some((rule) => isAllowedBy(rule, asked))) return { kind: "allowed", reason: `RBAC: allowed by ${grant.because}` };
      }
      return { kind: "denied", reason: problems.length === 0 ? "" : `RBAC: ${joinProblems(problems)}` };
    },

    rulesFor: (user, namespace) => {
      const grants = bindingsFor(namespace).map((binding) => grantOf(binding, user));
      return {
        rules: grants.flatMap((grant) => (grant?.kind === "rules" ? grant.rules : [])),
        problems: grants.flatMap((grant) => (grant?.kind === "problem" ? [grant.problem] : [])),
      };
    },
  };
}

/** As the server's aggregate of errors prints: one alone, several in brackets, each once. */
export function joinProblems(problems: readonly string[]): string {
  const each = [...new Set(problems)];
  return each.length === 1 ? (each[0] ?? "") : `[${each.join(", ")}]`;
}

type Subject = { readonly kind: string; readonly name: string; readonly namespace: string };

function isSubject(subject: Subject, user: User, bindingNamespace: string): boolean {
  switch (subject.kind) {
    case "User":
      return subject.name === user.name;
    case "Group":
      return user.groups.includes(subject.name);
    case "ServiceAccount": {
      const account = parseServiceAccount(user.name);
      return account !== undefined && account.name === subject.name && account.namespace === (subject.namespace || bindingNamespace);
    }
    default:
      return false;
  }
}

function subjectsOf(binding: Manifest): readonly Subject[] {
  const subjects = fieldOf(binding, "subjects");
  return isArray(subjects)
    ? subjects.map((subject) => ({ kind: textOf(subject, "kind"), name: textOf(subject, "name"), namespace: textOf(subject, "namespace") }))
    : [];
}

function roleOf(binding: Manifest): { readonly kind: string; readonly name: string } {
  const role = fieldOf(binding, "roleRef");
  return { kind: textOf(role, "kind"), name: textOf(role, "name") };
}

const textOf = (value: Json | undefined, field: string): string => {
  const text = isObject(value) ? value[field] : undefined;
  return typeof text === "string" ? text : "";
};

const bindingText = ({ kind, metadata }: Manifest): string =>
  kind === "RoleBinding" ? `RoleBinding ${JSON.stringify(`${metadata.name}/${metadata.namespace}`)}` : `ClusterRoleBinding ${JSON.stringify(metadata.name)}`;

const subjectText = ({ kind, name, namespace }: Subject, binding: Manifest): string =>
  kind === "ServiceAccount"
    ? `ServiceAccount ${JSON.stringify(`${name}/${namespace || (binding.metadata.namespace ?? "")}`)}`
    : `${kind} ${JSON.stringify(name)}`;
