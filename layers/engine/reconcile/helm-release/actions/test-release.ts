import type { HelmHook, HelmStoredRelease } from "../../../domain/helm-release.ts";
import type { ReleaseSecret } from "../../../release/secret.ts";
import type { ActionEnd, ReleaseAction } from "../action.ts";
import type { ReleaseSettings } from "../release-settings.ts";
import { hookWriter } from "./apply-method.ts";
import { runHooks } from "./hooks.ts";
import { atRest, beginProgress, failedWith, inProgress, keep, lookAgainIn, type Run, succeeded, withRelease } from "./run.ts";
import { runStages } from "./stages.ts";

const STEP = "test hooks";

/** Runs the tests of a release; those that a filter leaves out stand first in the stored release then. Source: Helm 4, pkg/action/release_testing.go. */
export async function testRelease(
  run: Run,
  { release }: Extract<ReleaseAction, { readonly kind: "uninstall" | "uninstall-remediation" | "test" }>,
): Promise<ActionEnd> {
  const found = await run.storage.read(release.version);
  if (found.kind === "failed") return failedWith(run, found.message);
  if (found.kind === "absent") return failedWith(run, "release: not found");
  const { secret } = found;
  if (!(secret.release.hooks ?? []).some(({ events }) => events.includes("test"))) {
    run.journal.wrote(secret.release);
    return succeeded(run);
  }
  return performTest(run, { ...withRelease(secret, inTestOrder(secret.release, run.settings.test)), progress: beginProgress(run, "test", STEP) });
}

/** From wherever the stored revision is. */
export async function performTest(run: Run, from: ReleaseSecret): Promise<ActionEnd> {
  const { test } = run.settings;
  const plan = {
    event: "test",
    timeout: test.timeout,
    waitsForDeletion: true,
    writer: hookWriter(run, from.release.apply_method === "ssa"),
    included: (hook: HelmHook) => isIncluded(hook, test),
  } as const;
  const end = await runStages(run, [{ name: STEP, run: (secret) => runHooks(run, secret, plan) }], from);
  if (end.kind === "waiting") return inProgress(run, lookAgainIn(run, end.secret));
  await keep(run, atRest(end.secret));
  return end.kind === "failed" ? failedWith(run, end.message) : succeeded(run);
}

function isIncluded({ name }: HelmHook, { filters }: ReleaseSettings["test"]): boolean {
  if (filters.some((filter) => filter.exclude && filter.name === name)) return false;
  const wanted = filters.filter(({ exclude }) => !exclude);
  return wanted.length === 0 || wanted.some((filter) => filter.name === name);
}

/** All hooks count, also those of other events: they are not run in any case. */
function inTestOrder(release: HelmStoredRelease, test: ReleaseSettings["test"]): HelmStoredRelease {
  if (test.filters.length === 0) return release;
  const hooks = release.hooks ?? [];
  const skipped = hooks.filter((hook) => !isIncluded(hook, test));
  return { ...release, hooks: [...skipped, ...hooks.filter((hook) => !skipped.includes(hook))] };
}
