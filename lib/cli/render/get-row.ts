import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { formatTime, parseTime } from "@sluice/engine/domain/time.ts";
import type { FluxKindName } from "@sluice/engine/flux/kinds.ts";
import { conditionsOf, isSuspended } from "@sluice/engine/flux/object.ts";
import { hasAt, itemsAt, textAt, textOf } from "../fields.ts";
import { renderFlag } from "./flag.ts";
import { shortenHex } from "./hex.ts";

export type Shown = { readonly namespace: boolean; readonly source: boolean; readonly kind: boolean };

type Column = { readonly name: string; readonly value: (object: Manifest) => string };

/** The columns of `get` for a kind. Source: reference 6.4. */
export const headerOf = (kind: FluxKindName, shown: Omit<Shown, "kind">): readonly string[] => [
  ...(shown.namespace ? ["Namespace"] : []),
  "Name",
  ...columnsOf(kind, shown).map(({ name }) => name),
];

export const rowOf = (kind: FluxKindName, object: Manifest, shown: Shown): readonly string[] => [
  ...(shown.namespace ? [object.metadata.namespace ?? ""] : []),
  shown.kind ? `${kind.toLowerCase()}/${object.metadata.name}` : (object.metadata.name ?? ""),
  ...columnsOf(kind, shown).map(({ value }) => value(object)),
];

const SUSPENDED: Column = { name: "Suspended", value: (object) => renderFlag(isSuspended(object)) };
const READY: Column = { name: "Ready", value: (object) => readyOf(object).status };
const MESSAGE: Column = { name: "Message", value: (object) => readyOf(object).message };
const SHORT_MESSAGE: Column = { ...MESSAGE, value: (object) => shortenHex(readyOf(object).message) };
const ARTIFACT: Column = { name: "Revision", value: (object) => shortenHex(textAt(object, "status", "artifact", "revision")) };

function columnsOf(kind: FluxKindName, { source }: Pick<Shown, "source">): readonly Column[] {
  switch (kind) {
    case "GitRepository":
    case "OCIRepository":
    case "Bucket":
    case "HelmRepository":
      return [ARTIFACT, SUSPENDED, READY, SHORT_MESSAGE];
    case "HelmChart":
      return [{ name: "Revision", value: (object) => textAt(object, "status", "artifact", "revision") }, SUSPENDED, READY, SHORT_MESSAGE];
    case "ExternalArtifact":
      return [ARTIFACT, { name: "Source", value: artifactSource }, READY, SHORT_MESSAGE];
    case "Kustomization":
      return [...(source ? [{ name: "Source", value: kustomizationSource }] : []), APPLIED, SUSPENDED, READY, SHORT_MESSAGE];
    case "HelmRelease":
      return [...(source ? [{ name: "Source", value: releaseSource }] : []), { name: "Revision", value: releaseRevision }, SUSPENDED, READY, MESSAGE];
    case "Receiver":
    case "ArtifactGenerator":
      return [SUSPENDED, READY, MESSAGE];
    case "Alert":
      return [SUSPENDED, { ...READY, value: () => "True" }, { ...MESSAGE, value: () => "Alert is Ready" }];
    case "Provider":
      return [
        { ...READY, value: () => "True" },
        { ...MESSAGE, value: () => "Provider is Ready" },
      ];
    case "ImageRepository":
      return [{ name: "Last scan", value: (object) => timeAt(object, "status", "lastScanResult", "scanTime") }, SUSPENDED, READY, MESSAGE];
    case "ImagePolicy":
      return [
        { name: "Image", value: (object) => textAt(object, "status", "latestRef", "name") },
        { name: "Tag", value: (object) => textAt(object, "status", "latestRef", "tag") },
        READY,
        MESSAGE,
      ];
    case "ImageUpdateAutomation":
      return [{ name: "Last run", value: (object) => timeAt(object, "status", "lastAutomationRunTime") }, SUSPENDED, READY, MESSAGE];
  }
}

const APPLIED: Column = { name: "Revision", value: (object) => shortenHex(textAt(object, "status", "lastAppliedRevision")) };

function readyOf(object: Manifest): { readonly status: string; readonly message: string } {
  if (object.kind === "HelmRepository" && textAt(object, "spec", "type") === "oci") return { status: "True", message: "Helm repository is Ready" };
  return conditionsOf(object).find(({ type }) => type === "Ready") ?? { status: "False", message: "waiting to be reconciled" };
}

function timeAt(object: Manifest, ...path: readonly string[]): string {
  const moment = parseTime(textAt(object, ...path) || undefined);
  return moment === undefined ? "" : formatTime(moment);
}

const reference = (object: Manifest, ...path: readonly string[]): string =>
  `${textAt(object, ...path, "kind")}/${textAt(object, ...path, "namespace") || object.metadata.namespace}/${textAt(object, ...path, "name")}`;

const kustomizationSource = (object: Manifest): string => reference(object, "spec", "sourceRef");

const releaseSource = (object: Manifest): string =>
  hasAt(object, "spec", "chartRef") ? reference(object, "spec", "chartRef") : reference(object, "spec", "chart", "spec", "sourceRef");

function artifactSource(object: Manifest): string {
  const at = (name: string): string => textAt(object, "spec", "sourceRef", name);
  return hasAt(object, "spec", "sourceRef") ? `${at("kind")}/${at("namespace")}/${at("name")}` : "";
}

/** The chart version of the newest release, else the one that was tried last. Source: reference 6.4. */
export function releaseRevision(object: Manifest): string {
  const history = itemsAt(object, "status", "history");
  return history.length > 0 ? textOf(history[0], "chartVersion") : textAt(object, "status", "lastAttemptedRevision");
}
