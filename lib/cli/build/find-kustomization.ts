import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { type Kustomization, parseKustomization } from "@sluice/engine/flux/kustomization-object.ts";
import { Failure } from "../failure.ts";
import { TYPES } from "../flux-types.ts";
import { findObject, type Wanted } from "./find-object.ts";

/** The Kustomization that is built. */
export const findKustomization = async (wanted: Wanted): Promise<Kustomization> => parsed(await findObject(TYPES.Kustomization, wanted));

export function parsed(manifest: Manifest): Kustomization {
  const read = parseKustomization(manifest);
  if (!read.ok) throw new Failure(`Kustomization ${manifest.metadata.name} is invalid: ${read.problem}`);
  return read.value;
}
