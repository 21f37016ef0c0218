import { apiVersionOfKind, type FluxKind, type FluxKindName, KINDS } from "@sluice/engine/flux/kinds.ts";

/** How a kind is called on a command line. */
export type FluxType = {
  readonly facts: FluxKind;
  readonly apiVersion: string;
  /** The word that stands before it, where it is one of several of a sort: `source git`. */
  readonly family?: Family;
  /** `kustomization`, and what else may stand for it. */
  readonly word: string;
  readonly aliases: readonly string[];
  /** `kustomizations`: as `get` calls it. */
  readonly many: string;
};

export type Family = "source" | "image" | "artifact";

const type = (kind: FluxKindName, word: string, aliases: readonly string[], many: string, family?: Family): FluxType => ({
  facts: KINDS[kind],
  apiVersion: apiVersionOfKind(KINDS[kind]),
  word,
  aliases,
  many,
  ...(family !== undefined && { family }),
});

/** Source: reference 6.2; the last column is the word of `get`. */
export const TYPES = {
  OCIRepository: type("OCIRepository", "oci", ["ocirepo", "ocirepository"], "oci", "source"),
  Bucket: type("Bucket", "bucket", ["buckets"], "bucket", "source"),
  GitRepository: type("GitRepository", "git", ["gitrepo", "gitrepository"], "git", "source"),
  HelmRepository: type("HelmRepository", "helm", ["helmrepo", "helmrepository"], "helm", "source"),
  HelmChart: type("HelmChart", "chart", ["helmchart", "hc"], "chart", "source"),
  ExternalArtifact: type("ExternalArtifact", "external", ["externalartifact"], "external", "source"),
  ImageRepository: type("ImageRepository", "repository", ["repositories"], "repository", "image"),
  ImagePolicy: type("ImagePolicy", "policy", ["policies"], "policy", "image"),
  ImageUpdateAutomation: type("ImageUpdateAutomation", "update", ["updates"], "update", "image"),
  ArtifactGenerator: type("ArtifactGenerator", "generator", ["generators"], "generators", "artifact"),
  HelmRelease: type("HelmRelease", "helmrelease", ["hr", "helmreleases"], "helmreleases"),
  Kustomization: type("Kustomization", "kustomization", ["ks", "kustomizations"], "kustomizations"),
  Receiver: type("Receiver", "receiver", ["receivers"], "receivers"),
  Provider: type("Provider", "alert-provider", ["alert-providers"], "alert-providers"),
  Alert: type("Alert", "alert", ["alerts"], "alerts"),
} satisfies { readonly [Name in FluxKindName]: FluxType };

export const ALL_TYPES: readonly FluxType[] = Object.values(TYPES);
