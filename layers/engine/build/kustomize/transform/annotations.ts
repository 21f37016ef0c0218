import type { FieldSpec } from "../config/config.ts";
import { createEntriesTransformer } from "./entries.ts";
import type { Transformer } from "./transformer.ts";

export type AnnotationsConfig = { readonly annotations: ReadonlyMap<string, string>; readonly fieldSpecs: readonly FieldSpec[] };

/** Source: kustomize AnnotationsTransformer. */
export const createAnnotationsTransformer = ({ annotations, fieldSpecs }: AnnotationsConfig): Transformer => createEntriesTransformer(annotations, fieldSpecs);
