import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, placedIn, within } from "../build-problem.ts";
import { type Origin, originBelow, withOrigin } from "../metadata/origin.ts";
import type { Resource } from "../resource/resource.ts";
import { appendAll } from "../resource/resource-list.ts";
import { accumulateResources, type Listed } from "./accumulate.ts";
import { NOTHING } from "./accumulated.ts";
import type { Accumulation } from "./accumulation.ts";
import type { Target } from "./target.ts";

/**
 * The configurations of what is listed under `generators`, `transformers` or `validators`: those that stand right there before those of files and folders.
 * Source: kustomize api/internal/target, configureExternalGenerators and configureExternalTransformers.
 */
export function accumulatePlugins(
  target: Target,
  field: "generators" | "transformers" | "validators",
  origin: Origin | undefined,
  run: Accumulation,
): Result<readonly Resource[], BuildProblem> {
  const what = field === "generators" ? "generator" : "transformer";
  const paths: Listed[] = [];
  let configs: readonly Resource[] = [];
  for (const [index, text] of target.kustomization[field].entries()) {
    const path = [field, index];
    const read = run.readResources(text);
    const distinct = read.ok ? appendAll([], read.value, run.schema) : read;
    if (!distinct.ok) {
      paths.push({ path: text, at: path });
      continue;
    }
    const placed = distinct.value.map((config): Resource => ({ ...config, from: { file: target.file, document: 0, path, isMade: true } }));
    const noted = origin === undefined ? placed : placed.map((config) => withOrigin(config, originBelow(origin, target.fileName)));
    const joined = appendAll(configs, noted, run.schema);
    if (!joined.ok) {
      const problem = within((message) => `configuring external ${what}: ${message}`, joined.problem);
      return { ok: false, problem: placedIn({ file: target.file, path }, problem) };
    }
    configs = joined.value;
  }
  const gathered = accumulateResources(paths, target, { ...NOTHING, resources: configs }, origin, run);
  return gathered.ok ? ok(gathered.value.resources) : gathered;
}
