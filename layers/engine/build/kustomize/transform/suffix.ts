import type { FieldSpec } from "../config/config.ts";
import { createAffixTransformer } from "./affix.ts";
import type { Transformer } from "./transformer.ts";

export const createSuffixTransformer = ({ suffix, fieldSpecs }: { readonly suffix: string; readonly fieldSpecs: readonly FieldSpec[] }): Transformer =>
  createAffixTransformer({
    text: suffix,
    fieldSpecs,
    note: (resource) => ({ ...resource, suffixes: [...resource.suffixes, suffix] }),
    change: (text) => text + suffix,
  });
