import type { Result } from "../../../domain/result.ts";
import type { NodeMap } from "../../node/node.ts";
import type { BuildProblem } from "../build-problem.ts";
import type { GeneratorArgs, GeneratorOptions } from "../kustomization/kustomization.ts";
import type { Loader } from "../load/loader.ts";
import type { Resource } from "../resource/resource.ts";
import { base64Lines } from "./base64-lines.ts";
import { generatedObject } from "./generated-object.ts";
import type { KeyValue } from "./key-values.ts";

/** The ConfigMap of a generator; `options` are those of all generators of the kustomization. Source: kustomize api/internal/generators/configmap.go. */
export const makeConfigMap = (args: GeneratorArgs, options: GeneratorOptions | undefined, loader: Loader): Result<Resource, BuildProblem> =>
  generatedObject("ConfigMap", args, options, loader, configMapFields);

/** The Secret of a generator. Source: kustomize api/internal/generators/secret.go. */
export const makeSecret = (args: GeneratorArgs, options: GeneratorOptions | undefined, loader: Loader): Result<Resource, BuildProblem> =>
  generatedObject("Secret", args, options, loader, (pairs) => ({
    type: args.type || "Opaque",
    data: Object.fromEntries(pairs.map(({ key, value }) => [key, base64Lines(value)])),
  }));

/** Texts, and what is no text; each field only if there is something in it. */
function configMapFields(pairs: readonly KeyValue[]): NodeMap {
  const texts = pairs.flatMap(({ key, value }): [string, string][] => (typeof value === "string" ? [[key, value]] : []));
  const binaries = pairs.flatMap(({ key, value }): [string, string][] => (typeof value === "string" ? [] : [[key, base64Lines(value)]]));
  return {
    ...(texts.length > 0 && { data: Object.fromEntries(texts) }),
    ...(binaries.length > 0 && { binaryData: Object.fromEntries(binaries) }),
  };
}
