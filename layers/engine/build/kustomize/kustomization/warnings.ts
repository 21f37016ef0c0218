import { isNil } from "../decode/decode.ts";
import type { Decoded } from "../decode/shape.ts";
import type { kustomizationShape } from "./kustomization-shape.ts";

const FIX = "Run 'kustomize edit fix' to update your Kustomization automatically.";

/** In the order in which kustomize says it. */
const DEPRECATED = [
  { field: "bases", instead: "resources", how: FIX },
  { field: "commonLabels", instead: "labels", how: FIX },
  { field: "imageTags", instead: "images", how: FIX },
  { field: "patchesJson6902", instead: "patches", how: FIX },
  { field: "patchesStrategicMerge", instead: "patches", how: FIX },
  { field: "vars", instead: "replacements", how: `[EXPERIMENTAL] ${FIX}` },
] as const;

/** What kustomize says about old fields that are there, even if empty. Source: kustomize api/types/kustomization.go, CheckDeprecatedFields. */
export const deprecationWarnings = (given: Decoded<typeof kustomizationShape>): readonly string[] =>
  DEPRECATED.filter(({ field }) => !isNil(given[field])).map(
    ({ field, instead, how }) => `# Warning: '${field}' is deprecated. Please use '${instead}' instead. ${how}`,
  );
