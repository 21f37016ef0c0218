import { showGvk } from "../resource/id.ts";
import type { FieldSpec, TransformerConfig } from "./config.ts";

/** All field specs as Go's `%v` shows them: kustomize does when they cannot be merged. */
export function showConfig(config: TransformerConfig): string {
  const references = config.nameReference.map((one) => `${showGvk(one)}:  (\n${one.fieldSpecs.map(showFieldSpec).join("\n")}\n)`);
  const lists = [
    config.namePrefix.map(showFieldSpec),
    config.nameSuffix.map(showFieldSpec),
    config.namespace.map(showFieldSpec),
    config.commonLabels.map(showFieldSpec),
    config.labels.map(showFieldSpec),
    config.templateLabels.map(showFieldSpec),
    config.commonAnnotations.map(showFieldSpec),
    references,
    config.varReference.map(showFieldSpec),
    config.images.map(showFieldSpec),
    config.replicas.map(showFieldSpec),
  ];
  return `&{${lists.map((list) => `[${list.join(" ")}]`).join(" ")}}`;
}

const showFieldSpec = (fieldSpec: FieldSpec): string => `${showGvk(fieldSpec)}:${fieldSpec.create}:${fieldSpec.path}`;
