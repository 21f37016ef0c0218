import { isObject, type Json } from "../domain/json.ts";
import type { Manifest } from "../domain/manifest.ts";
import { type Owner, ownerLabels } from "../domain/owner.ts";

export type CommonMetadata = {
  readonly labels?: { readonly [key: string]: string } | undefined;
  readonly annotations?: { readonly [key: string]: string } | undefined;
};

/**
 * The manifests with the labels of their owner, and over those the common metadata of the spec. A label or annotation that is no text
 * takes all others of the manifest with it, as in Flux. Source: reference 2.5.3, 2.6.1.
 */
export const setMetadata = (manifests: readonly Manifest[], owner: Owner, common: CommonMetadata | undefined): readonly Manifest[] =>
  manifests.map((manifest) => withMetadata(manifest, { ...ownerLabels(owner), ...common?.labels }, common?.annotations ?? {}));

function withMetadata(manifest: Manifest, labels: Texts, annotations: Texts): Manifest {
  const own: { readonly labels?: Json | Texts; readonly annotations?: Json | Texts } = manifest.metadata;
  const merged = { ...textsOf(own.annotations), ...annotations };
  return {
    ...manifest,
    metadata: {
      ...manifest.metadata,
      labels: { ...textsOf(own.labels), ...labels },
      // Without common annotations Flux does not touch what is there, whatever it is.
      ...(Object.keys(annotations).length > 0 && { annotations: merged }),
    },
  };
}

type Texts = { readonly [key: string]: string };

function textsOf(value: Json | Texts | undefined): Texts {
  if (!isObject(value)) return {};
  const entries: [string, string][] = [];
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") return {};
    entries.push([key, text]);
  }
  return Object.fromEntries(entries);
}
