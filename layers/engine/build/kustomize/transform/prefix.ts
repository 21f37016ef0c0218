import type { FieldSpec } from "../config/config.ts";
import { createAffixTransformer } from "./affix.ts";
import type { Transformer } from "./transformer.ts";

export const createPrefixTransformer = ({ prefix, fieldSpecs }: { readonly prefix: string; readonly fieldSpecs: readonly FieldSpec[] }): Transformer =>
  createAffixTransformer({
    text: prefix,
    fieldSpecs,
    note: (resource) => ({ ...resource, prefixes: [...resource.prefixes, prefix] }),
    change: (text) => prefix + text,
  });
