import type { Manifest, ObjectRef } from "@sluice/engine/domain/manifest.ts";
import { ok, problem, type Result } from "@sluice/engine/domain/result.ts";
import { HELM_GROUP, KUSTOMIZE_GROUP } from "@sluice/engine/flux/kinds.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { Failure } from "./failure.ts";
import { hasAt, textAt, textOf } from "./fields.ts";
import { TYPES } from "./flux-types.ts";
import { readObject } from "./read-object.ts";
import { renderHelmTrace, renderKustomizationTrace } from "./render/trace.ts";

type Ports = { readonly cluster: Cluster };
type Owner = { readonly name: string; readonly namespace: string };

/** Owners of owners; a circle of them is no reason to go on. */
const MAX_OWNERS = 20;

/** The report on where an object comes from, or why there is none. Source: reference 6.9. */
export async function traceObject({ cluster }: Ports, object: Manifest): Promise<Result<string>> {
  try {
    const kustomization = await ownerOf(cluster, object, KUSTOMIZE_GROUP);
    if (kustomization !== undefined) return ok(await kustomizationReport(cluster, kustomization, object));
    const release = await ownerOf(cluster, object, HELM_GROUP);
    if (release !== undefined) return ok(await releaseReport(cluster, release, object));
    return problem("object not managed by Flux");
  } catch (error) {
    if (error instanceof Failure) return problem(error.message);
    throw error;
  }
}

/** Who the labels of an object, or of an owner of it, name. */
async function ownerOf(cluster: Cluster, object: Manifest, group: string): Promise<Owner | undefined> {
  let seen: readonly Manifest[] = [object];
  for (let level = 0; level < MAX_OWNERS && seen.length > 0; level++) {
    const named = seen.map((candidate) => labelledOwner(candidate, group)).find((owner) => owner !== undefined);
    if (named !== undefined) return named;
    const above = await Promise.all(seen.flatMap((candidate) => ownersOf(cluster, candidate, object.metadata.namespace)));
    seen = above.flatMap((found) => (found === undefined ? [] : [found]));
  }
  return undefined;
}

function labelledOwner({ metadata }: Manifest, group: string): Owner | undefined {
  const name = metadata.labels?.[`${group}/name`];
  return name === undefined || name === "" ? undefined : { name, namespace: metadata.labels?.[`${group}/namespace`] ?? "" };
}

const ownersOf = (cluster: Cluster, { metadata }: Manifest, namespace: string | undefined): readonly Promise<Manifest | undefined>[] =>
  (metadata.ownerReferences ?? []).map(async (reference) => {
    const ref = { apiVersion: textOf(reference, "apiVersion"), kind: textOf(reference, "kind"), name: textOf(reference, "name") };
    const answer = await cluster.get({ ...ref, ...(namespace !== undefined && namespace !== "" && { namespace }) });
    return answer.kind === "found" ? answer.object : undefined;
  });

async function kustomizationReport(cluster: Cluster, owner: Owner, object: Manifest): Promise<string> {
  const kustomization = await read(cluster, { apiVersion: TYPES.Kustomization.apiVersion, kind: "Kustomization", ...owner }, "kustomization");
  const source = await sourceAt(cluster, kustomization, [TYPES.GitRepository, TYPES.OCIRepository, TYPES.ExternalArtifact], "spec", "sourceRef");
  return renderKustomizationTrace(object, kustomization, source);
}

async function releaseReport(cluster: Cluster, owner: Owner, object: Manifest): Promise<string> {
  const release = await read(cluster, { apiVersion: TYPES.HelmRelease.apiVersion, kind: "HelmRelease", ...owner }, "HelmRelease");
  const [namespace = "", name = ""] = textAt(release, "status", "helmChart").split("/");
  const chart = name === "" ? undefined : await read(cluster, { apiVersion: TYPES.HelmChart.apiVersion, kind: "HelmChart", namespace, name }, "HelmChart");
  const source = hasAt(release, "spec", "chart")
    ? await sourceAt(cluster, release, [TYPES.GitRepository, TYPES.HelmRepository], "spec", "chart", "spec", "sourceRef")
    : await sourceAt(cluster, release, [TYPES.OCIRepository, TYPES.ExternalArtifact], "spec", "chartRef");
  return renderHelmTrace(object, release, chart, source);
}

/** The source that a field names; undefined where it is of a kind that is not shown. */
async function sourceAt(
  cluster: Cluster,
  object: Manifest,
  types: readonly (typeof TYPES)[keyof typeof TYPES][],
  ...path: readonly string[]
): Promise<Manifest | undefined> {
  const kind = textAt(object, ...path, "kind");
  const type = types.find(({ facts }) => facts.kind === kind);
  if (type === undefined) return undefined;
  const namespace = textAt(object, ...path, "namespace") || (object.metadata.namespace ?? "");
  const source = await read(cluster, { apiVersion: type.apiVersion, kind, namespace, name: textAt(object, ...path, "name") }, kind);
  if (kind === "ExternalArtifact" && !hasAt(source, "spec", "sourceRef"))
    throw new Failure(`ExternalArtifact ${source.metadata.namespace}/${source.metadata.name} is missing spec.sourceRef`);
  return source;
}

const read = (cluster: Cluster, ref: ObjectRef, what: string): Promise<Manifest> =>
  readObject(cluster, ref).catch((error: unknown) => {
    throw error instanceof Failure ? new Failure(`failed to find ${what}: ${error.message}`) : error;
  });
