import type { HelmHookEvent } from "../../../domain/helm-release.ts";
import type { Manifest } from "../../../domain/manifest.ts";
import type { Milliseconds } from "../../../domain/time.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import { inParallel } from "../../in-parallel.ts";
import { deleteObjects } from "./delete-objects.ts";
import { runHooks } from "./hooks.ts";
import { lookAtResources, type Wanted } from "./look.ts";
import { ownedResource } from "./ownership.ts";
import type { Resource } from "./resources.ts";
import { isOver, keep, type PartEnd, type Run, resourcesOf, withProgress } from "./run.ts";
import { done, type Stage } from "./stages.ts";
import type { WriteEnd } from "./write-resources.ts";
import type { Writer } from "./writer.ts";

/** What installing, upgrading and rolling back have in common: hooks, objects, waiting, hooks. */
export type Performance = {
  readonly settings: {
    readonly timeout: Milliseconds;
    readonly disableHooks: boolean;
    readonly disableWait: boolean;
    readonly disableWaitForJobs: boolean;
  };
  readonly before: HelmHookEvent;
  readonly after: HelmHookEvent;
  /** What stands ahead of a hook's failure: `failed pre-install: `. */
  readonly hookFailure: (event: HelmHookEvent) => string;
  readonly hookWriter: Writer;
  /** The objects that were created are deleted when it fails. */
  readonly remembersCreated: boolean;
  write(secret: ReleaseSecret, targets: readonly Resource[]): Promise<WriteEnd>;
  /** What is written down of a failure to apply or to become ready, ahead of what the hooks' failures have in common with it. */
  readonly failed: (secret: ReleaseSecret, where: "write" | "wait", message: string) => Promise<PartEnd>;
};

/** The table of such an action, behind the storing of the revision and ahead of its end. */
export function performanceStages(run: Run, performance: Performance): readonly Stage[] {
  const { settings } = performance;
  /** As the server gave them when they were written by this call. */
  let objects: readonly (Manifest | undefined)[] = [];

  const hooks = async (secret: ReleaseSecret, event: HelmHookEvent): Promise<PartEnd> => {
    if (settings.disableHooks) {
      run.journal.log("hooks disabled", { name: secret.release.name });
      return done(secret);
    }
    const plan = { event, timeout: settings.timeout, waitsForDeletion: !settings.disableWait, writer: performance.hookWriter };
    const end = await runHooks(run, secret, plan);
    return end.kind === "failed" ? { ...end, message: `${performance.hookFailure(event)}${end.message}` } : end;
  };

  const write = async (secret: ReleaseSecret): Promise<PartEnd> => {
    const targets = await targetsOf(run, secret);
    if (!targets.ok) return { kind: "failed", secret, message: targets.problem };
    run.journal.log("checking resources for changes", { resources: targets.value.length });
    const noted = performance.remembersCreated ? await noteMissing(run, secret, targets.value) : secret;
    const end = await performance.write(noted, targets.value);
    objects = end.objects;
    return end.problem === undefined ? done(noted) : performance.failed(noted, "write", end.problem);
  };

  const wait = async (secret: ReleaseSecret): Promise<PartEnd> => {
    if (settings.disableWait) return done(secret);
    const targets = await targetsOf(run, secret);
    if (!targets.ok) return { kind: "failed", secret, message: targets.problem };
    const pending = pendingOf(secret);
    const wanted = targets.value
      .map((resource, index): Wanted => ({ resource, index, object: objects[index] }))
      .filter(({ index }) => pending === undefined || pending.has(index));
    run.journal.log("waiting for resources", { count: wanted.length, timeout: settings.timeout * 1e6 });
    const look = await lookAtResources(run, wanted, !settings.disableWaitForJobs, isOver(run, secret, settings.timeout));
    if (look.kind === "done") return done(secret);
    if (look.kind === "failed") return performance.failed(secret, "wait", look.message);
    return { kind: "waiting", secret: pending === undefined ? withProgress(secret, { pending: look.pending.join(",") }) : secret };
  };

  return [
    { name: `${performance.before} hooks`, run: (secret) => hooks(secret, performance.before) },
    { name: "apply", run: write },
    { name: "wait", run: wait },
    { name: `${performance.after} hooks`, run: (secret) => hooks(secret, performance.after) },
  ];
}

/** What is to be deleted again in case of a failure is written down before it is created. */
async function noteMissing(run: Run, secret: ReleaseSecret, targets: readonly Resource[]): Promise<ReleaseSecret> {
  if (typeof secret.progress?.created === "string") return secret;
  const found = await inParallel(targets, run.deps.settings.parallel, ({ ref }) => run.cluster.get(ref));
  const missing = targets.flatMap((_, index) => (found[index]?.kind === "absent" ? [index] : []));
  return keep(run, withProgress(secret, { created: missing.join(",") }));
}

export const firstStep = ({ before }: Pick<Performance, "before">): string => `${before} hooks`;

/** The objects of the revision, with what tells whose they are. */
async function targetsOf(run: Run, { release }: ReleaseSecret): ReturnType<typeof resourcesOf> {
  const found = await resourcesOf(run, release.manifest, release.namespace);
  if (!found.ok) return { ok: false, problem: `unable to build kubernetes objects from new release manifest: ${found.problem}` };
  return { ok: true, value: found.value.map((resource) => ownedResource(resource, release)) };
}

function pendingOf({ progress }: ReleaseSecret): ReadonlySet<number> | undefined {
  return typeof progress?.pending === "string" ? indexesOf(progress.pending) : undefined;
}

const indexesOf = (text: string): ReadonlySet<number> =>
  new Set(
    text
      .split(",")
      .filter((part) => part !== "")
      .map(Number),
  );

/** What the failed action created, deleted again. Answers what is to be added to the failure where that did not go. Source: Helm 4, `cleanupOnFail`. */
export async function cleanUp(run: Run, secret: ReleaseSecret): Promise<string | undefined> {
  const created = secret.progress?.created;
  if (typeof created !== "string") return undefined;
  const targets = await targetsOf(run, secret);
  if (!targets.ok) return undefined;
  const indexes = indexesOf(created);
  run.journal.log("cleanup on fail set", { cleaning_resources: indexes.size });
  const { problems } = await deleteObjects(
    run,
    targets.value.filter((_, index) => indexes.has(index)),
    "Background",
  );
  return problems.length === 0 ? undefined : `unable to cleanup resources: ${problems.join(", ")}`;
}
