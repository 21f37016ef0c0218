import type { Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import type { Resource } from "../resource/resource.ts";
import type { Schema } from "../schema/schema.ts";

/**
 * Makes new resources out of those that a kustomization has so far; the order stays. What a step deletes it leaves out. It is called once, so whatever can be wrong with
 * its configuration has been found before, when it was made.
 */
export type Transformer = (resources: readonly Resource[], schema: Schema) => Result<readonly Resource[], BuildProblem>;
