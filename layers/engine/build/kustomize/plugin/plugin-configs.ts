import { ok, type Result } from "../../../domain/result.ts";
import type { Node } from "../../node/node.ts";
import { type BuildProblem, problemBelow, within } from "../build-problem.ts";
import type { FieldSpec } from "../config/config.ts";
import type { Decoded, Shape } from "../decode/shape.ts";
import { unmarshalNode } from "../decode/unmarshal.ts";
import type { GeneratorArgs, Image, Patch, ReplacementField, Replica } from "../kustomization/kustomization.ts";
import { subjectModeProblem } from "../transform/set-namespace.ts";
import { valueAddShape } from "../transform/value-add.ts";
import { affixConfig } from "./affix-config.ts";
import {
  annotationsShape,
  configMapGeneratorShape,
  type IamPolicyArgs,
  iamPolicyShape,
  imageShape,
  labelsShape,
  namespaceShape,
  patchJson6902Shape,
  patchShape,
  patchStrategicMergeShape,
  replacementShape,
  replicaShape,
  secretGeneratorShape,
} from "./shapes.ts";

/**
 * The configurations of what is built in, out of the objects that give them; what is wrong with one is the cause that kustomize names. Unknown fields are ignored,
 * kind and metadata among them. Source: kustomize api/internal/builtins, the Config functions.
 */
type Config<Value> = (config: Node) => Result<Value, BuildProblem>;
type Specs = { readonly fieldSpecs: readonly FieldSpec[] };

export const annotationsConfig: Config<Specs & { readonly annotations: ReadonlyMap<string, string> }> = (config) => read(annotationsShape, config);
export const labelsConfig: Config<Specs & { readonly labels: ReadonlyMap<string, string> }> = (config) => read(labelsShape, config);
export const replicaConfig: Config<Specs & { readonly replica: Replica }> = (config) => read(replicaShape, config);
export const imageConfig: Config<Specs & { readonly image: Image }> = (config) =>
  changed(read(imageShape, config), ({ imageTag, fieldSpecs }) => ok({ image: imageTag, fieldSpecs }));

export const prefixConfig: Config<Specs & { readonly prefix: string }> = (config) =>
  changed(affixConfig("prefix", "builtins.PrefixTransformerPlugin", config), ({ affix, fieldSpecs }) => ok({ prefix: affix, fieldSpecs }));
export const suffixConfig: Config<Specs & { readonly suffix: string }> = (config) =>
  changed(affixConfig("suffix", "builtins.SuffixTransformerPlugin", config), ({ affix, fieldSpecs }) => ok({ suffix: affix, fieldSpecs }));

export type NamespacePluginConfig = Specs & { readonly namespace: string; readonly unsetOnly: boolean; readonly setRoleBindingSubjects: string };

export function namespaceConfig(config: Node): Result<NamespacePluginConfig, BuildProblem> {
  const decoded = read(namespaceShape, config);
  if (!decoded.ok) return { ok: false, problem: within((message) => `unmarshalling NamespaceTransformer config: ${message}`, decoded.problem) };
  const { metadata, fieldSpecs, unsetOnly, setRoleBindingSubjects: given } = decoded.value;
  const wrong = subjectModeProblem(given);
  if (wrong !== undefined) return problemBelow(["setRoleBindingSubjects"], wrong);
  return ok({ namespace: metadata.namespace, fieldSpecs, unsetOnly, setRoleBindingSubjects: given || "defaultOnly" });
}

export const patchPluginConfig: Config<Patch> = (config) => read(patchShape, config);
export const patchJson6902PluginConfig: Config<Patch> = (config) =>
  changed(read(patchJson6902Shape, config), ({ target, path, jsonOp }) => ok({ target, path, patch: jsonOp, options: undefined }));
export const patchStrategicMergePluginConfig: Config<{ readonly paths: readonly string[]; readonly patches: string }> = (config) =>
  read(patchStrategicMergeShape, config);
export const replacementPluginConfig: Config<readonly ReplacementField[]> = (config) =>
  changed(read(replacementShape, config), ({ replacements }) => ok(replacements));

export const valueAddConfig: Config<Decoded<typeof valueAddShape>> = (config) => read(valueAddShape, config);
export const iamPolicyConfig: Config<IamPolicyArgs> = (config) => read(iamPolicyShape, config);
export const configMapGeneratorConfig: Config<GeneratorArgs> = (config) =>
  changed(read(configMapGeneratorShape, config), (args) => ok(generatorArgs({ ...args, type: "" })));
export const secretGeneratorConfig: Config<GeneratorArgs> = (config) => changed(read(secretGeneratorShape, config), (args) => ok(generatorArgs(args)));

/** Name and namespace are those of the object where no others are given. The old field `env` is read and forgotten. */
function generatorArgs({ metadata, env: _, ...args }: Decoded<typeof secretGeneratorShape>): GeneratorArgs {
  return { ...args, name: args.name || metadata.name, namespace: args.namespace || metadata.namespace };
}

function read<Value>(shape: Shape<Value>, config: Node): Result<Value, BuildProblem> {
  const decoded = unmarshalNode(config, shape, "ignore");
  return decoded.ok ? decoded : problemBelow(decoded.problem.path, decoded.problem.message);
}

const changed = <Value, Next>(config: Result<Value, BuildProblem>, change: (value: Value) => Result<Next, BuildProblem>): Result<Next, BuildProblem> =>
  config.ok ? change(config.value) : config;
