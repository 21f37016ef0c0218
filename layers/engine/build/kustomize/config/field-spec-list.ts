import type { FieldSpec } from "./config.ts";

/** Field specs of one kind; what is left out is "" or false. */
export const fields = (of: Partial<Omit<FieldSpec, "path">>, paths: readonly string[]): readonly FieldSpec[] =>
  paths.map((path) => ({ group: of.group ?? "", version: of.version ?? "", kind: of.kind ?? "", path, create: of.create ?? false }));
