import type { Artifact } from "../../domain/artifact.ts";
import { formatDuration } from "../../domain/duration.ts";
import { groupOf } from "../../domain/manifest.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import type { Kustomization } from "../../flux/kustomization-object.ts";
import type { KustomizationDeps } from "./deps.ts";
import type { End } from "./end.ts";
import { DEPENDENCY_WAIT } from "./summarise.ts";

const API_VERSION = "source.toolkit.fluxcd.io/v1";

export type FoundSource = { readonly kind: "found"; readonly artifact: Artifact } | { readonly kind: "end"; readonly end: End };

/** The artifact that the Kustomization's source has now, or why there is none to work on. Source: reference 2.3 steps 6 and 7. */
export async function findSource({ cluster, settings }: KustomizationDeps, object: Kustomization): Promise<FoundSource> {
  const { kind, name, namespace } = object.spec.sourceRef;
  if (settings.noCrossNamespaceRefs && namespace !== object.metadata.namespace)
    return stalled(`can't access '${kind}/${namespace}/${name}', cross-namespace references have been blocked`);
  if (kind === "ExternalArtifact") return stalled(`can't access '${kind}/${namespace}/${name}', ExternalArtifact feature gate is disabled`);
  const answer = await cluster.get({ apiVersion: API_VERSION, kind, namespace, name });
  if (answer.kind === "absent") return missing(`${kind}.${groupOf(API_VERSION)} "${name}" not found`, object);
  if (answer.kind === "refused") return missing(answer.message, object);
  const artifact = artifactOf(answer.object);
  return artifact === undefined ? notYet("Source artifact not found") : { kind: "found", artifact };
}

/** The source says that it has an artifact, and the store has not: it will be fetched again. Source: reference 2.3 step 10. */
export const artifactVanished = (): FoundSource & { readonly kind: "end" } => notYet("Source is not ready, artifact not found", true);

const stalled = (message: string): FoundSource => ({ kind: "end", end: { kind: "stalled", cause: { reason: "AccessDenied", message } } });

const missing = (message: string, object: Kustomization): FoundSource => ({
  kind: "end",
  end: { kind: "no-source", cause: { reason: "ArtifactFailed", message }, retryIn: object.spec.retryInterval },
});

const notYet = (message: string, lostArtifact = false): FoundSource & { readonly kind: "end" } => ({
  kind: "end",
  end: {
    kind: "no-source",
    cause: { reason: "ArtifactFailed", message: `${message}, retrying in ${formatDuration(DEPENDENCY_WAIT)}` },
    retryIn: DEPENDENCY_WAIT,
    ...(lostArtifact && { lostArtifact }),
  },
});
