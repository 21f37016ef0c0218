import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, type Path } from "../build-problem.ts";
import type { FieldSpec, TransformerConfig } from "../config/config.ts";
import { mergeFieldSpecs } from "../config/merge-configs.ts";
import type { Kustomization, Label } from "../kustomization/kustomization.ts";
import { createEntriesTransformer } from "./entries.ts";
import type { Transformer } from "./transformer.ts";

export type LabelsConfig = { readonly labels: ReadonlyMap<string, string>; readonly fieldSpecs: readonly FieldSpec[] };

/** Source: kustomize LabelTransformer. */
export const createLabelsTransformer = ({ labels, fieldSpecs }: LabelsConfig): Transformer => createEntriesTransformer(labels, fieldSpecs);

/** `path` leads to the labels in the kustomization. */
export type MadeLabels = { readonly path: Path; readonly transformers: Result<readonly Transformer[], BuildProblem> };

/** One for each item of `labels`, then one for `commonLabels`. Source: kustomize api/internal/target, kusttarget_configplugin. */
export function labelTransformers({ labels, commonLabels }: Pick<Kustomization, "labels" | "commonLabels">, config: TransformerConfig): readonly MadeLabels[] {
  if (labels.length === 0 && commonLabels.size === 0) return [];
  const common = createLabelsTransformer({ labels: commonLabels, fieldSpecs: config.commonLabels });
  return [...labels.map((label, index) => madeOf(label, ["labels", index], config)), { path: ["commonLabels"], transformers: ok([common]) }];
}

function madeOf(label: Label, path: Path, config: TransformerConfig): MadeLabels {
  const fieldSpecs = fieldSpecsOf(label, config);
  if (!fieldSpecs.ok) return { path, transformers: buildProblem(fieldSpecs.problem) };
  return { path, transformers: ok([createLabelsTransformer({ labels: label.pairs, fieldSpecs: fieldSpecs.value })]) };
}

const METADATA_LABELS: FieldSpec = { group: "", version: "", kind: "", path: "metadata/labels", create: true };

/** What the label itself names comes first. Selectors bring templates and metadata with them. */
function fieldSpecsOf({ fields, includeSelectors, includeTemplates }: Label, config: TransformerConfig): Result<readonly FieldSpec[]> {
  const named = mergeFieldSpecs(fields, config.labels);
  if (!named.ok) return failed("labels", named.problem);
  if (includeSelectors) {
    const all = mergeFieldSpecs(named.value, config.commonLabels);
    return all.ok ? all : failed("labels", all.problem);
  }
  const withTemplates = includeTemplates ? mergeFieldSpecs(named.value, config.templateLabels) : named;
  if (!withTemplates.ok) return failed("template fieldSpec", withTemplates.problem);
  const all = mergeFieldSpecs(withTemplates.value, [METADATA_LABELS]);
  return all.ok ? all : failed("labels", all.problem);
}

const failed = (what: string, why: string): { readonly ok: false; readonly problem: string } => ({ ok: false, problem: `failed to merge ${what}: ${why}` });
