import { ok, problem, type Result } from "../../../domain/result.ts";
import { spend } from "../../work.ts";
import type { Gvk } from "../resource/id.ts";
import type { BackReferences, FieldSpec, TransformerConfig } from "./config.ts";
import { sortConfig } from "./sort-config.ts";

/** The field specs of both. Source: kustomize builtinconfig, TransformerConfig.Merge. */
export function mergeConfigs(first: TransformerConfig, second: TransformerConfig): Result<TransformerConfig> {
  const namePrefix = named("NamePrefix", mergeFieldSpecs(first.namePrefix, second.namePrefix));
  if (!namePrefix.ok) return namePrefix;
  const nameSuffix = named("NameSuffix", mergeFieldSpecs(first.nameSuffix, second.nameSuffix));
  if (!nameSuffix.ok) return nameSuffix;
  const namespace = named("NameSpace", mergeFieldSpecs(first.namespace, second.namespace));
  if (!namespace.ok) return namespace;
  const commonAnnotations = named("CommonAnnotations", mergeFieldSpecs(first.commonAnnotations, second.commonAnnotations));
  if (!commonAnnotations.ok) return commonAnnotations;
  const commonLabels = named("CommonLabels", mergeFieldSpecs(first.commonLabels, second.commonLabels));
  if (!commonLabels.ok) return commonLabels;
  const labels = named("Labels", mergeFieldSpecs(first.labels, second.labels));
  if (!labels.ok) return labels;
  const templateLabels = named("TemplateLabels", mergeFieldSpecs(first.templateLabels, second.templateLabels));
  if (!templateLabels.ok) return templateLabels;
  const varReference = named("VarReference", mergeFieldSpecs(first.varReference, second.varReference));
  if (!varReference.ok) return varReference;
  const nameReference = named("NameReference", mergeBackReferences(first.nameReference, second.nameReference));
  if (!nameReference.ok) return nameReference;
  const images = named("Images", mergeFieldSpecs(first.images, second.images));
  if (!images.ok) return images;
  const replicas = named("Replicas", mergeFieldSpecs(first.replicas, second.replicas));
  if (!replicas.ok) return replicas;
  const merged: TransformerConfig = {
    namePrefix: namePrefix.value,
    nameSuffix: nameSuffix.value,
    namespace: namespace.value,
    commonAnnotations: commonAnnotations.value,
    commonLabels: commonLabels.value,
    labels: labels.value,
    templateLabels: templateLabels.value,
    varReference: varReference.value,
    nameReference: nameReference.value,
    images: images.value,
    replicas: replicas.value,
  };
  return ok(sortConfig(merged));
}

const named = <Value>(field: string, merged: Result<Value>): Result<Value> =>
  merged.ok ? merged : problem(`failed to merge ${field} fieldSpec: ${merged.problem}`);

/**
 * `added` behind `present`, without those whose path is there already for a kind that they cover. What is there decides: a general field spec does not make
 * a special one superfluous, but the other way around. Source: kustomize types.FsSlice.MergeAll.
 */
export function mergeFieldSpecs(present: readonly FieldSpec[], added: readonly FieldSpec[]): Result<readonly FieldSpec[]> {
  spend(STEPS_OF_SPEC * (present.length + added.length));
  const merged = [...present];
  const covered = new Map<string, FieldSpec>();
  for (const spec of present) noteCovers(covered, spec);
  for (const spec of added) {
    const same = covered.get(coverKey(spec, spec.path));
    if (same === undefined) {
      merged.push(spec);
      noteCovers(covered, spec);
      continue;
    }
    if (same.create !== spec.create) return problem("conflicting fieldspecs");
  }
  return ok(merged);
}

/** Each is entered under up to eight keys. */
const STEPS_OF_SPEC = 30;

const coverKey = ({ group, version, kind }: Gvk, path: string): string => [group, version, kind, path].join("\0");

/** Every selection of a kind that takes `spec` in, with the first field spec that it meets. */
function noteCovers(covered: Map<string, FieldSpec>, spec: FieldSpec): void {
  for (const group of new Set([spec.group, ""])) {
    for (const version of new Set([spec.version, ""])) {
      for (const kind of new Set([spec.kind, ""])) {
        const key = coverKey({ group, version, kind }, spec.path);
        if (!covered.has(key)) covered.set(key, spec);
      }
    }
  }
}

/** Those of one kind become one. Source: kustomize builtinconfig, nbrSlice.mergeAll. */
export function mergeBackReferences(present: readonly BackReferences[], added: readonly BackReferences[]): Result<readonly BackReferences[]> {
  spend(STEPS_OF_SPEC * (present.length + added.length));
  const merged = new Map(present.map((references): [string, BackReferences] => [gvkKey(references), references]));
  for (const references of added) {
    const key = gvkKey(references);
    const same = merged.get(key);
    if (same === undefined) {
      merged.set(key, references);
      continue;
    }
    const fieldSpecs = mergeFieldSpecs(same.fieldSpecs, references.fieldSpecs);
    if (!fieldSpecs.ok) return fieldSpecs;
    merged.set(key, { ...same, fieldSpecs: fieldSpecs.value });
  }
  return ok([...merged.values()]);
}

const gvkKey = ({ group, version, kind }: Gvk): string => [group, version, kind].join("\0");
