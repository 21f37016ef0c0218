import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { JsonObject } from "../../../domain/json.ts";
import { type Manifest, refOf, subjectOf } from "../../../domain/manifest.ts";
import { jsonOf } from "../../../domain/manifest-json.ts";
import { type Owner, originSelector } from "../../../domain/owner.ts";
import { decideFor } from "../../../plan/decide.ts";
import { type IgnoreSpec, withoutPaths } from "../../../plan/ignore.ts";
import { normalise } from "../../../plan/normalise.ts";
import { typedFieldsOf } from "../../../plan/typed-kinds.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import type { Kinds } from "../../../ports/kinds.ts";
import { inParallel } from "../../in-parallel.ts";
import { createLiveObjects, type LiveObjects } from "../../kustomization/live-objects.ts";
import { refusalText } from "../../kustomization/refusal-text.ts";
import type { Drift } from "../action.ts";
import { HELM_MANAGER } from "../storage.ts";
import { type DriftRules, parseDriftRules } from "./drift-rules.ts";
import type { DriftStamps } from "./drift-stamps.ts";
import { jsonDifference, type Operation } from "./json-difference.ts";
import { ownedManifest } from "./ownership.ts";
import { type Resource, readResources } from "./resources.ts";
import type { ActionDeps } from "./run.ts";

export type DriftEnd = { readonly kind: "found"; readonly drift: readonly Drift[] } | { readonly kind: "failed"; readonly message: string };

/** How the search is made. */
export type DriftLook = {
  /** As the identity that counts for the release. */
  readonly cluster: Cluster;
  /** The HelmRelease: its objects carry its name. */
  readonly origin: Owner;
  readonly stamps: DriftStamps;
  /** It is this pass's turn to ask the server about every object, whatever the LISTs say. */
  readonly isFullLook: boolean;
};

type DriftContext = DriftLook & {
  readonly kinds: Kinds;
  readonly schemas: ReadonlyMap<string, string>;
  readonly live: LiveObjects;
  readonly rules: DriftRules;
};

/**
 * In what the cluster differs from a release's manifest, in the order of the manifest; what is as it should be is not named. As for Kustomizations: one LIST of each
 * kind, and where the fields that we own show that an apply would change nothing, or the server has said so of the same two objects, it is not asked what it would do.
 * Source: reference 3.7; helm-controller, internal/action/diff.go.
 */
export async function detectDrift(
  { kinds, settings }: Pick<ActionDeps, "kinds" | "settings">,
  look: DriftLook,
  release: HelmStoredRelease,
  ignore: readonly IgnoreSpec[],
): Promise<DriftEnd> {
  const found = await readResources(kinds, release.manifest, release.namespace);
  if (!found.ok) return { kind: "failed", message: `failed to read objects from release manifest: ${found.problem}` };
  const rules = parseDriftRules(ignore);
  if (!rules.ok) return { kind: "failed", message: rules.problem };
  const desired = found.value.map(({ manifest, ref }): Resource => ({ ref, manifest: ownedManifest(normalise(manifest), release) }));
  const live = createLiveObjects(look.cluster, kinds, originSelector(look.origin));
  const [schemas] = await Promise.all([kinds.schemas(), live.prepare(desired.flatMap(({ manifest, ref }) => (rules.value.isExcluded(manifest) ? [] : [ref])))]);
  const context: DriftContext = { ...look, kinds, schemas, live, rules: rules.value };
  const answers = await inParallel(desired, settings.parallel, async (one) =>
    rules.value.isExcluded(one.manifest) ? excluded(one.manifest) : compare(context, one),
  );
  await look.stamps.keep();
  const problems = answers.flatMap((answer) => (answer !== undefined && "message" in answer ? [answer.message] : []));
  if (problems.length > 0) return { kind: "failed", message: problems.join("; ") };
  return { kind: "found", drift: answers.flatMap((answer) => (answer === undefined || "message" in answer ? [] : [answer])) };
}

const excluded = (desired: Manifest): Drift => ({ desired, kind: "excluded", operations: [] });

async function compare(context: DriftContext, { manifest: desired, ref }: Resource): Promise<Drift | { readonly message: string } | undefined> {
  const live = await context.live.find(ref);
  if (live.kind === "refused") return { message: refusalText(desired, live, "dry-run") };
  if (live.kind === "absent") return { desired, kind: "removed", operations: [] };
  if (await isKnownSame(context, desired, live.object)) return undefined;
  const answer = await context.cluster.apply(desired, { manager: HELM_MANAGER, force: true, dryRun: true });
  if (answer.kind === "refused") return { message: refusalText(desired, answer, "dry-run") };
  if (answer.kind === "created") return { desired, kind: "removed", operations: [] };
  const paths = context.rules.ignored(desired);
  const operations = operationsBetween(withoutPaths(live.object, paths), withoutPaths(answer.object, paths));
  if (operations.length > 0) return { desired, kind: "changed", operations };
  await context.stamps.add(desired, live.object);
  return undefined;
}

/** The walk along the fields that we own is that of Kustomizations: plan/decide.ts. */
async function isKnownSame({ kinds, schemas, stamps, isFullLook }: DriftContext, desired: Manifest, live: Manifest): Promise<boolean> {
  if (isFullLook) return false;
  const facts = await kinds.find(desired.apiVersion, desired.kind);
  const decision = decideFor(HELM_MANAGER, desired, live, {
    builtIn: typedFieldsOf(desired.apiVersion, desired.kind) !== undefined,
    hasStatus: facts?.hasStatus === true,
    isServed: (apiVersion) => schemas.has(apiVersion),
  });
  return decision.kind === "unchanged" || stamps.has(desired, live);
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
