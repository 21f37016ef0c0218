import type { Manifest } from "../domain/manifest.ts";
import type { Outcome } from "../domain/outcome.ts";
import { KINDS } from "../flux/kinds.ts";
import { objectMetaOf } from "../flux/object.ts";
import type { Cluster } from "../ports/cluster.ts";
import { isInstalled } from "./installed.ts";
import { addFinalizer, FINALIZER, type ObjectWrite, removeFinalizer } from "./object-status.ts";
import type { Settings } from "./settings.ts";

const CONTROLLER = "notification-controller";
const PROVIDER_CRD = "providers.notification.toolkit.fluxcd.io";

/** What of an Alert or a Provider is not as it should be; undefined when nothing is. Nothing reconciles them: they are read when an event comes. */
export type StaticNeed = "add finalizer" | "remove finalizer";

/** A Provider has the finalizer until it is deleted; an Alert has none, and loses one that an older Flux has left. Source: reference 0.4; recorded in static/. */
export function staticNeed(manifest: Manifest): StaticNeed | undefined {
  const { finalizers, deletionTimestamp } = objectMetaOf(manifest);
  const holds = finalizers.includes(FINALIZER);
  const shouldHold = manifest.kind === KINDS.Provider.kind && deletionTimestamp === undefined;
  if (holds === shouldHold) return undefined;
  return shouldHold ? "add finalizer" : "remove finalizer";
}

export async function keepStatic(deps: { readonly cluster: Cluster; readonly settings: Settings }, manifest: Manifest): Promise<Outcome> {
  switch (staticNeed(manifest)) {
    case undefined:
      return { kind: "skipped", why: "static" };
    case "add finalizer":
      if (!(await isInstalled(deps.cluster, deps.settings, PROVIDER_CRD))) return { kind: "skipped", why: "sluice is not installed in this cluster" };
      return endOf(await addFinalizer(deps.cluster, manifest, CONTROLLER), manifest);
    case "remove finalizer":
      return endOf(await removeFinalizer(deps.cluster, manifest, CONTROLLER), manifest);
  }
}

function endOf(answer: ObjectWrite, { kind, metadata }: Manifest): Outcome {
  switch (answer.kind) {
    case "written":
    case "unchanged":
      return { kind: "skipped", why: "static" };
    case "moved":
      return { kind: "skipped", why: "the object has moved on", again: true };
    case "gone":
      return { kind: "skipped", why: "gone" };
    case "refused":
      throw new Error(`the write to ${kind} ${metadata.namespace}/${metadata.name} was refused: ${answer.message}`);
  }
}
