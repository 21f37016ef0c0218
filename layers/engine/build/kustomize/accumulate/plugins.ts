import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, within } from "../build-problem.ts";
import { type Origin, originBelow, withOrigin } from "../metadata/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { appendAll } from "../resource/resource-list.ts";
import { accumulateResources } from "./accumulate.ts";
import { NOTHING } from "./accumulated.ts";
import type { Accumulation } from "./accumulation.ts";
import type { Target } from "./target.ts";

/**
 * The configurations of what is listed under `generators`, `transformers` or `validators`: those that stand right there before those of files and folders.
 * Source: kustomize api/internal/target, configureExternalGenerators and configureExternalTransformers.
 */
export function accumulatePlugins(
  target: Target,
  listed: readonly string[],
  what: "generator" | "transformer",
  origin: Origin | undefined,
  run: Accumulation,
): Result<readonly Resource[], BuildProblem> {
  const paths: string[] = [];
  let configs: readonly Resource[] = [];
  for (const text of listed) {
    const read = run.readResources(text);
    const distinct = read.ok ? appendAll([], read.value, run.schema) : read;
    if (!distinct.ok) {
      paths.push(text);
      continue;
    }
    const noted = origin === undefined ? distinct.value : distinct.value.map((config) => withOrigin(config, originBelow(origin, target.fileName)));
    const joined = appendAll(configs, noted, run.schema);
    if (!joined.ok)
      return { ok: false, problem: { ...within((message) => `configuring external ${what}: ${message}`, joined.problem), at: { file: target.file } } };
    configs = joined.value;
  }
  const gathered = accumulateResources(paths, target, { ...NOTHING, resources: configs }, origin, run);
  return gathered.ok ? ok(gathered.value.resources) : gathered;
}
