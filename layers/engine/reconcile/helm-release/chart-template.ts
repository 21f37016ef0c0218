import { formatDuration } from "../../domain/duration.ts";
import { isEqual, isObject, type Json, type JsonObject } from "../../domain/json.ts";
import { labelOf, type Manifest, type ObjectRef, subjectOf } from "../../domain/manifest.ts";
import type { HelmChartTemplate, HelmRelease } from "../../flux/helm-release-object.ts";
import { apiVersionOfKind, HELM_GROUP, KINDS } from "../../flux/kinds.ts";
import { given } from "../../flux/reader.ts";
import { CONTROLLER, type HelmReleaseDeps } from "./deps.ts";
import type { Draft } from "./draft.ts";

const { kind: KIND } = KINDS.HelmChart;
const API_VERSION = apiVersionOfKind(KINDS.HelmChart);

export type ChartKept =
  /** As the server has it; undefined where the spec names a chart of its own. */
  | { readonly kind: "kept"; readonly chart: Manifest | undefined }
  | { readonly kind: "refused"; readonly message: string }
  /** Charts of other namespaces are not for this object. */
  | { readonly kind: "denied"; readonly message: string };

/**
 * Keeps the HelmChart as the spec says it, and takes away one that it does not say any more. Nothing is written when it is as it should be.
 * Source: reference 3.3; fluxcd/helm-controller, HelmChartTemplate.
 */
export async function keepChart(deps: HelmReleaseDeps, draft: Draft): Promise<ChartKept> {
  const object = draft.object();
  const template = object.spec.chart;
  const wanted = template === undefined ? undefined : `${template.sourceRef.namespace}/${chartName(object)}`;
  if (object.status.helmChart !== undefined && object.status.helmChart !== wanted) {
    const refusal = await dropChart(deps, draft);
    if (refusal !== undefined) return { kind: "refused", message: refusal };
  }
  if (template === undefined || wanted === undefined) return { kind: "kept", chart: undefined };
  const { namespace } = template.sourceRef;
  if (deps.settings.noCrossNamespaceRefs && namespace !== object.metadata.namespace)
    return { kind: "denied", message: `cross-namespace references are not allowed: cannot access ${KIND} ${wanted}` };
  const kept = await applyChart(deps, draft, chartOf(object, template));
  if (kept.kind === "kept") draft.change({ ...draft.object().status, helmChart: wanted });
  return kept;
}

/** Deletes the HelmChart that the status names; what is wrong, when the server will not. */
export async function dropChart(deps: HelmReleaseDeps, draft: Draft): Promise<string | undefined> {
  const { helmChart, ...status } = draft.object().status;
  if (helmChart === undefined) return undefined;
  const [namespace = "", name = ""] = helmChart.split("/");
  const ref: ObjectRef = { apiVersion: API_VERSION, kind: KIND, namespace, name };
  const present = await deps.cluster.get(ref);
  if (present.kind === "refused") return `failed to delete HelmChart '${helmChart}': ${present.message}`;
  // Whoever can write a status could name anybody's chart there.
  if (present.kind === "found" && isMadeFor(draft.object(), present.object)) {
    const answer = await deps.cluster.delete(ref, { propagation: "Background" });
    if (answer.kind === "refused") return `failed to delete HelmChart '${helmChart}': ${answer.message}`;
    draft.say({ type: "Trace", reason: "HelmChartDeleted", message: `deleted HelmChart '${helmChart}'`, always: true });
  }
  draft.change(status);
  return undefined;
}

const isMadeFor = ({ metadata: { name, namespace } }: HelmRelease, chart: Manifest): boolean =>
  labelOf(chart, `${HELM_GROUP}/name`) === name && labelOf(chart, `${HELM_GROUP}/namespace`) === namespace;

const chartName = ({ metadata }: HelmRelease): string => `${metadata.namespace}-${metadata.name}`;

function chartOf(object: HelmRelease, template: HelmChartTemplate): Manifest {
  const { metadata, sourceRef, chart, version, interval, reconcileStrategy, valuesFiles, ignoreMissingValuesFiles, verify } = template;
  const owner = { [`${HELM_GROUP}/name`]: object.metadata.name, [`${HELM_GROUP}/namespace`]: object.metadata.namespace };
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: chartName(object),
      namespace: sourceRef.namespace,
      labels: { ...metadata.labels, ...owner },
      ...(Object.keys(metadata.annotations).length > 0 && { annotations: metadata.annotations }),
    },
    spec: given({
      chart,
      version,
      sourceRef: { kind: sourceRef.kind, name: sourceRef.name },
      interval: formatDuration(interval),
      reconcileStrategy,
      valuesFiles: valuesFiles.length > 0 ? valuesFiles : undefined,
      ignoreMissingValuesFiles: ignoreMissingValuesFiles || undefined,
      verify:
        verify === undefined
          ? undefined
          : given({ provider: verify.provider, secretRef: verify.secretRef === undefined ? undefined : { name: verify.secretRef } }),
    }),
  };
}

async function applyChart(deps: HelmReleaseDeps, draft: Draft, desired: Manifest): Promise<ChartKept> {
  const { name = "", namespace = "" } = desired.metadata;
  const ref: ObjectRef = { apiVersion: API_VERSION, kind: KIND, namespace, name };
  // The status says that there is none yet: an apply tells whether that is so.
  const isFirst = draft.object().status.helmChart === undefined;
  const present = isFirst ? undefined : await deps.cluster.get(ref);
  if (present?.kind === "found" && isAsDesired(present.object, desired)) return { kind: "kept", chart: present.object };
  const answer = await deps.cluster.apply(desired, { manager: CONTROLLER, force: true, dryRun: false });
  if (answer.kind === "refused") {
    const message = `failed to run server-side apply: ${subjectOf(ref)}: ${answer.message}`;
    draft.say({ type: "Trace", reason: "HelmChartSyncErr", message, always: true });
    return { kind: "refused", message };
  }
  const isNew = answer.kind === "created";
  const changed = isNew || (present?.kind === "found" && present.object.metadata.resourceVersion !== answer.object.metadata.resourceVersion);
  if (changed) {
    const { kind: sourceKind, name: sourceName } = sourceOf(desired);
    const source = `with SourceRef '${sourceKind}/${namespace}/${sourceName}'`;
    const [reason, word] = isNew ? ["HelmChartCreated", "Created"] : ["HelmChartConfigured", "Configured"];
    draft.say({ type: "Trace", reason, message: `${word} ${subjectOf(ref)} ${source}`, always: true });
  }
  return { kind: "kept", chart: answer.object };
}

const TEMPLATE_FIELDS = ["chart", "version", "sourceRef", "interval", "reconcileStrategy", "valuesFiles", "ignoreMissingValuesFiles", "verify"];

/** Every field that the template has a word for says the same; metadata holds ours, and nothing that was ours before. */
function isAsDesired(live: Manifest, desired: Manifest): boolean {
  const [spec, wanted] = [specOf(live), specOf(desired)];
  const sameSpec = TEMPLATE_FIELDS.every((field) => isEqual(withoutApiVersion(spec[field]), wanted[field]));
  return sameSpec && (["labels", "annotations"] as const).every((part) => holds(live, desired, part));
}

function holds(live: Manifest, desired: Manifest, part: "labels" | "annotations"): boolean {
  const [present, wanted] = [live.metadata[part] ?? {}, desired.metadata[part] ?? {}];
  const isThere = Object.entries(wanted).every(([key, value]) => present[key] === value);
  return isThere && ownedKeys(live, part).every((key) => Object.hasOwn(wanted, key));
}

/** What we have applied before, as the server knows it. */
function ownedKeys({ metadata }: Manifest, part: "labels" | "annotations"): readonly string[] {
  const ours = metadata.managedFields?.find(({ manager, operation }) => manager === CONTROLLER && operation === "Apply")?.fieldsV1;
  const fields = isObject(ours?.["f:metadata"]) ? ours["f:metadata"][`f:${part}`] : undefined;
  return isObject(fields) ? Object.keys(fields).flatMap((key) => (key.startsWith("f:") ? [key.slice(2)] : [])) : [];
}

/** The server knows a field that the template leaves out: which version the source is of. */
function withoutApiVersion(value: Json | undefined): Json | undefined {
  if (!isObject(value)) return value;
  const { apiVersion: _, ...rest } = value;
  return rest;
}

const specOf = (manifest: Manifest): JsonObject => {
  const spec = manifest.spec as Json | undefined; // the server's own answer, or what was made above
  return isObject(spec) ? spec : {};
};

const sourceOf = (desired: Manifest): { readonly kind: string; readonly name: string } => {
  const { sourceRef } = specOf(desired);
  return isObject(sourceRef) ? { kind: String(sourceRef.kind), name: String(sourceRef.name) } : { kind: "", name: "" };
};
