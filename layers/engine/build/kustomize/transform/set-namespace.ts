import { ok, problem, type Result } from "../../../domain/result.ts";
import { isList, isMap, type Node, type NodeMap } from "../../node/node.ts";
import { quote } from "../../text/quote.ts";
import type { FieldSpec } from "../config/config.ts";
import { atFieldSpec, atFieldSpecs, type Setter } from "../fields/at-field-spec.ts";
import { setText, setTextIfEmpty } from "../fields/setters.ts";
import { isOfKind, wrongKind } from "../fields/wrong-kind.ts";
import { textOf } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

export type NamespaceRules = {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  /** Whether only what has no namespace gets one. */
  readonly unsetOnly: boolean;
  /** Which subjects of role bindings move; "" is `defaultOnly`. */
  readonly subjects: string;
};

const METADATA_NAMESPACE: FieldSpec = { group: "", version: "", kind: "", path: "metadata/namespace", create: true };

/**
 * Puts an object into a namespace: its own field unless its kind is known to live outside of namespaces, the subjects of role bindings, and what the
 * field specs name. Source: kustomize api/filters/namespace.
 */
export function setNamespace(node: NodeMap, rules: NamespaceRules, schema: Schema): Result<NodeMap> {
  const [apiVersion, kind] = [textOf(node.apiVersion), textOf(node.kind)];
  const set = rules.unsetOnly ? setTextIfEmpty(rules.namespace) : setText(rules.namespace);
  const isClusterScoped = schema.isNamespaced(apiVersion, kind) === false;
  const moved = isClusterScoped ? ok(node) : atFieldSpec(node, METADATA_NAMESPACE, set, "text");
  if (!moved.ok) return moved;
  const bound = isRoleBinding(kind) ? setSubjects(moved.value, rules.subjects, set) : moved;
  if (!bound.ok) return bound;
  const fieldSpecs = rules.fieldSpecs.filter((fieldSpec) => !hasOwnRule(fieldSpec, apiVersion, kind));
  const named = atFieldSpecs(bound.value, fieldSpecs, set, "text");
  return named.ok
    ? named
    : problem(`${WRONG_TARGET.test(named.problem) ? "namespace field specs must target scalar nodes" : "namespace transformation failed"}: ${named.problem}`);
}

const WRONG_TARGET = /: wrong node kind: expected \w+ but got (?:Mapping|Sequence)Node/;

const isRoleBinding = (kind: string): boolean => kind === "RoleBinding" || kind === "ClusterRoleBinding";

/** Other groups may have a kind called Namespace, which is left alone. */
const hasOwnRule = (fieldSpec: FieldSpec, apiVersion: string, kind: string): boolean =>
  fieldSpec.path === "metadata/namespace" ||
  (fieldSpec.path === "metadata/name" && apiVersion !== "v1") ||
  (fieldSpec.path === "subjects/namespace" && isRoleBinding(kind) && isRoleBinding(fieldSpec.kind));

/** Which subjects are meant: a field of theirs and the text that it must have. */
type Meant = { readonly field: "name" | "kind"; readonly text: string };
const SUBJECTS: ReadonlyMap<string, Meant | "none"> = new Map<string, Meant | "none">([
  ["", { field: "name", text: "default" }],
  ["defaultOnly", { field: "name", text: "default" }],
  ["allServiceAccounts", { field: "kind", text: "ServiceAccount" }],
  ["none", "none"],
]);

/** What is wrong with a `setRoleBindingSubjects`; to be asked before a transformer is made of a configuration. */
export const subjectModeProblem = (mode: string): string | undefined =>
  SUBJECTS.has(mode) ? undefined : `invalid value ${quote(mode)} for setRoleBindingSubjects: must be one of "defaultOnly", "none" or "allServiceAccounts"`;

function setSubjects(node: NodeMap, mode: string, set: Setter): Result<NodeMap> {
  const meant = SUBJECTS.get(mode);
  const { subjects } = node;
  if (meant === undefined || meant === "none" || subjects === undefined || subjects === null) return ok(node);
  if (!isList(subjects)) return problem(`setting namespace on (cluster)role binding subjects: ${wrongKind("SequenceNode", subjects)}`);
  const next: Node[] = [];
  for (const subject of subjects) {
    const changed = setSubject(subject, meant, set);
    if (!changed.ok) return problem(`setting namespace on (cluster)role binding subjects: ${changed.problem}`);
    next.push(changed.value);
  }
  return ok(next.every((subject, index) => subject === subjects[index]) ? node : { ...node, subjects: next });
}

function setSubject(subject: Node, { field, text }: Meant, set: Setter): Result<Node> {
  if (subject === null) return ok(subject);
  const refuse = (refused: string): Result<Node> => problem(`looking up ${field} on (cluster)role binding subject: ${refused}`);
  if (!isMap(subject)) return refuse(wrongKind("MappingNode", subject));
  const found = subject[field] ?? null;
  if (!isOfKind(found, "ScalarNode")) return refuse(wrongKind("ScalarNode", found));
  if (found === null || textOf(found) !== text) return ok(subject);
  const namespace = set(subject.namespace ?? null);
  if (!namespace.ok) return namespace;
  return ok(namespace.value === subject.namespace ? subject : { ...subject, namespace: namespace.value });
}
