import type { Conflict } from "./apply.ts";
import { byText } from "./path-element.ts";

/** `"kubectl" with subresource "scale" using apps/v1 at 2026-01-01T00:00:00Z`. Source: apimachinery internal/conflict.go. */
function managerText({ manager, operation, apiVersion, subresource }: Conflict): string {
  const name = `${JSON.stringify(manager)}${subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`}`;
  return operation === "Update" ? `${name} using ${apiVersion}` : name;
}

/** The message of the Status that answers an apply with conflicts (409, reason Conflict). */
export function conflictMessage(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (conflicts.length === 1 && only !== undefined) return `Apply failed with 1 conflict: conflict with ${managerText(only)}: ${only.field}`;
  const managers = [...new Map(conflicts.map((conflict) => [identifier(conflict), conflict])).entries()].toSorted(([a], [b]) => byText(a, b));
  const lines = managers.flatMap(([key, conflict]) => [
    `conflicts with ${managerText(conflict)}:`,
    ...conflicts.filter((other) => identifier(other) === key).map(({ field }) => `- ${field}`),
  ]);
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

const identifier = ({ manager, operation, apiVersion, subresource }: Conflict): string =>
  JSON.stringify({ manager, operation, ...(operation === "Update" && { apiVersion }), ...(subresource !== undefined && { subresource }) });

export type ConflictCause = { readonly reason: "FieldManagerConflict"; readonly message: string; readonly field: string };

/** `details.causes` of that Status. */
export const conflictCauses = (conflicts: readonly Conflict[]): readonly ConflictCause[] =>
  conflicts.map((conflict) => ({ reason: "FieldManagerConflict", message: `conflict with ${managerText(conflict)}`, field: conflict.field }));
