import { ok, type Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import { buildProblem } from "../build-problem.ts";
import type { TransformerConfig } from "../config/config.ts";
import { defaultConfig, emptyConfig } from "../config/default-config.ts";
import { mergeConfigs } from "../config/merge-configs.ts";
import type { Var } from "../kustomization/kustomization.ts";
import type { Resource } from "../resource/resource.ts";
import { createResourceList } from "../resource/resource-list.ts";
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

/** One kustomization in the middle of gathering. */
export type Gathering = {
  add(resources: readonly Resource[]): Result<undefined, BuildProblem>;
  /** All that another kustomization has gathered, behind what is here. Source: kustomize api/internal/accumulator, MergeAccumulator. */
  join(other: Accumulated): Result<undefined, BuildProblem>;
  gathered(): Accumulated;
};

export function createGathering(start: Accumulated, schema: Schema): Gathering {
  const list = createResourceList(start.resources, schema);
  let { config, vars } = start;
  return {
    add: list.append,
    join(other) {
      const added = list.append(other.resources);
      if (!added.ok) return added;
      const configs = joinConfigs(config, other.config);
      if (!configs.ok) return configs;
      const allVars = mergeVars(vars, other.vars);
      if (!allVars.ok) return allVars;
      config = configs.value;
      vars = allVars.value;
      return ok(undefined);
    },
    gathered: () => ({ resources: list.resources(), config, vars }),
  };
}

/**
 * Most kustomizations bring the built-in rules and nothing else; those are merged by being the same. All others are merged even with nothing, as in kustomize:
 * a general field spec is dropped behind a special one with its path.
 */
export function joinConfigs(first: TransformerConfig | undefined, other: TransformerConfig | undefined): Result<TransformerConfig | undefined, BuildProblem> {
  if (other === undefined || first === other) return ok(first);
  if (first === undefined && other === defaultConfig()) return ok(other);
  const merged = mergeConfigs(first ?? emptyConfig, other);
  return merged.ok ? merged : buildProblem(merged.problem);
}
