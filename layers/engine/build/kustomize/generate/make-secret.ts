import type { Result } from "../../../domain/result.ts";
import type { BuildProblem } from "../build-problem.ts";
import type { GeneratorArgs, GeneratorOptions } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Resource } from "../resource/resource.ts";
import { base64Lines } from "./base64-lines.ts";
import { generatedObject } from "./generated-object.ts";

/** The Secret of a generator; `options` are those of all generators of the kustomization. Source: kustomize api/internal/generators/secret.go. */
export const makeSecret = (args: GeneratorArgs, options: GeneratorOptions | undefined, loader: Loader): Result<Resource, BuildProblem> =>
  generatedObject("Secret", args, options, loader, (pairs) => ({
    type: args.type || "Opaque",
    data: Object.fromEntries(pairs.map(({ key, value }) => [key, base64Lines(value)])),
  }));
