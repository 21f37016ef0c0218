import type { HelmCrdFile } from "../../../build/helm/render.ts";
import { groupOf, type Manifest } from "../../../domain/manifest.ts";
import { type EpochMs, elapsed, epochMs, parseTime, seconds } from "../../../domain/time.ts";
import { awaited } from "../../../health/awaited.ts";
import { computeHealth } from "../../../health/compute.ts";
import { managedFieldsOf } from "../../../plan/field-set.ts";
import { HELM_MANAGER } from "../storage.ts";
import { applyProblem } from "./refusal-message.ts";
import { type Resource, readResources } from "./resources.ts";
import type { Run } from "./run.ts";

const TIMEOUT = seconds(60);

export type CrdsEnd = { readonly kind: "done" } | { readonly kind: "waiting"; readonly since: EpochMs } | { readonly kind: "failed"; readonly message: string };

/**
 * The definitions in a chart's `crds` folder, ahead of its release. `Create` overwrites what is there, too (recorded: crds-policies); what is no definition is
 * passed over. Nothing is stored by then: since when one is waited for stands on the definition itself.
 * Source: reference 3.9; helm-controller, internal/action/crds.go.
 */
export async function applyCrds(run: Run, files: readonly HelmCrdFile[], policy: "Skip" | "Create" | "CreateReplace", waits: boolean): Promise<CrdsEnd> {
  if (files.length === 0) return { kind: "done" };
  if (policy === "Skip") {
    run.journal.log("skipping CustomResourceDefinition apply", { policy });
    return { kind: "done" };
  }
  const definitions = await readDefinitions(run, files);
  if ("message" in definitions) return failed(run, definitions.message);
  run.journal.log("applying CustomResourceDefinition(s)", { policy });
  const applied: Manifest[] = [];
  for (const resource of definitions) {
    const answer = await run.cluster.apply(resource.manifest, { manager: HELM_MANAGER, force: true, dryRun: false, strict: true });
    if (answer.kind === "refused")
      return failed(run, `failed to ${policy === "Create" ? "create" : "update"} ${nameOf(resource, policy)}: ${applyProblem(resource, answer)}`);
    applied.push(answer.object);
  }
  return waits ? established(run, definitions, applied) : { kind: "done" };
}

const nameOf = ({ ref }: Resource, policy: string): string => (policy === "Create" ? `CustomResourceDefinition ${ref.name}` : "CustomResourceDefinition(s)");

function failed(run: Run, message: string): CrdsEnd {
  run.journal.log(message);
  return { kind: "failed", message: `failed to apply CustomResourceDefinitions: ${message}` };
}

/** With the labels of the HelmRelease. */
export async function readDefinitions(run: Run, files: readonly HelmCrdFile[]): Promise<readonly Resource[] | { readonly message: string }> {
  const found: Resource[] = [];
  for (const { filename, data } of files) {
    const resources = await readResources(run.deps.kinds, data, run.settings.releaseNamespace);
    if (!resources.ok) return { message: `failed to parse CustomResourceDefinitions from ${filename}: ${resources.problem}` };
    for (const resource of resources.value) {
      if (resource.ref.kind === "CustomResourceDefinition" && groupOf(resource.ref.apiVersion) === "apiextensions.k8s.io")
        found.push(withOrigin(run, resource));
      else
        run.journal.log("warning: ignoring object that is no CustomResourceDefinition", { file: filename, kind: resource.ref.kind, name: resource.ref.name });
    }
  }
  return found;
}

function withOrigin({ settings }: Run, resource: Resource): Resource {
  const { metadata } = resource.manifest;
  const { name, namespace } = settings.metadata;
  const labels = { ...metadata.labels, "helm.toolkit.fluxcd.io/name": name, "helm.toolkit.fluxcd.io/namespace": namespace };
  return { ...resource, manifest: { ...resource.manifest, metadata: { ...metadata, labels } } };
}

function established(run: Run, definitions: readonly Resource[], applied: readonly Manifest[]): CrdsEnd {
  const now = run.deps.clock.now();
  const watched = definitions.map(({ ref }, index) => {
    const object = applied[index];
    return { ref, health: object === undefined ? ({ kind: "absent", message: "" } as const) : computeHealth(object, { now }) };
  });
  const since = epochMs(Math.max(...applied.map((object) => changedAt(object) ?? now)));
  const state = awaited(watched, { timedOut: elapsed(since, now) >= TIMEOUT, failFast: true });
  if (state.kind === "waiting") return { kind: "waiting", since };
  return state.kind === "failed" ? failed(run, `failed to wait for CustomResourceDefinition(s): ${state.message}`) : { kind: "done" };
}

/** When we last changed something of it. */
function changedAt(object: Manifest): EpochMs | undefined {
  const ours = managedFieldsOf(object).find((entry) => entry.manager === HELM_MANAGER && entry.operation === "Apply");
  return parseTime(ours?.time) ?? parseTime(object.metadata.creationTimestamp ?? undefined);
}
