import { ok, type Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import { buildProblem } from "../build-problem.ts";
import type { TransformerConfig } from "../config/config.ts";
import { defaultConfig, emptyConfig } from "../config/default-config.ts";
import { mergeConfigs } from "../config/merge-configs.ts";
import type { Var } from "../kustomization/kustomization.ts";
import type { Resource } from "../resource/resource.ts";
import { appendAll } from "../resource/resource-list.ts";
import type { Schema } from "../schema/schema.ts";
import { mergeVars } from "../vars/merge-vars.ts";

/** What a kustomization has gathered so far: objects, and the rules by which references and vars are fixed at the very end. */
export type Accumulated = {
  readonly resources: readonly Resource[];
  /** Undefined before the first kustomization has added its own. */
  readonly config: TransformerConfig | undefined;
  readonly vars: readonly Var[];
};

export const NOTHING: Accumulated = { resources: [], config: undefined, vars: [] };

/** `other` behind `first`. Source: kustomize api/internal/accumulator, MergeAccumulator. */
export function joinAccumulated(first: Accumulated, other: Accumulated, schema: Schema): Result<Accumulated, BuildProblem> {
  const resources = appendAll(first.resources, other.resources, schema);
  if (!resources.ok) return resources;
  const config = joinConfigs(first.config, other.config);
  if (!config.ok) return config;
  const vars = mergeVars(first.vars, other.vars);
  if (!vars.ok) return buildProblem(vars.problem);
  return ok({ resources: resources.value, config: config.value, vars: vars.value });
}

/**
 * Most kustomizations bring the built-in rules and nothing else; those are merged by being the same. All others are merged even with nothing, as in kustomize:
 * a general field spec is dropped behind a special one with its path.
 */
export function joinConfigs(first: TransformerConfig | undefined, other: TransformerConfig | undefined): Result<TransformerConfig | undefined, BuildProblem> {
  if (other === undefined || first === other) return ok(first);
  if (first === undefined && other === defaultConfig) return ok(other);
  const merged = mergeConfigs(first ?? emptyConfig, other);
  return merged.ok ? merged : buildProblem(merged.problem);
}
