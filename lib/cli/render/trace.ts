import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { conditionsOf } from "@sluice/engine/flux/object.ts";
import { hasAt, textAt } from "../fields.ts";

/** Labels are padded to this width, so that values stand below each other. */
type Width = 15 | 16 | 17;
type Line = readonly [label: string, value: string];

/** Source: reference 6.9, real output of 2.9.5. */
export const renderKustomizationTrace = (object: Manifest, kustomization: Manifest, source: Manifest | undefined): string =>
  blocks([
    block(["", ...managed(object, 17)]),
    block([...head("Kustomization", kustomization, 17), ...target(kustomization, 17), ...kustomizationLines(kustomization)]),
    ...(source === undefined ? [] : [block(sourceLines(source, 17))]),
  ]);

export const renderHelmTrace = (object: Manifest, release: Manifest, chart: Manifest | undefined, source: Manifest | undefined): string =>
  blocks([
    block(["", ...managed(object, 16)]),
    block([
      ...head("HelmRelease", release, 16),
      ...target(release, 16),
      line(16, ["Revision", textAt(release, "status", "lastAttemptedRevision")]),
      ...reconciled(release, 16, false),
    ]),
    ...(chart === undefined ? [] : [block(chartLines(chart))]),
    ...(source === undefined ? [] : [block(sourceLines(source, helmWidth(source)))]),
  ]);

const blocks = (all: readonly string[]): string => all.join("---\n");
const block = (lines: readonly string[]): string => lines.map((text) => `${text}\n`).join("");
const line = (width: Width, [label, value]: Line): string => `${`${label}:`.padEnd(width)}${value}`;

const head = (kind: string, { metadata }: Manifest, width: Width): readonly string[] => [
  line(width, [kind, metadata.name ?? ""]),
  line(width, ["Namespace", metadata.namespace ?? ""]),
];

const managed = ({ kind, metadata }: Manifest, width: Width): readonly string[] => [
  line(width, ["Object", `${kind}/${metadata.name}`]),
  ...(metadata.namespace === undefined || metadata.namespace === "" ? [] : [line(width, ["Namespace", metadata.namespace])]),
  line(width, ["Status", "Managed by Flux"]),
];

const target = (object: Manifest, width: Width): readonly string[] => given(width, "Target", textAt(object, "spec", "targetNamespace"));

const kustomizationLines = (kustomization: Manifest): readonly string[] => [
  line(17, ["Path", textAt(kustomization, "spec", "path")]),
  line(17, ["Revision", textAt(kustomization, "status", "lastAppliedRevision")]),
  ...reconciled(kustomization, 17, false),
];

const chartLines = (chart: Manifest): readonly string[] => [
  ...head("HelmChart", chart, 16),
  line(16, ["Chart", textAt(chart, "spec", "chart")]),
  line(16, ["Version", textAt(chart, "spec", "version")]),
  ...given(16, "Revision", textAt(chart, "status", "artifact", "revision")),
  ...reconciled(chart, 16, false),
];

function sourceLines(source: Manifest, width: Width): readonly string[] {
  const isExternal = source.kind === "ExternalArtifact";
  return [
    ...head(source.kind, source, width),
    isExternal ? line(width, ["Source", sourceOfExternal(source)]) : line(width, ["URL", textAt(source, "spec", "url")]),
    ...referenceLines(source, width),
    ...given(width, "Revision", textAt(source, "status", "artifact", "revision")),
    ...originLines(source, width),
    ...reconciled(source, width, source.kind !== "HelmRepository"),
  ];
}

const helmWidth = ({ kind }: Manifest): Width => (kind === "HelmRepository" ? 16 : kind === "GitRepository" ? 15 : 17);

function sourceOfExternal(source: Manifest): string {
  const at = (name: string): string => textAt(source, "spec", "sourceRef", name);
  return `${at("kind")}/${at("namespace")}/${at("name")}`;
}

/** What of the reference decides: the tag before a range of versions before a branch or digest. */
function referenceLines(source: Manifest, width: Width): readonly string[] {
  const at = (name: string): string => textAt(source, "spec", "ref", name);
  if (at("tag") !== "") return [line(width, ["Tag", at("tag")])];
  if (at("semver") !== "") return [line(width, ["Tag", at("semver")])];
  if (source.kind === "GitRepository") return given(width, "Branch", at("branch"));
  return source.kind === "OCIRepository" ? given(width, "Digest", at("digest")) : [];
}

/** Where the content of an OCI artifact was made from. */
function originLines(source: Manifest, width: Width): readonly string[] {
  const at = (name: string): string => textAt(source, "status", "artifact", "metadata", `org.opencontainers.image.${name}`);
  return hasAt(source, "status", "artifact", "metadata")
    ? [...given(width, "Origin Revision", at("revision")), ...given(width, "Origin Source", at("source"))]
    : [];
}

function reconciled(object: Manifest, width: Width, failureIsSaid: boolean): readonly string[] {
  const ready = conditionsOf(object).find(({ type }) => type === "Ready");
  if (ready === undefined) return [line(width, ["Status", "Unknown"])];
  const moment = goTime(ready.lastTransitionTime);
  const text = failureIsSaid && ready.status === "False" ? `Last reconciliation failed at ${moment}` : `Last reconciled at ${moment}`;
  return [line(width, ["Status", text]), line(width, ["Message", ready.message])];
}

/** `2030-01-02T03:04:05Z` as Go prints a time. */
const goTime = (time: string): string => `${time.replace("T", " ").replace(/Z$/, "")} +0000 UTC`;

const given = (width: Width, label: string, value: string): readonly string[] => (value === "" ? [] : [line(width, [label, value])]);
