import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import { isObject, type JsonObject } from "../../../domain/json.ts";
import { type Manifest, refOf, subjectOf } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { isOfMainResource, managedFieldsOf } from "../../../plan/field-set.ts";
import { type IgnoreSpec, withoutPaths } from "../../../plan/ignore.ts";
import { normalise } from "../../../plan/normalise.ts";
import { typedFieldsOf } from "../../../plan/typed-kinds.ts";
import { walkMap } from "../../../plan/walk.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import type { Kinds } from "../../../ports/kinds.ts";
import { inParallel } from "../../in-parallel.ts";
import { refusalText } from "../../kustomization/refusal-text.ts";
import type { Drift } from "../action.ts";
import type { ReleaseSettings } from "../release-settings.ts";
import { HELM_MANAGER } from "../storage.ts";
import { type DriftRules, parseDriftRules } from "./drift-rules.ts";
import { jsonDifference, type Operation } from "./json-difference.ts";
import { ownedManifest } from "./ownership.ts";
import { type Resource, readResources } from "./resources.ts";
import type { ActionDeps } from "./run.ts";

export type DriftEnd = { readonly kind: "found"; readonly drift: readonly Drift[] } | { readonly kind: "failed"; readonly message: string };

type DriftContext = { readonly cluster: Cluster; readonly kinds: Kinds };

/**
 * In what the cluster differs from a release's manifest, in the order of the manifest; what is as it should be is not named. Where the fields that we own show that
 * an apply would change nothing, the server is not asked what it would do. Source: reference 3.7; helm-controller, internal/action/diff.go.
 */
export async function detectDrift(
  { kinds, settings }: Pick<ActionDeps, "kinds" | "settings">,
  { cluster }: Pick<ReleaseSettings, "cluster">,
  release: HelmStoredRelease,
  ignore: readonly IgnoreSpec[],
): Promise<DriftEnd> {
  const context: DriftContext = { cluster, kinds };
  const found = await readResources(context.kinds, release.manifest, release.namespace);
  if (!found.ok) return { kind: "failed", message: `failed to read objects from release manifest: ${found.problem}` };
  const rules = parseDriftRules(ignore);
  if (!rules.ok) return { kind: "failed", message: rules.problem };
  const desired = found.value.map(({ manifest, ref }): Resource => ({ ref, manifest: ownedManifest(normalise(manifest), release) }));
  const answers = await inParallel(desired, settings.parallel, async (one) =>
    rules.value.isExcluded(one.manifest) ? excluded(one.manifest) : compare(context, one, rules.value),
  );
  const problems = answers.flatMap((answer) => (answer !== undefined && "message" in answer ? [answer.message] : []));
  if (problems.length > 0) return { kind: "failed", message: problems.join("; ") };
  return { kind: "found", drift: answers.flatMap((answer) => (answer === undefined || "message" in answer ? [] : [answer])) };
}

const excluded = (desired: Manifest): Drift => ({ desired, kind: "excluded", operations: [] });

async function compare(
  { cluster, kinds }: DriftContext,
  { manifest: desired, ref }: Resource,
  rules: DriftRules,
): Promise<Drift | { readonly message: string } | undefined> {
  const live = await cluster.get(ref);
  if (live.kind === "refused") return { message: refusalText(desired, live, "dry-run") };
  if (live.kind === "absent") return { desired, kind: "removed", operations: [] };
  const facts = await kinds.find(ref.apiVersion, ref.kind);
  if (isSurelySame(desired, live.object, facts?.hasStatus === true)) return undefined;
  const answer = await cluster.apply(desired, { manager: HELM_MANAGER, force: true, dryRun: true });
  if (answer.kind === "refused") return { message: refusalText(desired, answer, "dry-run") };
  if (answer.kind === "created") return { desired, kind: "removed", operations: [] };
  const paths = rules.ignored(desired);
  const operations = operationsBetween(withoutPaths(live.object, paths), withoutPaths(answer.object, paths));
  return operations.length === 0 ? undefined : { desired, kind: "changed", operations };
}

/** True only when that is certain. The walk along the fields that we own is that of Kustomizations: plan/walk.ts. */
function isSurelySame(desired: Manifest, live: Manifest, hasStatus: boolean): boolean {
  if (live.apiVersion !== desired.apiVersion || live.metadata.deletionTimestamp !== undefined) return false;
  const entries = managedFieldsOf(live);
  const ours = entries.filter((entry) => entry.manager === HELM_MANAGER && entry.operation === "Apply" && isOfMainResource(entry));
  const [own] = ours;
  if (own?.fieldsV1 === undefined || ours.length > 1 || own.apiVersion !== desired.apiVersion) return false;
  const doubt = walkMap(counted(desired, hasStatus), own.fieldsV1, jsonOf(live), {
    builtIn: typedFieldsOf(desired.apiVersion, desired.kind) !== undefined,
    foreign: entries.filter((entry) => entry !== own).map(({ fieldsV1 }) => fieldsV1 ?? {}),
    path: "",
    depth: 0,
  });
  return doubt === undefined;
}

/** Without what names the object, and what the server drops. */
function counted(desired: Manifest, hasStatus: boolean): JsonObject {
  const { apiVersion: _apiVersion, kind: _kind, metadata, ...fields } = jsonOf(desired);
  const { status, ...rest } = fields;
  const { name: _name, namespace: _namespace, ...kept } = isObject(metadata) ? metadata : {};
  const isEmptyStatus = hasStatus && isObject(status) && Object.keys(status).length === 0;
  return { ...(isEmptyStatus ? rest : fields), ...(Object.keys(kept).length > 0 && { metadata: kept }) };
}

/** Labels and annotations that others added stay; so the removal of one is no difference. */
function operationsBetween(live: Manifest, desired: Manifest): readonly Operation[] {
  const metadata = jsonDifference(metadataOf(live), metadataOf(desired)).filter(({ op }) => op !== "remove");
  return [...metadata, ...jsonDifference(bodyOf(live), bodyOf(desired))];
}

function metadataOf({ metadata: { labels, annotations } }: Manifest): JsonObject {
  const kept = { ...(annotations !== undefined && { annotations }), ...(labels !== undefined && { labels }) };
  return Object.keys(kept).length === 0 ? {} : { metadata: kept };
}

function bodyOf(manifest: Manifest): JsonObject {
  const { metadata: _metadata, status: _status, ...body } = jsonOf(manifest);
  return body;
}

/** As the event tells what was put right: what was created before what was changed, each in the order of an apply. */
export const correctionLine = ({ desired, kind }: Drift): string => `${subjectOf(refOf(desired))} ${kind === "removed" ? "created" : "configured"}`;

export const refOfDrift = ({ desired }: Drift): ReturnType<typeof refOf> => refOf(desired);
