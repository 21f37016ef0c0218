import { anyMap, bool, embedded, int, int64, list, named, optionalText, pointer, pointers, struct, text, textMap, texts, written } from "../decode/shape.ts";

/** What may stand in a kustomization file, and in the files and configurations that use the same parts. Source: kustomize api/types, kyaml/resid. */

const typeMeta = struct("types.TypeMeta", { kind: text, apiVersion: text });
export const objectMeta = struct("types.ObjectMeta", { name: text, namespace: text, labels: textMap, annotations: textMap });

export const gvk = struct("resid.Gvk", { group: text, version: text, kind: text });
const resId = struct("resid.ResId", { ...embedded(gvk), name: text, namespace: text });
export const selector = struct("types.Selector", { ...embedded(resId), annotationSelector: text, labelSelector: text });

export const fieldSpec = struct("types.FieldSpec", { ...embedded(gvk), path: text, create: bool });

const label = struct("types.Label", { pairs: textMap, includeSelectors: bool, includeTemplates: bool, fields: list(fieldSpec) });

export const patchArgs = struct("types.PatchArgs", { allowNameChange: bool, allowKindChange: bool });
const patch = struct("types.Patch", { path: text, patch: text, target: pointer(selector), options: pointer(patchArgs) });

export const image = struct("types.Image", { name: text, newName: text, tagSuffix: text, newTag: text, digest: text });
export const replica = struct("types.Replica", { name: text, count: written(int64) });

const fieldOptions = struct("types.FieldOptions", { delimiter: text, index: int, encoding: text, create: bool });
const sourceSelector = struct("types.SourceSelector", { ...embedded(resId), fieldPath: text, options: pointer(fieldOptions) });
const targetSelector = struct("types.TargetSelector", {
  select: written(pointer(selector)),
  reject: pointers(selector),
  fieldPaths: texts,
  options: pointer(fieldOptions),
});
export const replacement = struct("types.Replacement", { source: pointer(sourceSelector), targets: pointers(targetSelector), sourceValue: optionalText });
export const replacementField = struct("types.ReplacementField", { ...embedded(replacement), path: text });

const varTarget = struct("types.Target", { apiVersion: text, ...embedded(gvk), name: written(text), namespace: text });
const fieldSelector = struct("types.FieldSelector", { fieldPath: text });
const varShape = struct("types.Var", { name: written(text), objref: written(varTarget), fieldref: fieldSelector });

const legacySortOptions = struct("types.LegacySortOptions", { orderFirst: written(texts), orderLast: written(texts) });
const sortOptions = struct("types.SortOptions", { order: named("types.SortOrder"), legacySortOptions: pointer(legacySortOptions) });

const generatorOptions = struct("types.GeneratorOptions", { labels: textMap, annotations: textMap, disableNameSuffixHash: bool, immutable: bool });
const kvPairSources = struct("types.KvPairSources", { literals: texts, files: texts, envs: texts, env: text });
const generatorArgs = struct("types.GeneratorArgs", {
  namespace: text,
  name: text,
  behavior: text,
  ...embedded(kvPairSources),
  options: pointer(generatorOptions),
});
export const configMapArgs = struct("types.ConfigMapArgs", { ...embedded(generatorArgs) });
export const secretArgs = struct("types.SecretArgs", { ...embedded(generatorArgs), type: text });

export const helmGlobals = struct("types.HelmGlobals", { chartHome: text, configHome: text });
export const helmChart = struct("types.HelmChart", {
  name: text,
  version: text,
  repo: text,
  releaseName: text,
  namespace: text,
  additionalValuesFiles: texts,
  valuesFile: text,
  valuesInline: anyMap,
  valuesMerge: text,
  includeCRDs: bool,
  skipHooks: bool,
  apiVersions: texts,
  kubeVersion: text,
  nameTemplate: text,
  skipTests: bool,
  debug: bool,
  devel: bool,
});
const helmChartArgs = struct("types.HelmChartArgs", {
  chartName: text,
  chartVersion: text,
  chartRepoUrl: text,
  chartHome: text,
  chartRepoName: text,
  helmBin: text,
  helmHome: text,
  values: text,
  valuesLocal: anyMap,
  valuesMerge: text,
  releaseName: text,
  releaseNamespace: text,
  extraArgs: texts,
});

export const kustomizationShape = struct("types.Kustomization", {
  ...embedded(typeMeta),
  metadata: pointer(objectMeta),
  openapi: textMap,
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: textMap,
  labels: list(label),
  commonAnnotations: textMap,
  patchesStrategicMerge: list(named("types.PatchStrategicMerge")),
  patchesJson6902: list(patch),
  patches: list(patch),
  images: list(image),
  imageTags: list(image),
  replacements: list(replacementField),
  replicas: list(replica),
  vars: list(varShape),
  sortOptions: pointer(sortOptions),
  resources: texts,
  components: texts,
  crds: texts,
  bases: texts,
  configMapGenerator: list(configMapArgs),
  secretGenerator: list(secretArgs),
  helmGlobals: pointer(helmGlobals),
  helmCharts: list(helmChart),
  helmChartInflationGenerator: list(helmChartArgs),
  generatorOptions: pointer(generatorOptions),
  configurations: texts,
  generators: texts,
  transformers: texts,
  validators: texts,
  buildMetadata: texts,
});
