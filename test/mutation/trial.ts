import type { Manifest } from "@sluice/engine/domain/manifest.ts";
import { cleanUpPatch } from "@sluice/engine/plan/clean-up.ts";
import { hasDrifted } from "@sluice/engine/plan/compare.ts";
import { type DecideFacts, decide } from "@sluice/engine/plan/decide.ts";
import { jsonOf, type KindOnServer, objectOf, type Server } from "./connect.ts";
import { type DesiredMutation, desiredMutations, type LiveMutation, liveMutations } from "./mutations.ts";

/** What was found about one object; the two last are lists of what to look at. */
export type Report = {
  checks: number;
  unchanged: number;
  asked: number;
  /** Asked, though nothing would change: costs a request, no harm. */
  readonly needless: string[];
  /** Said to be unchanged, though an apply would change it: must never be. */
  readonly wrong: string[];
};

export const emptyReport = (): Report => ({ checks: 0, unchanged: 0, asked: 0, needless: [], wrong: [] });

export type TrialOptions = {
  readonly server: Server;
  readonly builtIn: boolean;
  /** One mutation in so many; 1 takes all. */
  readonly share: number;
  /** False where a write is too dear for the server: then only manifests are mutated. */
  readonly writes: boolean;
};

const MANAGER = "kustomize-controller";

/** Tries every mutation of one object: `decide` against what the server's dry-run and the comparison say. */
export async function tryObject(desired: Manifest, options: TrialOptions): Promise<Report> {
  const report = emptyReport();
  const { server, share } = options;
  const kind = await server.kind(desired.apiVersion, desired.kind);
  const facts: DecideFacts = { builtIn: options.builtIn, hasStatus: kind.hasStatus, isServed: () => true };
  const live = await applied(server, desired);
  const manifests = desiredMutations(desired);
  const check = (name: string, manifest: Manifest, object: Manifest): Promise<void> => checkOne(server, facts, report, name, manifest, object);
  await check("as it is", desired, live);
  for (const [index, { name, manifest }] of manifests.entries()) if (index % share === 0) await check(name, manifest, live);
  if (options.writes) await tryLive(desired, live, kind, manifests, options, check);
  await removed(server, desired);
  return report;
}

type Check = (name: string, manifest: Manifest, live: Manifest) => Promise<void>;

/** Each state of the cluster is made on an object of its own, and looked at with the manifest and two other manifests. */
async function tryLive(
  desired: Manifest,
  live: Manifest,
  kind: KindOnServer,
  manifests: readonly DesiredMutation[],
  { server, share }: TrialOptions,
  check: Check,
): Promise<void> {
  for (const [index, mutation] of liveMutations(live, desired, kind.hasScale).entries()) {
    if (index % share !== 0) continue;
    const own = named(desired, index);
    await applied(server, own);
    const changed = await mutated(server, own, mutation);
    if (changed) {
      const after = objectOf(await server.get(own));
      await check(mutation.name, own, after);
      for (const pick of [index * 7 + 3, index * 31 + 11]) {
        const other = manifests[pick % manifests.length];
        if (other !== undefined) await check(`${mutation.name}, then ${other.name}`, named(other.manifest, index), after);
      }
    }
    await removed(server, own);
  }
}

const named = (manifest: Manifest, index: number): Manifest => ({
  ...manifest,
  metadata: { ...manifest.metadata, name: `${manifest.metadata.name}-${index}` },
});

async function applied(server: Server, manifest: Manifest): Promise<Manifest> {
  const answer = await server.patch(manifest, jsonOf(manifest), { manager: MANAGER, type: "apply" });
  if (answer.code !== 200 && answer.code !== 201)
    throw new Error(`${manifest.kind}/${manifest.metadata.name} is not in order: ${JSON.stringify(answer.body).slice(0, 800)}`);
  return objectOf(answer);
}

/** False when the server does not have it: nothing to look at then. */
async function mutated(server: Server, object: Manifest, mutation: LiveMutation): Promise<boolean> {
  if (mutation.how === "patch") {
    const body = mutation.type === "apply" ? withName(mutation.body, object) : mutation.body;
    return (await server.patch(object, body, mutation)).code < 300;
  }
  const now = objectOf(await server.get(object));
  return (await server.put(object, jsonOf(now), mutation.manager)).code < 300;
}

function withName(body: LiveMutation["body"], { metadata }: Manifest): LiveMutation["body"] {
  const manifest = body as unknown as Manifest;
  const { namespace } = metadata;
  return jsonOf({ ...manifest, metadata: { ...manifest.metadata, name: metadata.name ?? "", ...(namespace !== undefined && { namespace }) } });
}

async function removed(server: Server, object: Manifest): Promise<void> {
  const answer = await server.remove(object);
  const left = objectOf(answer).metadata;
  if (left?.finalizers !== undefined && left.finalizers.length > 0)
    await server.patch(object, { metadata: { finalizers: null } }, { manager: "mutation", type: "merge" });
}

/** The truth: an apply changes nothing when the server takes the manifest, the comparison finds nothing and nothing is to be cleaned up. */
async function checkOne(server: Server, facts: DecideFacts, report: Report, name: string, manifest: Manifest, live: Manifest): Promise<void> {
  const dryRun = await server.patch(manifest, jsonOf(manifest), { manager: MANAGER, type: "apply", dryRun: true });
  const object = objectOf(dryRun);
  if (dryRun.code < 300 && object.metadata.resourceVersion !== live.metadata.resourceVersion) {
    // A controller was faster: what was dry-run is not what we looked at.
    const fresh = await server.get(live);
    if (fresh.code === 200) await checkOne(server, facts, report, name, manifest, objectOf(fresh));
    return;
  }
  const same = dryRun.code < 300 && !hasDrifted(live, object) && cleanUpPatch(live).length === 0;
  const decision = decide(manifest, live, facts);
  report.checks++;
  if (decision.kind === "unchanged") {
    report.unchanged++;
    if (!same) report.wrong.push(`${live.kind}/${live.metadata.name}: ${name} (${dryRun.code})`);
    return;
  }
  report.asked++;
  if (same) report.needless.push(`${live.kind}: ${name}: ${decision.kind === "ask" ? decision.why : decision.kind}`);
}
