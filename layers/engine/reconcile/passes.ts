import type { FluxKindName } from "../flux/kinds.ts";
import { sayNotImplemented } from "./not-implemented.ts";
import { passGitRepository } from "./passes/git-repository.ts";
import { passKustomization } from "./passes/kustomization.ts";
import type { Pass } from "./passes/pass.ts";
import { passReceiver } from "./passes/receiver.ts";
import { keepStatic } from "./static-object.ts";

/** Who works on which kind. What not every cluster has is loaded when there is one: a cold start does not wait for it. */
export const PASSES: { readonly [Kind in FluxKindName]: Pass } = {
  GitRepository: passGitRepository,
  Kustomization: passKustomization,
  Receiver: passReceiver,
  Alert: keepStatic,
  Provider: keepStatic,
  ArtifactGenerator: sayNotImplemented,
  Bucket: sayNotImplemented,
  ExternalArtifact: sayNotImplemented,
  HelmChart: async (...given) => (await import("./passes/helm-chart.ts")).passHelmChart(...given),
  HelmRelease: async (...given) => (await import("./passes/helm-release.ts")).passHelmRelease(...given),
  HelmRepository: async (...given) => (await import("./passes/helm-repository.ts")).passHelmRepository(...given),
  ImagePolicy: sayNotImplemented,
  ImageRepository: sayNotImplemented,
  ImageUpdateAutomation: sayNotImplemented,
  OCIRepository: sayNotImplemented,
};
