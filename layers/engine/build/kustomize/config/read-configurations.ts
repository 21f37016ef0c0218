import { ok, type Result } from "../../../domain/result.ts";
import { type BuildProblem, buildProblem, failedBelow } from "../build-problem.ts";
import { embedded, list, struct } from "../decode/shape.ts";
import { unmarshal } from "../decode/unmarshal.ts";
import { fieldSpec, gvk } from "../kustomization/kustomization-shape.ts";
import type { Loader } from "../load/loader.ts";
import type { TransformerConfig } from "./config.ts";
import { emptyConfig } from "./default-config.ts";
import { mergeConfigs } from "./merge-configs.ts";
import { sortConfig } from "./sort-config.ts";

const fieldSpecs = list(fieldSpec, "types.FsSlice");
const backReferences = struct("builtinconfig.NameBackReferences", { ...embedded(gvk), fieldSpecs });

const configShape = struct("builtinconfig.TransformerConfig", {
  namePrefix: fieldSpecs,
  nameSuffix: fieldSpecs,
  namespace: fieldSpecs,
  commonLabels: fieldSpecs,
  labels: fieldSpecs,
  templateLabels: fieldSpecs,
  commonAnnotations: fieldSpecs,
  nameReference: list(backReferences, "builtinconfig.nbrSlice"),
  varReference: fieldSpecs,
  images: fieldSpecs,
  replicas: fieldSpecs,
});

/** What the files of `configurations` add to the built-in field specs, merged one after the other. Source: kustomize builtinconfig, loadDefaultConfig. */
export function readConfigurations(paths: readonly string[], loader: Loader): Result<TransformerConfig, BuildProblem> {
  let merged = emptyConfig;
  for (const [index, path] of paths.entries()) {
    const file = loader.load(path);
    if (!file.ok) return failedBelow(["configurations", index], file.problem);
    const place = { file: file.value.path };
    const read = unmarshal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(file.value.bytes), configShape, "refuse");
    if (!read.ok) return buildProblem(read.problem.message, { ...place, path: read.problem.path });
    const next = mergeConfigs(merged, sortConfig(read.value));
    if (!next.ok) return buildProblem(next.problem, place);
    merged = next.value;
  }
  return ok(merged);
}
