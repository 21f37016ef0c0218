import type { Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import type { Resource } from "../resource/resource.ts";
import type { Transformer } from "../transform/transformer.ts";
import type { PluginRun } from "./load-plugins.ts";

/** Something built in that an object configures: it makes objects, or changes them. */
export type Plugin = {
  readonly generate?: () => Result<readonly Resource[], BuildProblem>;
  readonly transform?: Transformer;
};

export function configurePlugin(_kind: string, _config: Resource, _run: PluginRun): Result<Plugin, BuildProblem> | undefined {
  return undefined;
}
