import { ok, type Result } from "../../../domain/result.ts";
import type { Node } from "../../node/node.ts";
import { writeYaml } from "../../yaml/write.ts";
import { type BuildProblem, buildProblem } from "../build-problem.ts";
import { addHashes } from "../generate/add-hashes.ts";
import { makeIamPolicy } from "../generate/iam-policy.ts";
import { makeConfigMap, makeSecret } from "../generate/make-generated.ts";
import { createPatchJson6902Transformer } from "../patch/patch-json6902-transformer.ts";
import { createPatchStrategicMergeTransformer } from "../patch/patch-strategic-merge-transformer.ts";
import { createPatchTransformer } from "../patch/patch-transformer.ts";
import { createReplacementTransformer } from "../replace/create-replacement-transformer.ts";
import { annotate, internalAnnotations } from "../resource/internal-annotations.ts";
import type { Resource } from "../resource/resource.ts";
import { createAnnotationsTransformer } from "../transform/annotations.ts";
import { createImageTransformer } from "../transform/images.ts";
import { createLabelsTransformer } from "../transform/labels.ts";
import { createNamespaceTransformer } from "../transform/namespace.ts";
import { createPrefixTransformer } from "../transform/prefix.ts";
import { createReplicaTransformer } from "../transform/replicas.ts";
import { createSuffixTransformer } from "../transform/suffix.ts";
import type { Transformer } from "../transform/transformer.ts";
import { createValueAddTransformer } from "../transform/value-add.ts";
import type { PluginRun } from "./load-plugins.ts";
import {
  annotationsConfig,
  configMapGeneratorConfig,
  iamPolicyConfig,
  imageConfig,
  labelsConfig,
  namespaceConfig,
  patchJson6902PluginConfig,
  patchPluginConfig,
  patchStrategicMergePluginConfig,
  prefixConfig,
  replacementPluginConfig,
  replicaConfig,
  secretGeneratorConfig,
  suffixConfig,
  valueAddConfig,
} from "./plugin-configs.ts";

/** Something built in that an object configures: it makes objects, or changes them. */
export type Plugin = {
  readonly generate?: () => Result<readonly Resource[], BuildProblem>;
  readonly transform?: Transformer;
};

type Configured<Value> = Result<Value, BuildProblem>;

/** What is built in under the name `kind`, configured by an object; undefined when there is nothing of that name. Source: kustomize api/internal/plugins/builtinhelpers. */
export function configurePlugin(kind: string, config: Resource, run: PluginRun): Result<Plugin, BuildProblem> | undefined {
  const { node } = config;
  const { loader, readResources } = run;
  switch (kind) {
    case "ConfigMapGenerator":
      return then(configMapGeneratorConfig(node), (args) => generator(() => one(makeConfigMap(args, undefined, loader))));
    case "SecretGenerator":
      return then(secretGeneratorConfig(node), (args) => generator(() => one(makeSecret(args, undefined, loader))));
    case "IAMPolicyGenerator":
      return then(iamPolicyConfig(node), (args) => generator(() => makeIamPolicy(args)));
    case "HelmChartInflationGenerator":
      return buildProblem("must specify --enable-helm");
    case "HashTransformer":
      return transformer(ok(addHashes));
    case "PatchTransformer":
      return transformer(then(patchPluginConfig(node), (patch) => createPatchTransformer(patch, loader, readResources, () => shownConfig(config))));
    case "PatchJson6902Transformer":
      return transformer(then(patchJson6902PluginConfig(node), (patch) => createPatchJson6902Transformer(patch, loader, "jsonOp")));
    case "PatchStrategicMergeTransformer":
      return transformer(then(patchStrategicMergePluginConfig(node), (args) => createPatchStrategicMergeTransformer(args, loader, readResources, ["paths"])));
    case "ReplacementTransformer":
      return transformer(then(replacementPluginConfig(node), (fields) => createReplacementTransformer(fields, loader)));
    case "ValueAddTransformer":
      return transformer(then(valueAddConfig(node), (args) => createValueAddTransformer(args, loader)));
    default: {
      const made = simpleTransformer(kind, node);
      return made === undefined ? undefined : transformer(made);
    }
  }
}

/** Those that need nothing but their configuration. */
function simpleTransformer(kind: string, config: Node): Configured<Transformer> | undefined {
  switch (kind) {
    case "AnnotationsTransformer":
      return mapped(annotationsConfig(config), createAnnotationsTransformer);
    case "LabelTransformer":
      return mapped(labelsConfig(config), createLabelsTransformer);
    case "ImageTagTransformer":
      return mapped(imageConfig(config), createImageTransformer);
    case "ReplicaCountTransformer":
      return mapped(replicaConfig(config), createReplicaTransformer);
    case "NamespaceTransformer":
      return mapped(namespaceConfig(config), createNamespaceTransformer);
    case "PrefixTransformer":
      return mapped(prefixConfig(config), createPrefixTransformer);
    case "SuffixTransformer":
      return mapped(suffixConfig(config), createSuffixTransformer);
    case "PrefixSuffixTransformer":
      return then(mapped(prefixConfig(config), createPrefixTransformer), (prefix) =>
        mapped(mapped(suffixConfig(config), createSuffixTransformer), (suffix) => inTurn(prefix, suffix)),
      );
    default:
      return undefined;
  }
}

const inTurn =
  (first: Transformer, second: Transformer): Transformer =>
  (resources, schema) =>
    then(first(resources, schema), (changed) => second(changed, schema));

const then = <Value, Next>(result: Configured<Value>, next: (value: Value) => Configured<Next>): Configured<Next> => (result.ok ? next(result.value) : result);
const mapped = <Value, Next>(result: Configured<Value>, make: (value: Value) => Next): Configured<Next> => then(result, (value) => ok(make(value)));
const one = (made: Configured<Resource>): Configured<readonly Resource[]> => mapped(made, (resource) => [resource]);
const generator = (generate: () => Configured<readonly Resource[]>): Configured<Plugin> => ok({ generate });
const transformer = (made: Configured<Transformer>): Configured<Plugin> => mapped(made, (transform) => ({ transform }));

/** The configuration as messages show it: the whole object, with kustomize's own annotations. */
const shownConfig = (config: Resource): string => writeYaml(annotate(config.node, internalAnnotations(config)));
