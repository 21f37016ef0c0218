import { isEqual } from "@sluice/engine/domain/json.ts";
import { type Manifest, type ObjectRef, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { jsonOf } from "@sluice/engine/domain/manifest-json.ts";
import { type Pointer, readAt } from "@sluice/engine/plan/json-pointer.ts";
import { isServerSide } from "@sluice/engine/reconcile/helm-release/actions/apply-method.ts";
import { type DriftRules, parseDriftRules } from "@sluice/engine/reconcile/helm-release/actions/drift-rules.ts";
import { findForeign } from "@sluice/engine/reconcile/helm-release/actions/find-foreign.ts";
import { isKept, ownedResource } from "@sluice/engine/reconcile/helm-release/actions/ownership.ts";
import { isSameObject, type Resource } from "@sluice/engine/reconcile/helm-release/actions/resources.ts";
import { resourcesOf } from "@sluice/engine/reconcile/helm-release/actions/run.ts";
import { HELM_MANAGER } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { createdOf, type Difference, type DiffRules, diffObject, joined, NOTHING } from "../build/diff-object.ts";
import type { Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import { chanceIn } from "./chance.ts";
import type { RenderedRelease } from "./render-release.ts";

/** What the next revision of a release would change in the cluster. Hooks are not looked at: they run, and leave what they leave. */
export async function diffRelease(session: Session, release: RenderedRelease): Promise<Difference> {
  const { current, definitions, rendered } = release;
  const next = await ownedResources(release, rendered.manifest, current === undefined ? "release" : "new release");
  const before = current === undefined ? [] : await ownedResources(release, current.manifest, "current release");
  const foreign = await foreignProblem(release, next, before);
  if (foreign !== undefined) throw new Failure(foreign);
  const rules = parseDriftRules(release.object.spec.driftDetection.ignore);
  if (!rules.ok) throw new Failure(rules.problem);
  const found: Difference[] = [];
  for (const definition of definitions) found.push(await diffObject(session, definition, RULES));
  const coming = await comingNamespaces(session, release, next);
  if (coming.own !== undefined) found.push(createdOf(coming.own));
  const another = once(async () => ownedResources(release, (await release.again()).manifest, "release"));
  for (const resource of next) found.push(await diffResource(session, resource, { before, rules: rules.value, coming: coming.names, another }));
  const gone = before.filter((old) => !next.some(({ ref }) => isSameObject(ref, old.ref)));
  for (const { ref } of gone) found.push(await deleted(session, ref));
  return joined([...found, ...(isServerSideNext(release) ? [] : [CLIENT_SIDE])]);
}

const CLIENT_SIDE: Difference = { ...NOTHING, remarks: ["the release is applied client-side: fields that its chart has no more are not shown"] };

const isServerSideNext = ({ current, object: { spec } }: RenderedRelease): boolean =>
  current === undefined ? spec.install.serverSideApply : isServerSide(spec.upgrade.serverSideApply, current);

const RULES: DiffRules = { manager: HELM_MANAGER, steered: false, showsGeneration: false, ignored: () => [] };

async function ownedResources({ run }: RenderedRelease, text: string, what: string): Promise<readonly Resource[]> {
  const { releaseName: name, releaseNamespace: namespace } = run.settings;
  const read = await resourcesOf(run, text, namespace);
  if (!read.ok) throw new Failure(`unable to build kubernetes objects from ${what} manifest: ${read.problem}`);
  return read.value.map((resource) => ownedResource(resource, { name, namespace }));
}

async function foreignProblem({ run, object, current }: RenderedRelease, next: readonly Resource[], before: readonly Resource[]): Promise<string | undefined> {
  const { disableTakeOwnership } = current === undefined ? object.spec.install : object.spec.upgrade;
  if (!disableTakeOwnership) return undefined;
  const foreign = await findForeign(
    run,
    next.filter(({ ref }) => !before.some((old) => isSameObject(old.ref, ref))),
  );
  return foreign && `unable to continue with ${current === undefined ? "install" : "update"}: ${foreign}`;
}

type Coming = {
  /** The one that is made for the release. */
  readonly own?: ObjectRef;
  /** All that there will be, and are not there now: nothing in them can be tried. */
  readonly names: ReadonlySet<string>;
};

async function comingNamespaces({ cluster }: Session, { run, current }: RenderedRelease, next: readonly Resource[]): Promise<Coming> {
  const { install, releaseNamespace: name } = run.settings;
  const isMissing = async (ref: ObjectRef): Promise<boolean> => (await cluster.get(ref)).kind === "absent";
  const own: ObjectRef = { apiVersion: "v1", kind: "Namespace", name };
  const makesOwn = current === undefined && install.createNamespace && (await isMissing(own));
  const names = new Set(makesOwn ? [name] : []);
  for (const { ref } of next) if (ref.apiVersion === "v1" && ref.kind === "Namespace" && (await isMissing(ref))) names.add(ref.name);
  return { names, ...(makesOwn && { own }) };
}

type Comparison = {
  readonly before: readonly Resource[];
  readonly rules: DriftRules;
  readonly coming: Coming["names"];
  /** Another rendering of the same. */
  another(): Promise<readonly Resource[]>;
};

async function diffResource(session: Session, { manifest, ref }: Resource, { before, rules, coming, another }: Comparison): Promise<Difference> {
  const isServed = (await session.kinds.find(ref.apiVersion, ref.kind)) !== undefined;
  if (!isServed || (ref.namespace !== undefined && coming.has(ref.namespace))) return createdOf(ref);
  const old = before.find((one) => isSameObject(one.ref, ref))?.manifest;
  if (rules.isExcluded(manifest) && old !== undefined && isEqual(jsonOf(old), jsonOf(manifest))) return NOTHING;
  const ignored = (wouldBe: Manifest): readonly Pointer[] => rules.ignored(wouldBe).filter((path) => isUnchanged(old, manifest, path));
  const found = await diffObject(session, manifest, { ...RULES, ignored });
  // Only what differs can differ by chance.
  const chance = found.changed ? chanceIn({ manifest, ref }, await another()) : [];
  return chance.length === 0 ? found : diffObject(session, manifest, { ...RULES, ignored, chance });
}

/** What is no drift is a difference still where the chart says something else than before. */
const isUnchanged = (old: Manifest | undefined, next: Manifest, path: Pointer): boolean =>
  old !== undefined && isEqual(readAt(jsonOf(old), path), readAt(jsonOf(next), path));

/** What the chart no longer has goes, unless the cluster's object says that it is to be kept. */
async function deleted({ cluster }: Session, ref: ObjectRef): Promise<Difference> {
  const live = await cluster.get(ref);
  switch (live.kind) {
    case "absent":
      return NOTHING;
    case "refused":
      return { ...NOTHING, problems: [`${subjectOf(ref)}: ${live.message}`] };
    case "found":
      return isKept(live.object) ? NOTHING : { ...NOTHING, text: `► ${subjectOf(refOf(live.object))} deleted\n`, changed: true };
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
