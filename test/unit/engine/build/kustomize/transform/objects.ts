import type { BuildProblem } from "../../../../../../layers/engine/build/kustomize/build-problem.ts";
import { readResources } from "../../../../../../layers/engine/build/kustomize/resource/read-resources.ts";
import type { Resource } from "../../../../../../layers/engine/build/kustomize/resource/resource.ts";
import { goJson } from "../../../../../../layers/engine/build/kustomize/resource/shown-json.ts";
import { createSchema } from "../../../../../../layers/engine/build/kustomize/schema/create-schema.ts";
import type { Transformer } from "../../../../../../layers/engine/build/kustomize/transform/transformer.ts";
import type { Result } from "../../../../../../layers/engine/domain/result.ts";

export const schema = createSchema("built-in kinds");

/** The objects of a text, documents apart by `---`. */
export function objects(text: string): readonly Resource[] {
  const read = readResources(text, "app.yaml");
  if (!read.ok) throw new Error(read.problem.message);
  return read.value;
}

/** The objects as JSON, one line each, or the problem. */
export const shown = (result: Result<readonly Resource[], BuildProblem>): string =>
  result.ok ? result.value.map(({ node }) => goJson(node)).join("\n") : result.problem.message;

export const transformed = (transformer: Transformer, text: string): string => shown(transformer(objects(text), schema));

/** A field of the only object after a transformation, or the problem. */
export function fieldAfter(transformer: Transformer, text: string, field: string): string {
  const result = transformer(objects(text), schema);
  return result.ok ? goJson(result.value[0]?.node[field] ?? null) : result.problem.message;
}
