import type { HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import { inParallel } from "../../in-parallel.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import { HELM_MANAGER } from "../storage.ts";
import { hookWriter } from "./apply-method.ts";
import { applyChartCrds } from "./chart-crds.ts";
import { createClientSideWriter } from "./client-side-writer.ts";
import { findForeign } from "./find-foreign.ts";
import { newRevision, storeRevision } from "./new-revision.ts";
import { ownedResource } from "./ownership.ts";
import { firstStep, type Performance, performanceStages } from "./perform.ts";
import { performRevision } from "./perform-revision.ts";
import { applyProblem } from "./refusal-message.ts";
import { renderRelease } from "./render-release.ts";
import type { Resource } from "./resources.ts";
import { beginProgress, failedWith, keepOther, type Run, resourcesOf, StorageProblem, withRelease, withStatus } from "./run.ts";
import { createServerSideWriter } from "./server-side-writer.ts";
import { done, type Stage } from "./stages.ts";
import { createResources, updateResources, type WriteEnd } from "./write-resources.ts";

type Install = Extract<ReleaseAction, { readonly kind: "install" | "upgrade" }>;

/** Up to the storing of the first revision; what fails before leaves nothing stored. Source: Helm 4, pkg/action/install.go; helm-controller, internal/action/install.go. */
export async function install(run: Run, { chart, values, integers = [], previous }: Install): Promise<ActionEnd> {
  const { install: settings, releaseName, releaseNamespace } = run.settings;
  const version = (previous?.version ?? 0) + 1;
  const rendering = { chart, values, integers, revision: 1, isUpgrade: false, skipSchemaValidation: settings.disableSchemaValidation };
  const crds = await applyChartCrds(run, chart, settings);
  if (crds !== undefined) return crds;
  if (previous !== undefined && !isReplaceable(previous, settings.replace)) {
    run.journal.log("getting release history", { name: releaseName });
    return failedWith(run, "release name check failed: cannot reuse a name that is still in use");
  }
  const rendered = await renderRelease(run, rendering);
  if (rendered.kind === "failed") return failedWith(run, rendered.message, []);
  const built = await resourcesOf(run, rendered.manifest, releaseNamespace);
  if (!built.ok) return failedWith(run, `unable to build kubernetes objects from release manifest: ${built.problem}`, []);
  const owner = { name: releaseName, namespace: releaseNamespace };
  const resources = built.value.map((resource) => ownedResource(resource, owner));
  if (settings.disableTakeOwnership) {
    const foreign = await findForeign(run, resources);
    if (foreign !== undefined) return failedWith(run, `unable to continue with install: ${foreign}`, []);
  }
  const refused = settings.createNamespace ? await createNamespace(run) : undefined;
  if (refused !== undefined) return failedWith(run, refused);
  const release = newRevision(run, {
    values,
    rendered,
    version,
    status: "pending-install",
    description: "Initial install underway",
    serverSide: settings.serverSideApply,
  });
  const first = previous === undefined ? firstStep(PHASES) : REPLACE;
  const progress = { ...beginProgress(run, "install", first), ...(previous !== undefined && { replaces: previous.version }) };
  return performInstall(run, await storeRevision(run, { release, labels: {}, progress }, 0));
}

const REPLACE = "replace";
const PHASES = { before: "pre-install", after: "post-install" } as const;

const isReplaceable = ({ info }: HelmStoredRelease, replace: boolean): boolean => replace && (info.status === "uninstalled" || info.status === "failed");

/** From wherever the stored revision is. */
export async function performInstall(run: Run, from: ReleaseSecret): Promise<ActionEnd> {
  const replace: Stage = { name: REPLACE, run: async (secret) => done(await supersedeReplaced(run, secret)) };
  return performRevision(run, from, {
    stages: [replace, ...performanceStages(run, performanceOf(run, from))],
    cleansUp: false,
    described: ({ release }, message) => `Release ${JSON.stringify(release.name)} failed: ${message}`,
    completed: async ({ release }) => withStatus(release, "deployed", "Install complete"),
  });
}

function performanceOf(run: Run, { release }: ReleaseSecret): Performance {
  const isServerSide = release.apply_method === "ssa";
  return {
    settings: run.settings.install,
    ...PHASES,
    hookFailure: (event) => `failed ${event}: `,
    hookWriter: hookWriter(run, isServerSide),
    remembersCreated: false,
    write: async (_secret, targets) => (isServerSide ? writeServerSide(run, targets) : writeClientSide(run, release, targets)),
    failed: async (secret, _where, message) => ({ kind: "failed", secret, message }),
  };
}

/** Helm asks first which objects are there, and goes one of two ways; an apply does both. In which words a failure is told still goes by that. */
async function writeServerSide(run: Run, targets: readonly Resource[]): Promise<WriteEnd> {
  const writer = createServerSideWriter(run.cluster, { force: true, takeUpdates: false });
  const end = await createResources(writer, targets, run.deps.settings.parallel);
  if (end.problem === undefined || run.resumed) return end;
  const isAdopting = end.objects.some((object, index) => object !== undefined && !end.created.includes(index));
  return isAdopting ? updateResources(run.cluster, writer, [], targets, run.deps.settings.parallel) : end;
}

async function writeClientSide(run: Run, release: HelmStoredRelease, targets: readonly Resource[]): Promise<WriteEnd> {
  const { parallel } = run.deps.settings;
  const writer = createClientSideWriter(run.cluster, { force: false, owner: release, resumed: run.resumed });
  const found = await inParallel(targets, parallel, ({ ref }) => run.cluster.get(ref));
  const there = targets.filter((_, index) => found[index]?.kind === "found");
  return there.length === 0 ? createResources(writer, targets, parallel) : updateResources(run.cluster, writer, there, targets, parallel);
}

/** The uninstalled revision whose name the new one takes. */
async function supersedeReplaced(run: Run, secret: ReleaseSecret): Promise<ReleaseSecret> {
  const replaced = secret.progress?.replaces;
  const found = typeof replaced === "number" ? await run.storage.read(replaced) : ({ kind: "absent" } as const);
  if (found.kind === "failed") throw new StorageProblem(found.message);
  if (found.kind === "found") await keepOther(run, withRelease(found.secret, withStatus(found.secret.release, "superseded", "superseded by new release")));
  return secret;
}

/** Recorded: create-namespace. */
async function createNamespace(run: Run): Promise<string | undefined> {
  const { releaseNamespace: name } = run.settings;
  const manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { name } }, spec: {}, status: {} };
  const answer = await run.cluster.apply(manifest, { manager: HELM_MANAGER, force: false, dryRun: false });
  return answer.kind === "refused" ? applyProblem({ manifest, ref: { apiVersion: "v1", kind: "Namespace", name } }, answer) : undefined;
}
