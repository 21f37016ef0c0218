import { ok, type Result } from "../../../domain/result.ts";
import { isMap, type Node } from "../../node/node.ts";
import { writeYaml } from "../../yaml/write.ts";
import { type BuildProblem, buildProblem, type Path, type Place, placedIn, within } from "../build-problem.ts";
import type { TransformerConfig } from "../config/config.ts";
import { noteTransformation, type Origin, originOfField } from "../metadata/origin.ts";
import { patchConfig, patchJson6902Config, patchStrategicMergeConfig } from "../patch/patch-config.ts";
import { createPatchJson6902Transformer } from "../patch/patch-json6902-transformer.ts";
import { createPatchStrategicMergeTransformer } from "../patch/patch-strategic-merge-transformer.ts";
import { createPatchTransformer } from "../patch/patch-transformer.ts";
import { loadTransformers } from "../plugin/load-plugins.ts";
import { createReplacementTransformer } from "../replace/create-replacement-transformer.ts";
import { replacementConfig } from "../replace/replacement-config.ts";
import { isEmptyResource, metaMap, type Resource } from "../resource/resource.ts";
import { createAnnotationsTransformer } from "../transform/annotations.ts";
import { createImageTransformer } from "../transform/images.ts";
import { labelTransformers } from "../transform/labels.ts";
import { createNamespaceTransformer } from "../transform/namespace.ts";
import { createPrefixTransformer } from "../transform/prefix.ts";
import { createReplicaTransformer } from "../transform/replicas.ts";
import { createSuffixTransformer } from "../transform/suffix.ts";
import type { Transformer } from "../transform/transformer.ts";
import type { Accumulated } from "./accumulated.ts";
import type { Accumulation } from "./accumulation.ts";
import { accumulatePlugins } from "./plugins.ts";
import type { Target } from "./target.ts";

type Resources = Result<readonly Resource[], BuildProblem>;

/** A transformer and what is noted on what went through it, if that is wanted; `at` is its configuration. */
export type NotedTransformer = { readonly transformer: Transformer; readonly origin: Origin | undefined; readonly at: Place };

/** All are made, which reads what they need, before the first one runs. Source: kustomize api/internal/target, runTransformers. */
export function runTransformers(target: Target, { resources, config }: Accumulated, origin: Origin | undefined, run: Accumulation): Resources {
  const builtIn = config === undefined ? ok([]) : makeBuiltIn(target, config, origin, run);
  if (!builtIn.ok) return builtIn;
  const listed = makeListed(target, "transformers", origin, run);
  if (!listed.ok) return listed;
  let current = resources;
  for (const { transformer, origin: note, at } of [...builtIn.value, ...listed.value]) {
    const transformed = transformer(current, run.schema);
    if (!transformed.ok) return { ok: false, problem: placedIn(at, transformed.problem) };
    const noted = noteTransformation(transformed.value, note);
    current = noted.some(isEmptyResource) ? noted.filter((resource) => !isEmptyResource(resource)) : noted;
  }
  return ok(current);
}

const VALIDATED_BY = "validated-by";

/** Validators are transformers that may change nothing but one label. */
export function runValidators(target: Target, resources: readonly Resource[], origin: Origin | undefined, run: Accumulation): Resources {
  const validators = makeListed(target, "validators", origin, run);
  if (!validators.ok) return validators;
  let current = resources;
  for (const { transformer, at } of validators.value) {
    const validated = transformer(current, run.schema);
    if (!validated.ok) return { ok: false, problem: placedIn(at, validated.problem) };
    const changed = validated.value.length !== current.length || validated.value.some((resource, index) => !isUnchanged(resource, current[index]));
    if (changed) return buildProblem("validator shouldn't modify the resource map", at);
    current = validated.value;
  }
  return ok(current);
}

const isUnchanged = (resource: Resource, before: Resource | undefined): boolean =>
  before !== undefined && (resource.node === before.node || comparable(resource) === comparable(before));

function comparable(resource: Resource): string {
  const labels = Object.fromEntries([...metaMap(resource, "labels")].filter(([key]) => key !== VALIDATED_BY));
  const { metadata } = resource.node;
  return writeYaml({ ...resource.node, metadata: { ...(isMap(metadata) ? metadata : {}), labels } });
}

/** What is listed under `transformers` or `validators`: files, folders, or configurations right there. */
function makeListed(
  target: Target,
  field: "transformers" | "validators",
  origin: Origin | undefined,
  run: Accumulation,
): Result<readonly NotedTransformer[], BuildProblem> {
  if (target.kustomization[field].length === 0) return ok([]);
  const configs = accumulatePlugins(target, field, origin, run);
  return configs.ok ? loadTransformers(configs.value, { ...run, loader: target.loader, file: target.file }) : configs;
}

/** One or more transformers for one kind, all from the kustomization's own fields; `path` leads to what configures them, to its items where they have one each. */
type Made = { readonly kind: string; readonly path: Path; readonly transformers: Result<readonly Transformer[], BuildProblem> };

/** In the order in which they run. Source: kustomize api/internal/target, configureBuiltinTransformers. */
function makeBuiltIn(
  target: Target,
  config: TransformerConfig,
  origin: Origin | undefined,
  run: Accumulation,
): Result<readonly NotedTransformer[], BuildProblem> {
  const made: NotedTransformer[] = [];
  for (const make of [makeMergePatches, makePatches, makeSimple, makeJsonPatches, makeCounted, makeReplacements]) {
    for (const { kind, path, transformers } of make(target, config, run)) {
      const at = { file: target.file, path };
      if (!transformers.ok) return { ok: false, problem: placedIn(at, transformers.problem) };
      const note = origin === undefined ? undefined : originOfField(origin, target.fileName, kind);
      made.push(...transformers.value.map((transformer) => ({ transformer, origin: note, at })));
    }
  }
  return ok(made);
}

/** The words for what is wrong with the configuration of something built in. */
function configured(kind: string, path: Path, config: Node, made: Result<Transformer, BuildProblem>): Made {
  if (made.ok) return { kind, path, transformers: ok([made.value]) };
  const words = (message: string): string => `trouble configuring builtin ${kind} with config: \`\n${writeYaml(config)}\`: ${message}`;
  return { kind, path, transformers: { ok: false, problem: within(words, made.problem) } };
}

const simple = (kind: string, path: Path, transformer: Transformer): Made => ({ kind, path, transformers: ok([transformer]) });

function makeMergePatches({ kustomization, loader }: Target, _: TransformerConfig, { readResources }: Accumulation): readonly Made[] {
  const paths = kustomization.patchesStrategicMerge;
  if (paths.length === 0) return [];
  const made = createPatchStrategicMergeTransformer({ paths, patches: "" }, loader, readResources, []);
  return [configured("PatchStrategicMergeTransformer", ["patchesStrategicMerge"], patchStrategicMergeConfig(paths), made)];
}

const makePatches = ({ kustomization, loader }: Target, _: TransformerConfig, { readResources }: Accumulation): readonly Made[] =>
  kustomization.patches.map((patch, index) =>
    configured("PatchTransformer", ["patches", index], patchConfig(patch), createPatchTransformer(patch, loader, readResources)),
  );

function makeSimple({ kustomization }: Target, config: TransformerConfig): readonly Made[] {
  const { namespace, namePrefix, nameSuffix, commonAnnotations } = kustomization;
  return [
    ...(namespace === "" ? [] : [simple("NamespaceTransformer", ["namespace"], createNamespaceTransformer({ namespace, fieldSpecs: config.namespace }))]),
    ...(namePrefix === "" ? [] : [simple("PrefixTransformer", ["namePrefix"], createPrefixTransformer({ prefix: namePrefix, fieldSpecs: config.namePrefix }))]),
    ...(nameSuffix === "" ? [] : [simple("SuffixTransformer", ["nameSuffix"], createSuffixTransformer({ suffix: nameSuffix, fieldSpecs: config.nameSuffix }))]),
    ...labelTransformers(kustomization, config).map((made) => ({ kind: "LabelTransformer", ...made })),
    ...(commonAnnotations.size === 0
      ? []
      : [
          simple(
            "AnnotationsTransformer",
            ["commonAnnotations"],
            createAnnotationsTransformer({ annotations: commonAnnotations, fieldSpecs: config.commonAnnotations }),
          ),
        ]),
  ];
}

const makeJsonPatches = ({ kustomization, loader }: Target): readonly Made[] =>
  kustomization.patchesJson6902.map((patch, index) =>
    configured("PatchJson6902Transformer", ["patchesJson6902", index], patchJson6902Config(patch), createPatchJson6902Transformer(patch, loader)),
  );

const makeCounted = ({ kustomization: { replicas, images } }: Target, config: TransformerConfig): readonly Made[] => [
  ...replicas.map((replica, index) =>
    simple("ReplicaCountTransformer", ["replicas", index], createReplicaTransformer({ replica, fieldSpecs: config.replicas })),
  ),
  ...images.map((image, index) => simple("ImageTagTransformer", ["images", index], createImageTransformer({ image, fieldSpecs: config.images }))),
];

function makeReplacements({ kustomization: { replacements }, loader }: Target): readonly Made[] {
  if (replacements.length === 0) return [];
  return [configured("ReplacementTransformer", [], replacementConfig(replacements), createReplacementTransformer(replacements, loader))];
}
