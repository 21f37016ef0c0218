import { type Manifest, refOf, subjectOf } from "@sluice/engine/domain/manifest.ts";
import { ms } from "@sluice/engine/domain/time.ts";
import { MARKER_NAME } from "@sluice/engine/flux/installation.ts";
import { computeHealth } from "@sluice/engine/health/compute.ts";
import { hasDrifted } from "@sluice/engine/plan/compare.ts";
import type { Cluster } from "@sluice/engine/ports/cluster.ts";
import type { Cli, Session, Settings } from "./cli.ts";
import { Failure } from "./failure.ts";
import { refusalFailure } from "./list-objects.ts";
import { poll } from "./poll.ts";

/** The field manager of `flux install`. */
const MANAGER = "flux";
/** What others need before they can be: CRDs for their objects, a Namespace for what lies in it, a role for its binding. Source: reference 6.12. */
const FIRST: ReadonlySet<string> = new Set(["CustomResourceDefinition", "Namespace", "ClusterRole"]);
const FIRST_TIMEOUT = ms(60_000);

/** Applies the manifests in two stages, waits for the first one, and says what happened to each object: `Namespace/flux-system created`. */
export async function applyInstallation(cli: Cli, session: Session, manifests: readonly Manifest[]): Promise<readonly string[]> {
  const first = manifests.filter(({ kind }) => FIRST.has(kind));
  const then = manifests.filter(({ kind }) => !FIRST.has(kind));
  const lines = await applyAll(session.cluster, first);
  await poll(cli, { timeout: FIRST_TIMEOUT }, async () => ((await areCurrent(cli, session.cluster, first)) ? true : undefined));
  return [...lines, ...(await applyAll(session.cluster, then))];
}

/** True once the marker is current; false when the time is over. */
export async function waitForMarker(cli: Cli, { cluster }: Session, settings: Settings): Promise<boolean> {
  const marker: Manifest = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: MARKER_NAME, namespace: settings.namespace } };
  try {
    return await poll(cli, settings, async () => ((await areCurrent(cli, cluster, [marker])) ? true : undefined));
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

async function applyAll(cluster: Cluster, manifests: readonly Manifest[]): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const manifest of manifests) lines.push(`${subjectOf(refOf(manifest))} ${await applyOne(cluster, manifest)}`);
  return lines;
}

/** Writes only what would change something, so that a second install changes nothing. */
async function applyOne(cluster: Cluster, manifest: Manifest): Promise<"created" | "configured" | "unchanged"> {
  const subject = subjectOf(refOf(manifest));
  const live = await cluster.get(refOf(manifest));
  if (live.kind === "refused" && live.why !== "unknown-kind") throw refusalFailure(live);
  if (live.kind === "found") {
    const wouldBe = await cluster.apply(manifest, { manager: MANAGER, force: true, dryRun: true });
    if (wouldBe.kind === "refused") throw new Failure(`${subject} dry-run failed (${wouldBe.reason}): ${wouldBe.message}`);
    if (!hasDrifted(live.object, wouldBe.object)) return "unchanged";
  }
  const answer = await cluster.apply(manifest, { manager: MANAGER, force: true, dryRun: false });
  if (answer.kind === "refused") throw new Failure(`${subject} apply failed: ${answer.message}`);
  return answer.kind;
}

async function areCurrent(cli: Cli, cluster: Cluster, manifests: readonly Manifest[]): Promise<boolean> {
  const answers = await Promise.all(manifests.map((manifest) => cluster.get(refOf(manifest))));
  return answers.every((answer) => answer.kind === "found" && computeHealth(answer.object, { now: cli.clock.now() }).kind === "current");
}
