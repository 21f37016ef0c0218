import { isObject, type Json } from "@sluice/engine/domain/json.ts";
import { type Manifest, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { epochMs } from "@sluice/engine/domain/time.ts";
import { installManifests } from "@sluice/engine/flux/install.ts";
import { INSTALL_SELECTOR, MARKER_NAME } from "@sluice/engine/flux/installation.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import { inParallel } from "@sluice/engine/reconcile/in-parallel.ts";

/** As `flux install` names itself. */
const MANAGER = "flux";
const SETTLE_MS = 30_000;
const PAUSE_MS = 20;

/** The Deployment of a Flux controller that runs in the cluster, `namespace/name`; undefined when none does. */
export async function findRunningController(cluster: Cluster): Promise<string | undefined> {
  const answer = await cluster.list({ apiVersion: "apps/v1", kind: "Deployment", labelSelector: INSTALL_SELECTOR });
  if (answer.kind === "refused") throw new Error(`cannot see whether Flux runs in this cluster: ${answer.message}`);
  const running = answer.items.find((item) => item.metadata.name !== MARKER_NAME && replicasOf(item) > 0);
  return running === undefined ? undefined : `${running.metadata.namespace}/${running.metadata.name}`;
}

function replicasOf(deployment: Manifest): number {
  const spec = deployment.spec as Json | undefined; // the server's own answer
  return isObject(spec) && typeof spec.replicas === "number" ? spec.replicas : 1;
}

/** CRDs, marker and rights, by server-side apply: what is there already stays as it is. */
export async function install(cluster: Cluster, options: { readonly namespace: string; readonly version: string; readonly image: string }): Promise<void> {
  const manifests = installManifests(options);
  const definitions = manifests.filter(({ kind }) => kind === "CustomResourceDefinition" || kind === "Namespace");
  await inParallel(definitions, 8, (manifest) => applyOne(cluster, manifest));
  await inParallel(definitions, 8, (manifest) => established(cluster, manifest));
  for (const manifest of manifests) if (!definitions.includes(manifest)) await applyOne(cluster, manifest);
}

export async function applyOne(cluster: Cluster, manifest: Manifest): Promise<void> {
  const answer = await cluster.apply(manifest, { manager: MANAGER, force: true, dryRun: false });
  if (answer.kind === "refused") throw new Error(`${subjectOf(refOf(manifest))}: ${answer.message}`);
}

async function established(cluster: Cluster, manifest: Manifest): Promise<void> {
  const deadline = Date.now() + SETTLE_MS;
  for (;;) {
    const answer = await cluster.get(refOf(manifest));
    if (answer.kind === "found" && computeHealth(answer.object, { now: epochMs(Date.now()) }).kind === "current") return;
    if (Date.now() > deadline) throw new Error(`${subjectOf(refOf(manifest))} is not established after ${SETTLE_MS / 1000} s`);
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
}
