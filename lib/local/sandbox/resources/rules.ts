import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import type { ResourceKind } from "../kinds/kind.ts";
import { validateCustomResource } from "../schema/custom-resource.ts";
import type { FieldError } from "../schema/field-error.ts";
import { validateMetadataUpdate } from "../schema/metadata.ts";
import { validateBuiltIn } from "../validation/validation.ts";

/** What is wrong with an object, metadata included; of an update where `old` is given. */
export function validateObject(kind: ResourceKind, object: Manifest, old: Manifest | undefined): readonly FieldError[] {
  const errors = kind.custom ? validateCustomResource(kind, object, old) : validateBuiltIn(kind, object, old);
  // The server looks at an update's metadata twice, and counts the causes twice: rest.BeforeUpdate, and the kind's own strategy.
  return old === undefined ? errors : [...validateMetadataUpdate(object, old), ...errors];
}
