import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime, parseTime } from "@sluice/engine/domain/time.ts";
import type { FluxKindName } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { numberAt, textAt } from "./fields.ts";
import { releaseRevision } from "./render/get-row.ts";

/** What is said of an object whose reconciliation went well. Source: reference 6.5. */
export function successText(kind: FluxKindName, object: Manifest): string {
  switch (kind) {
    case "GitRepository":
    case "OCIRepository":
    case "Bucket":
    case "HelmChart":
      return fetched(object);
    case "HelmRepository":
      return isOciHelm(object) ? (readyMessage(object) ?? "") : fetched(object);
    case "Kustomization":
      return `applied revision ${textAt(object, "status", "lastAppliedRevision")}`;
    case "HelmRelease":
      return `applied revision ${releaseRevision(object)}`;
    case "ImageRepository":
      return `scan fetched ${numberAt(object, "status", "lastScanResult", "tagCount")} tags`;
    case "ImagePolicy":
      return `selected ref ${latestRef(object)}`;
    case "ImageUpdateAutomation":
      return readyMessage(object) ?? lastRun(object);
    case "Receiver":
    case "Alert":
    case "Provider":
    case "ExternalArtifact":
    case "ArtifactGenerator":
      return `${kind} reconciliation completed`;
  }
}

/** Nobody reconciles it: it is what it is. */
export const isStatic = (kind: FluxKindName, object: Manifest): boolean =>
  kind === "Alert" || kind === "Provider" || kind === "ExternalArtifact" || (kind === "HelmRepository" && isOciHelm(object));

const isOciHelm = (object: Manifest): boolean => textAt(object, "spec", "type") === "oci";
const fetched = (object: Manifest): string => `fetched revision ${textAt(object, "status", "artifact", "revision")}`;
const readyMessage = (object: Manifest): string | undefined => conditionsOf(object).find(({ type }) => type === "Ready")?.message;

function latestRef(object: Manifest): string {
  const at = (name: string): string => textAt(object, "status", "latestRef", name);
  return `${at("name")}:${at("tag")}${at("digest") === "" ? "" : `@${at("digest")}`}`;
}

function lastRun(object: Manifest): string {
  const moment = parseTime(textAt(object, "status", "lastAutomationRunTime") || undefined);
  return moment === undefined ? "automation not yet run" : `last run ${formatTime(moment)}`;
}
