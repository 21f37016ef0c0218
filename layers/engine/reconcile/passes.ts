import type { FluxKindName } from "../flux/kinds.ts";
import { sayNotImplemented } from "./not-implemented.ts";
import { passGitRepository } from "./passes/git-repository.ts";
import { passKustomization } from "./passes/kustomization.ts";
import type { Pass } from "./passes/pass.ts";
import { passReceiver } from "./passes/receiver.ts";
import { keepStatic } from "./static-object.ts";

/** Who works on which kind. */
export const PASSES: { readonly [Kind in FluxKindName]: Pass } = {
  GitRepository: passGitRepository,
  Kustomization: passKustomization,
  Receiver: passReceiver,
  Alert: keepStatic,
  Provider: keepStatic,
  ArtifactGenerator: sayNotImplemented,
  Bucket: sayNotImplemented,
  ExternalArtifact: sayNotImplemented,
  HelmChart: sayNotImplemented,
  HelmRelease: sayNotImplemented,
  HelmRepository: sayNotImplemented,
  ImagePolicy: sayNotImplemented,
  ImageRepository: sayNotImplemented,
  ImageUpdateAutomation: sayNotImplemented,
  OCIRepository: sayNotImplemented,
};
