import type { JsonObject } from "../../../domain/json.ts";
import { encodeStruct } from "../decode/encode.ts";
import { list, struct, written } from "../decode/shape.ts";
import type { ReplacementField } from "../kustomization/kustomization.ts";
import { replacementField } from "../kustomization/kustomization-shape.ts";

const shape = struct("struct", { Replacements: written(list(replacementField)) });

/** The configuration that messages about replacements show. Source: kustomize api/internal/target/kusttarget_configplugin.go. */
export const replacementConfig = (fields: readonly ReplacementField[]): JsonObject => encodeStruct(shape, { Replacements: fields });
