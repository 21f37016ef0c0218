import { type BuildProblem, buildProblem } from "../build-problem.ts";

/** What go-yaml does not read: kustomize hands configurations on as JSON that is read as YAML, and JSON does not escape these. */
const UNREADABLE = /[\u007f-\u0084\u0086-\u009f\ufffe\uffff]/;

/** Why a configuration made of the fields of a kustomization cannot be handed on. Source: kustomize api/internal/target, configureBuiltinPlugin; go-yaml v2 readerc.go. */
export const marshalProblem = (kind: string, config: unknown): BuildProblem | undefined =>
  isUnreadable(config) ? buildProblem(`builtin ${kind} marshal: yaml: control characters are not allowed`).problem : undefined;

function isUnreadable(value: unknown): boolean {
  if (typeof value === "string") return UNREADABLE.test(value);
  if (Array.isArray(value)) return value.some(isUnreadable);
  if (value instanceof Map) return [...value].some(isUnreadable);
  return typeof value === "object" && value !== null && Object.entries(value).some(isUnreadable);
}
