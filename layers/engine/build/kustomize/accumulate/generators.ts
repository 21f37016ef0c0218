import { ok, type Result } from "../../../domain/result.ts";
import { writeYaml } from "../../yaml/write.ts";
import { type BuildProblem, buildProblem, type Failed, type Place, placedIn, within } from "../build-problem.ts";
import { createAbsorber } from "../generate/absorb.ts";
import { makeConfigMap, makeSecret } from "../generate/make-generated.ts";
import { helmConfig } from "../kustomization/helm.ts";
import { marshalProblem } from "../kustomization/marshal-problem.ts";
import { noteOrigin, type Origin, originOfField } from "../metadata/origin.ts";
import { loadGenerators } from "../plugin/load-plugins.ts";
import type { Resource } from "../resource/resource.ts";
import type { Accumulation } from "./accumulation.ts";
import { accumulatePlugins } from "./plugins.ts";
import type { Target } from "./target.ts";

/** Something that makes objects, and what is noted on them as their origin; `at` is its configuration. */
export type NotedGenerator = {
  readonly generate: () => Result<readonly Resource[], BuildProblem>;
  readonly origin: Origin | undefined;
  readonly at: Place;
};

/** `resources` and what the generators make, or add to what is there. Source: kustomize api/internal/target, runGenerators. */
export function runGenerators(
  target: Target,
  resources: readonly Resource[],
  origin: Origin | undefined,
  run: Accumulation,
): Result<readonly Resource[], BuildProblem> {
  const refused = refuseUnwritable(target) ?? refuseHelm(target);
  if (refused !== undefined) return refused;
  const listed = listedGenerators(target, origin, run);
  if (!listed.ok) return { ok: false, problem: within((message) => `loading generator plugins: ${message}`, listed.problem) };
  const absorber = createAbsorber(resources, run.schema);
  for (const { generate, origin: note, at } of [...ownGenerators(target, origin), ...listed.value]) {
    const generated = generate();
    if (!generated.ok) return { ok: false, problem: placedIn(at, generated.problem) };
    const absorbed = absorber.absorb(noteOrigin(generated.value.map(madeBy(at)), note));
    if (!absorbed.ok)
      return {
        ok: false,
        problem: placedIn(
          at,
          within((message) => `merging from generator: ${message}`, absorbed.problem),
        ),
      };
  }
  return ok(absorber.resources());
}

const madeBy =
  ({ file, document = 0, line, path }: Place) =>
  (resource: Resource): Resource => ({ ...resource, from: { file, document, line, path, isMade: true } });

/** All configurations are written and read again before the first generator runs. */
function refuseUnwritable({ kustomization, file }: Target): Failed | undefined {
  const { configMapGenerator, secretGenerator, generatorOptions } = kustomization;
  for (const [field, kind, all] of [
    ["configMapGenerator", "ConfigMapGenerator", configMapGenerator],
    ["secretGenerator", "SecretGenerator", secretGenerator],
  ] as const) {
    for (const [index, args] of all.entries()) {
      const problem = marshalProblem(kind, [args, generatorOptions]);
      if (problem !== undefined) return buildProblem(problem.message, { file, path: [field, index] });
    }
  }
  return undefined;
}

/** Charts are made by a program, which nothing here runs; these are kustomize's words for it. */
function refuseHelm({ kustomization, file, inheritedNamespace }: Target): Failed | undefined {
  const config = helmConfig(kustomization, inheritedNamespace);
  if (config === undefined) return undefined;
  const message = `trouble configuring builtin HelmChartInflationGenerator with config: \`\n${writeYaml(config)}\`: must specify --enable-helm`;
  return buildProblem(message, { file, path: ["helmCharts", 0] });
}

function ownGenerators({ kustomization, loader, file, fileName }: Target, origin: Origin | undefined): readonly NotedGenerator[] {
  const { configMapGenerator, secretGenerator, generatorOptions } = kustomization;
  const note = (kind: string): Origin | undefined => (origin === undefined ? undefined : originOfField(origin, fileName, kind));
  const one = (made: Result<Resource, BuildProblem>): Result<readonly Resource[], BuildProblem> => (made.ok ? ok([made.value]) : made);
  return [
    ...configMapGenerator.map((args, index) => ({
      generate: () => one(makeConfigMap(args, generatorOptions, loader)),
      origin: note("ConfigMapGenerator"),
      at: { file, path: ["configMapGenerator", index] },
    })),
    ...secretGenerator.map((args, index) => ({
      generate: () => one(makeSecret(args, generatorOptions, loader)),
      origin: note("SecretGenerator"),
      at: { file, path: ["secretGenerator", index] },
    })),
  ];
}

function listedGenerators(target: Target, origin: Origin | undefined, run: Accumulation): Result<readonly NotedGenerator[], BuildProblem> {
  const { generators } = target.kustomization;
  if (generators.length === 0) return ok([]);
  const configs = accumulatePlugins(target, "generators", origin, run);
  return configs.ok ? loadGenerators(configs.value, { ...run, loader: target.loader, file: target.file }) : configs;
}
