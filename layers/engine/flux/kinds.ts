/** Names and facts of Flux's kinds, without their schemas: small enough for a Lambda. Source: reference 0.1. */

export const SOURCE_GROUP = "source.toolkit.fluxcd.io";
export const SOURCE_EXTENSIONS_GROUP = "source.extensions.fluxcd.io";
export const KUSTOMIZE_GROUP = "kustomize.toolkit.fluxcd.io";
export const HELM_GROUP = "helm.toolkit.fluxcd.io";
export const NOTIFICATION_GROUP = "notification.toolkit.fluxcd.io";
export const IMAGE_GROUP = "image.toolkit.fluxcd.io";

export type FluxKindName =
  | "Alert"
  | "ArtifactGenerator"
  | "Bucket"
  | "ExternalArtifact"
  | "GitRepository"
  | "HelmChart"
  | "HelmRelease"
  | "HelmRepository"
  | "ImagePolicy"
  | "ImageRepository"
  | "ImageUpdateAutomation"
  | "Kustomization"
  | "OCIRepository"
  | "Provider"
  | "Receiver";

export type FluxKind = {
  readonly group: string;
  readonly version: string;
  readonly kind: FluxKindName;
  readonly plural: string;
  /** As the `flux` command's messages call it: `source git`, `alert provider` (2.9.5, where appendix G of the reference has other words). */
  readonly human: string;
  /** The controller whose part it is: label `app.kubernetes.io/component`, source of events. */
  readonly controller: string;
  readonly hasStatus: boolean;
  /** `suspend` and `resume` work on it; with false it has no `spec.suspend`. */
  readonly suspendable: boolean;
  /** It answers a request by annotation; static objects have nobody who would. */
  readonly reconcilable: boolean;
};

/** What most kinds are. */
const ALIVE = { hasStatus: true, suspendable: true, reconcilable: true };

const source = (facts: { kind: FluxKindName; plural: string; human: string }): FluxKind => ({
  ...ALIVE,
  ...facts,
  group: SOURCE_GROUP,
  version: "v1",
  controller: "source-controller",
});

const image = (facts: { kind: FluxKindName; plural: string; human: string; controller: string }): FluxKind => ({
  ...ALIVE,
  ...facts,
  group: IMAGE_GROUP,
  version: "v1",
});

const notification = (facts: { kind: FluxKindName; plural: string; human: string; version: string }): FluxKind => ({
  ...ALIVE,
  ...facts,
  group: NOTIFICATION_GROUP,
  controller: "notification-controller",
});

export const KINDS: { readonly [Name in FluxKindName]: FluxKind } = {
  Alert: { ...notification({ kind: "Alert", plural: "alerts", human: "alert", version: "v1beta3" }), hasStatus: false, reconcilable: false },
  ArtifactGenerator: {
    ...ALIVE,
    kind: "ArtifactGenerator",
    plural: "artifactgenerators",
    human: "artifactgenerator",
    group: SOURCE_EXTENSIONS_GROUP,
    version: "v1beta1",
    controller: "source-watcher",
    suspendable: false,
  },
  Bucket: source({ kind: "Bucket", plural: "buckets", human: "source bucket" }),
  ExternalArtifact: {
    ...source({ kind: "ExternalArtifact", plural: "externalartifacts", human: "source external-artifact" }),
    suspendable: false,
    reconcilable: false,
  },
  GitRepository: source({ kind: "GitRepository", plural: "gitrepositories", human: "source git" }),
  HelmChart: source({ kind: "HelmChart", plural: "helmcharts", human: "source chart" }),
  HelmRelease: { ...ALIVE, kind: "HelmRelease", plural: "helmreleases", human: "helmrelease", group: HELM_GROUP, version: "v2", controller: "helm-controller" },
  HelmRepository: source({ kind: "HelmRepository", plural: "helmrepositories", human: "source helm" }),
  ImagePolicy: image({ kind: "ImagePolicy", plural: "imagepolicies", human: "image policy", controller: "image-reflector-controller" }),
  ImageRepository: image({ kind: "ImageRepository", plural: "imagerepositories", human: "image repository", controller: "image-reflector-controller" }),
  ImageUpdateAutomation: image({
    kind: "ImageUpdateAutomation",
    plural: "imageupdateautomations",
    human: "image update automation",
    controller: "image-automation-controller",
  }),
  Kustomization: {
    ...ALIVE,
    kind: "Kustomization",
    plural: "kustomizations",
    human: "kustomization",
    group: KUSTOMIZE_GROUP,
    version: "v1",
    controller: "kustomize-controller",
  },
  OCIRepository: source({ kind: "OCIRepository", plural: "ocirepositories", human: "source oci" }),
  Provider: { ...notification({ kind: "Provider", plural: "providers", human: "alert provider", version: "v1beta3" }), hasStatus: false, reconcilable: false },
  Receiver: notification({ kind: "Receiver", plural: "receivers", human: "receiver", version: "v1" }),
};

export const apiVersionOfKind = ({ group, version }: Pick<FluxKind, "group" | "version">): string => `${group}/${version}`;

/** Which kind of Flux's API that is, whatever the version, or undefined when it is none. */
export const findKind = (group: string, kind: string): FluxKind | undefined =>
  Object.values(KINDS).find((candidate) => candidate.group === group && candidate.kind === kind);

/** As `findKind`, by the name of the kind alone: no two groups of Flux share one. */
export const findKindNamed = (kind: string): FluxKind | undefined => Object.values(KINDS).find((candidate) => candidate.kind === kind);
