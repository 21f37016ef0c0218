import type { Artifact } from "../../domain/artifact.ts";
import type { Tree } from "../../domain/tree.ts";
import { artifactOf } from "../../flux/artifact-object.ts";
import type { GitInclude, GitRepository } from "../../flux/git-repository-object.ts";
import type { ArtifactStore } from "../../ports/artifact-store.ts";
import type { Cluster } from "../../ports/cluster.ts";
import { includeTree, toPathOf } from "../../source/include.ts";
import { unpackArtifact } from "../../source/unarchive.ts";
import { failedEnd, next, type Progress, type Step } from "./end.ts";

/** The artifacts of the included sources, in the order of the spec. One that is not there yet is waited for. Source: reference 1.2. */
export async function findIncludes(cluster: Cluster, object: GitRepository, progress: Progress): Promise<Step<readonly Artifact[]>> {
  const artifacts: Artifact[] = [];
  for (const { repository } of object.spec.include) {
    const { apiVersion, kind, metadata } = object;
    const answer = await cluster.get({ apiVersion, kind, namespace: metadata.namespace, name: repository.name });
    if (answer.kind !== "found")
      return unavailable("NotFound", `could not get resource for include '${repository.name}': ${notFound(repository.name, answer)}`, progress);
    const artifact = artifactOf(answer.object);
    if (artifact === undefined) return unavailable("NoArtifact", `no artifact available for include '${repository.name}'`, progress);
    artifacts.push(artifact);
  }
  return next(artifacts);
}

const notFound = (name: string, { kind, message }: { readonly kind: "absent" | "refused"; readonly message: string }): string =>
  kind === "absent" ? `GitRepository.source.toolkit.fluxcd.io ${JSON.stringify(name)} not found` : message;

const unavailable = (reason: string, message: string, progress: Progress): Step<never> => ({
  kind: "end",
  end: { kind: "waiting", condition: "IncludeUnavailable", cause: { reason, message }, progress },
});

/** True when the artifacts of the includes are not those that went into the last artifact. */
export const haveMoved = (now: readonly Artifact[], last: readonly Artifact[] = []): boolean =>
  now.length !== last.length || now.some(({ revision, digest }, index) => revision !== last[index]?.revision || digest !== last[index]?.digest);

/** `tree` with every include copied into it, in the order of the spec. */
export async function copyIncludes(
  store: ArtifactStore,
  tree: Tree,
  includes: readonly GitInclude[],
  artifacts: readonly Artifact[],
  progress: Progress,
): Promise<Step<Tree>> {
  let whole = tree;
  for (const [index, include] of includes.entries()) {
    const copied = await copyInclude(store, whole, include, artifacts[index]);
    if (!copied.ok) {
      const message = `failed to copy '${include.repository.name}' include from ${include.fromPath ?? ""} to ${toPathOf(include)}: ${copied.problem}`;
      return failedEnd("StorageOperationFailed", "CopyFailure", message, progress);
    }
    whole = copied.value;
  }
  return next(whole);
}

async function copyInclude(store: ArtifactStore, tree: Tree, include: GitInclude, artifact: Artifact | undefined): Promise<ReturnType<typeof includeTree>> {
  const bytes = artifact === undefined ? undefined : await store.get(artifact.digest);
  if (bytes === undefined) return { ok: false, problem: `the artifact '${artifact?.revision}' is not in storage` };
  const included = unpackArtifact(bytes);
  return included.ok ? includeTree(tree, included.value, include) : included;
}
