import { setMetadata } from "../../build/metadata.ts";
import type { Manifest } from "../../domain/manifest.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import { normalise } from "../../plan/normalise.ts";

/** What is applied of a build: every object as its kind is written, with the labels of its owner and the common metadata. Source: reference 2.6.1. */
export const desiredObjects = (manifests: readonly Manifest[], { metadata, spec }: Kustomization): readonly Manifest[] =>
  setMetadata(manifests.map(normalise), metadata, spec.commonMetadata);
