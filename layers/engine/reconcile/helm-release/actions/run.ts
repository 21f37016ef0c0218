import type { HelmRenderAnswer, HelmRenderInput } from "../../../build/helm/render.ts";
import type { ParsedTexts } from "../../../build/helm/template/parsed-texts.ts";
import type { HelmReleaseStatus, HelmStoredRelease } from "../../../domain/helm-release.ts";
import { ok, type Result } from "../../../domain/result.ts";
import { elapsed, formatInstant, type Milliseconds, ms, parseTime } from "../../../domain/time.ts";
import type { Cluster } from "../../../ports/cluster.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd, ReleaseProgress } from "../action.ts";
import type { HelmReleaseDeps } from "../deps.ts";
import type { ReleaseSettings } from "../release-settings.ts";
import { createReleaseStorage, type ReleaseStorage } from "../storage.ts";
import { createJournal, type Journal } from "./journal.ts";
import { type Resource, readResources } from "./resources.ts";

/** What actions need of the world. */
export type ActionDeps = Pick<HelmReleaseDeps, "kinds" | "clock" | "randomBytes" | "helm"> & {
  readonly settings: Pick<HelmReleaseDeps["settings"], "parallel">;
};

/** One call of an action. */
export type Run = {
  readonly deps: ActionDeps;
  readonly settings: ReleaseSettings;
  readonly render: (input: HelmRenderInput, parsed?: ParsedTexts) => HelmRenderAnswer;
  /** As the identity that counts for the release. */
  readonly cluster: Cluster;
  readonly storage: ReleaseStorage;
  readonly journal: Journal;
  /** The revision that is worked on was not begun by this call: whatever was under way when the one before ended may have been done. */
  readonly resumed: boolean;
  /** Manifests that this call has read already, by their text. */
  readonly read: Map<string, readonly Resource[]>;
  /** Values of Secrets that the chart has looked up: nothing that is told may have them. */
  readonly lookedUp: Set<string>;
  /** The revision that is worked on, as it was stored last. */
  stored: ReleaseSecret | undefined;
};

export function createRun(deps: ActionDeps, settings: ReleaseSettings, render: Run["render"], resumed: boolean): Run {
  const storage = createReleaseStorage(settings.cluster, settings, deps.clock);
  const journal = createJournal(deps.clock);
  return { deps, settings, render, cluster: settings.cluster, storage, journal, resumed, read: new Map(), lookedUp: new Set(), stored: undefined };
}

/** How a part of an action ends. `secret` is the revision as it is by then, stored or not. */
export type PartEnd =
  | { readonly kind: "done"; readonly secret: ReleaseSecret }
  /** It goes on in a later call, from what is stored. */
  | { readonly kind: "waiting"; readonly secret: ReleaseSecret }
  | { readonly kind: "failed"; readonly secret: ReleaseSecret; readonly message: string };

/** Storage did not take a revision: nothing may be done that it does not tell of. */
export class StorageProblem extends Error {
  override readonly name = "StorageProblem";
}

/** Writes the revision as it is now. */
export async function keep(run: Run, secret: ReleaseSecret): Promise<ReleaseSecret> {
  const answer = await run.storage.update(secret);
  if (answer.kind !== "stored") throw new StorageProblem(answer.message);
  run.journal.wrote(secret.release);
  run.stored = answer.secret;
  return answer.secret;
}

/** Another revision than the one that is worked on. */
export async function keepOther(run: Run, secret: ReleaseSecret): Promise<void> {
  const answer = await run.storage.update(secret);
  if (answer.kind !== "stored") throw new StorageProblem(answer.message);
  run.journal.wrote(secret.release);
}

/** A new revision. `exists`: somebody else has made it meanwhile. */
export async function keepNew(run: Run, secret: ReleaseSecret): Promise<ReleaseSecret> {
  const answer = await run.storage.create(secret);
  if (answer.kind !== "stored") throw new StorageProblem(answer.message);
  run.journal.wrote(secret.release);
  run.stored = answer.secret;
  return answer.secret;
}

/** Writes the revision unless it is stored like that already. */
export async function keepIfChanged(run: Run, secret: ReleaseSecret): Promise<ReleaseSecret> {
  const { stored } = run;
  const same = stored !== undefined && stored.release === secret.release && JSON.stringify(stored.progress) === JSON.stringify(secret.progress);
  return same ? secret : keep(run, secret);
}

export const nowText = ({ deps }: Run): string => formatInstant(deps.clock.now());

export const withStatus = (release: HelmStoredRelease, status: HelmReleaseStatus, description: string): HelmStoredRelease => ({
  ...release,
  info: { ...release.info, status, description },
});

export const withRelease = (secret: ReleaseSecret, release: HelmStoredRelease): ReleaseSecret => ({ ...secret, release });

/** The revision at rest: helm and we may go on from it. */
export function atRest({ progress: _progress, ...secret }: ReleaseSecret): ReleaseSecret {
  return secret;
}

/** The objects of a release's manifest; they are the same however often a call comes back to them. */
export async function resourcesOf(run: Run, manifest: string, namespace: string): Promise<Result<readonly Resource[]>> {
  const known = run.read.get(manifest);
  if (known !== undefined) return ok(known);
  const found = await readResources(run.deps.kinds, manifest, namespace);
  if (found.ok) run.read.set(manifest, found.value);
  return found;
}

type More = { readonly [key: string]: string | number | boolean };

/** Where the action is now: a step of its table begins. What was remembered within the one before goes. */
export function inStep(run: Run, secret: ReleaseSecret, step: string): ReleaseSecret {
  const { progress } = secret;
  if (progress === undefined) throw new Error("a release at rest has no step");
  const { hook: _hook, part: _part, pending: _pending, failure: _failure, ...kept } = progress;
  return { ...secret, progress: { ...kept, step, since: nowText(run) } };
}

/** A part of the step begins, and what is waited for in it. */
export function inPart(run: Run, secret: ReleaseSecret, more: More): ReleaseSecret {
  return withProgress(secret, { ...more, since: nowText(run) });
}

/** What a later call must know. */
export function withProgress(secret: ReleaseSecret, more: More): ReleaseSecret {
  const { progress } = secret;
  if (progress === undefined) throw new Error("a release at rest has no progress");
  return { ...secret, progress: { ...progress, ...more } };
}

export const beginProgress = (run: Run, action: ReleaseProgress["action"], step: string): ReleaseProgress => {
  const now = nowText(run);
  return { action, step, since: now, began: now };
};

/** What is left of `timeout` since the present wait began; nothing or less: it is over. */
export function isOver({ deps }: Run, { progress }: ReleaseSecret, timeout: Milliseconds): boolean {
  const now = deps.clock.now();
  return elapsed(parseTime(progress?.since) ?? now, now) >= timeout;
}

/** Looks come the rarer the longer has been waited: 250 ms at first, 10 s at last. */
export function lookAgainIn({ deps }: Run, { progress }: ReleaseSecret): Milliseconds {
  const now = deps.clock.now();
  return retryAfter(elapsed(parseTime(progress?.since) ?? now, now));
}

export const retryAfter = (waited: Milliseconds): Milliseconds => ms(Math.min(Math.max(250, waited / 4), 10_000));

export const succeeded = ({ journal }: Run): ActionEnd => ({ kind: "succeeded", releases: journal.releases(), logs: journal.logs() });
export const failedWith = ({ journal }: Run, message: string, logs: readonly string[] = journal.logs()): ActionEnd => ({
  kind: "failed",
  message,
  releases: journal.releases(),
  logs,
});
export const inProgress = ({ journal }: Run, retryIn: Milliseconds): ActionEnd => ({ kind: "in-progress", releases: journal.releases(), retryIn });
