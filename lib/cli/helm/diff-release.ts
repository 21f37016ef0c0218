import { type Manifest, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { parseIgnoreRules } from "@sluice/engine/plan/ignore.ts";
import { isKept, ownedManifest } from "@sluice/engine/reconcile/helm-release/actions/ownership.ts";
import { isSameObject, type Resource, readResources } from "@sluice/engine/reconcile/helm-release/actions/resources.ts";
import { HELM_MANAGER } from "@sluice/engine/reconcile/helm-release/storage.ts";
import { type Difference, diffObject, joined, NOTHING } from "../build/diff-object.ts";
import type { Session } from "../cli.ts";
import { Failure } from "../failure.ts";
import type { RenderedRelease } from "./render-release.ts";

/** What the next revision of a release would change in the cluster. Hooks are not looked at: they run, and leave what they leave. */
export async function diffRelease(session: Session, { object, stored, rendered }: RenderedRelease): Promise<Difference> {
  const { releaseName: name, releaseNamespace: namespace, driftDetection } = object.spec;
  const ignore = parseIgnoreRules(driftDetection.ignore);
  if (!ignore.ok) throw new Failure(ignore.problem);
  const next = await resourcesOf(session, rendered.manifest, namespace);
  const before = stored === undefined ? [] : await resourcesOf(session, stored.manifest, namespace);
  const found: Difference[] = [];
  for (const { manifest } of next)
    found.push(await diffObject(session, ownedManifest(manifest, { name, namespace }), { manager: HELM_MANAGER, ignore: ignore.value }));
  const gone = before.filter((old) => !next.some(({ ref }) => isSameObject(ref, old.ref)));
  for (const { ref } of gone) found.push(await deleted(session, ref));
  return joined(found);
}

async function resourcesOf({ kinds }: Session, text: string, namespace: string): Promise<readonly Resource[]> {
  const read = await readResources(kinds, text, namespace);
  if (!read.ok) throw new Failure(`unable to build kubernetes objects from release manifest: ${read.problem}`);
  return read.value;
}

/** What the chart no longer has goes, unless the cluster's object says that it is to be kept. */
async function deleted({ cluster }: Session, ref: Resource["ref"]): Promise<Difference> {
  const live = await cluster.get(ref);
  const object: Manifest | undefined = live.kind === "found" ? live.object : undefined;
  if (object === undefined || isKept(object)) return NOTHING;
  return { ...NOTHING, text: `► ${subjectOf(ref)} deleted\n`, changed: true };
}
