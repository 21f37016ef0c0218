import { Command } from "commander";
import type { Difference } from "../build/diff-object.ts";
import { type BuildFlags, withBuildFlags } from "../build/flags.ts";
import type { Cli, Settings } from "../cli.ts";
import { Ended, Failure } from "../failure.ts";
import { flagsOf } from "../flags.ts";
import { checkReleaseFlags, type ReleaseFlags, withReleaseFlags } from "../helm/release-flags.ts";

type Flags = BuildFlags & { readonly progressBar?: string | boolean; readonly ignoreNotFound?: boolean };

/** Exit codes: nothing differs, something does, it could not be found out. Source: reference 6.10. */
const DIFFERENT = 1;
const FAILED = 2;

export function diffCommand(cli: Cli): Command {
  const diff = new Command("diff").summary("Show what would change in the cluster");
  diff.addCommand(
    withBuildFlags(new Command("kustomization").aliases(["ks", "kustomizations"]).summary("Compare a local folder with the cluster; exit code 0, 1 or 2"))
      .option("--progress-bar [boolean]", "accepted for scripts: there is none")
      .option("--ignore-not-found", "the Kustomization of the file may be missing in the cluster")
      .action(async (names: string[], _: unknown, self: Command) => diffKustomizationNamed(cli, names[0], flagsOf<Flags>(self))),
  );
  return diff.addCommand(
    withReleaseFlags(
      new Command("helmrelease").aliases(["hr", "helmreleases"]).summary("Compare what a HelmRelease would install with the cluster; exit code 0, 1 or 2"),
    ).action(async (names: string[], _: unknown, self: Command) => diffReleaseNamed(cli, names[0], flagsOf<ReleaseFlags>(self))),
  );
}

async function diffKustomizationNamed(cli: Cli, name: string | undefined, flags: Flags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("kustomization name is required");
  const { checkedPath } = await import("../build/flags.ts");
  const path = await checkedPath(flags, cli.workingFolder, FAILED);
  await show(cli, () => differencesOfKustomization(cli, settings, name, path, flags));
}

async function diffReleaseNamed(cli: Cli, name: string | undefined, flags: ReleaseFlags): Promise<void> {
  const settings = await cli.settings(flags);
  if (name === undefined) throw new Failure("helmrelease name is required");
  await checkReleaseFlags(flags, cli.workingFolder);
  await show(cli, async () => {
    const { renderNext } = await import("../helm/render-release.ts");
    const { diffRelease } = await import("../helm/diff-release.ts");
    const session = await cli.connect(settings);
    return diffRelease(session, await renderNext(cli, session, settings, name, flags));
  });
}

/** Prints what differs, and ends as `diff` does. */
async function show(cli: Cli, find: () => Promise<Difference>): Promise<void> {
  const result = await find().catch(fails);
  cli.out(result.text);
  for (const remark of result.remarks) cli.say.warning(remark);
  if (result.problems.length > 0) throw new Failure(result.problems.length === 1 ? (result.problems[0] ?? "") : `[${result.problems.join(", ")}]`, FAILED);
  if (!result.changed) return;
  cli.say.warning("identified at least one change, exiting with non-zero exit code");
  throw new Ended(DIFFERENT);
}

function fails(error: unknown): never {
  throw new Failure(error instanceof Error ? error.message : String(error), FAILED, error instanceof Failure ? error.place : undefined);
}

async function differencesOfKustomization(cli: Cli, settings: Settings, name: string, path: string, flags: Flags): Promise<Difference> {
  if (flags.ignoreNotFound === true && flags.kustomizationFile === undefined)
    throw new Failure("kustomization file is required when assuming new kustomizations");
  const { findKustomization } = await import("../build/find-kustomization.ts");
  const { createLocalBuilder } = await import("../build/local-builder.ts");
  const { diffKustomization } = await import("../build/diff-kustomization.ts");
  const session = await cli.connect(settings);
  const file = flags.kustomizationFile === undefined ? {} : { file: flags.kustomizationFile };
  const found = {
    name,
    namespace: settings.namespace,
    cluster: session.cluster,
    mayBeNew: flags.ignoreNotFound === true,
    workingFolder: cli.workingFolder,
    ...file,
  };
  const kustomization = await findKustomization(found);
  const builder = createLocalBuilder({ cluster: session.cluster, workingFolder: cli.workingFolder, flags });
  return diffKustomization({ session, builder, recursive: flags.recursive === true }, kustomization, path);
}
